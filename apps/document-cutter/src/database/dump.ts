/**
 * Dumps: all of a units database as bytes, made by the database's own means.
 *
 * @see PostgreSQL 15, pg_dump; SQLite, VACUUM INTO.
 * @module
 */
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { CutterStop } from "../stop.ts";
import { SCHEMA } from "./postgres-schema.ts";

const DUMP_TIMEOUT_MS = 540_000;
const DUMP_BYTES_MAX = 1024 * 1024 * 1024;

/** A copy as of one moment, compacted; `folder` takes the copy until it is read. */
export function dumpSqlite(path: string, folder: string): Uint8Array {
  const place = mkdtempSync(join(folder, "dump-"));
  try {
    const copy = join(place, "units.sqlite");
    const database = new DatabaseSync(path, { readOnly: true, timeout: 15_000 });
    try {
      database.prepare("VACUUM INTO ?").run(copy);
    } finally {
      database.close();
    }
    return readFileSync(copy);
  } catch {
    throw new CutterStop("cutter.backup-failed", ["the copy"]);
  } finally {
    rmSync(place, { recursive: true, force: true });
  }
}

/**
 * What `pg_dump --format=custom` says of the cutter's schema. The password goes by the environment of the tool, which
 * no list of processes shows; nothing else of ours is in that environment.
 *
 * @param searchPath - Where `pg_dump` is looked for.
 */
export function dumpPostgres(url: string, searchPath: string): Promise<Uint8Array> {
  const { address, password } = withoutPassword(url);
  const child = spawn("pg_dump", ["--format=custom", `--schema=${SCHEMA}`, "--no-password", "--dbname", address], {
    env: { PATH: searchPath, LC_ALL: "C", ...(password === "" ? {} : { PGPASSWORD: password }) },
    stdio: ["ignore", "pipe", "ignore"],
    timeout: DUMP_TIMEOUT_MS,
  });
  return new Promise((resolve, reject) => {
    const failed = (why: string) => reject(new CutterStop("cutter.backup-failed", [why]));
    const parts: Buffer[] = [];
    let sizeBytes = 0;
    child.stdout.on("data", (part: Buffer) => {
      sizeBytes += part.length;
      if (sizeBytes > DUMP_BYTES_MAX) child.kill();
      else parts.push(part);
    });
    child.on("error", () => failed("pg_dump cannot be run"));
    child.on("close", (code) => {
      if (code === 0 && sizeBytes > 0 && sizeBytes <= DUMP_BYTES_MAX) resolve(Buffer.concat(parts));
      else failed("pg_dump gave no dump");
    });
  });
}

function withoutPassword(url: string): { readonly address: string; readonly password: string } {
  const parsed = new URL(url);
  const password = decodeURIComponent(parsed.password);
  parsed.password = "";
  return { address: parsed.href, password };
}
