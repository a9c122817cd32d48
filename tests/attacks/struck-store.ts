/**
 * A live store to be attacked: three sealed runs, a revoked token, and copies of the store from before each of these.
 *
 * @module
 */
import { copyFileSync, cpSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { digestToBytes } from "@canonic/contracts";
import { openSqliteReader } from "@canonic/store-sqlite";
import { domainsConfig, THREE_DOMAINS } from "../authority/plans.ts";
import { canonicJson, temporaryFolder } from "../main-job/command-line.ts";

/** More than 256 leaves, so that the tree has stored nodes. */
const MANY = `tasks:\n${Array.from({ length: 60 }, (_, at) => `  - operation: rows.count\n    parameters: { digest: d${at} }\n`).join("")}`;

export type History = {
  /** Working folders, each with its `.canonic`, `plan.json` and `token.txt`. */
  readonly first: string;
  readonly revoked: string;
  readonly now: string;
  /** A store of another log. */
  readonly foreign: string;
  /** The sealed runs: one of many tasks, and two of the same three. */
  readonly runs: readonly string[];
};

export const STORE = ".canonic";

/** Makes the store by the command line, and keeps how it was: with one run, with a revoked token too, and as it is now. */
export async function makeHistory(): Promise<History> {
  const folder = temporaryFolder();
  const place = (name: string) => join(folder, name);
  const runs: string[] = [];
  const command = async (cwd: string, ...args: string[]) =>
    canonicJson<{ run: string }>(args, { cwd, config: domainsConfig });
  const run = async (cwd: string, plan = "plan.json") => (await command(cwd, "run", plan)).run;

  mkdirSync(place("first"));
  writeFileSync(join(place("first"), "plan.yaml"), THREE_DOMAINS);
  await command(place("first"), "plan", "plan.yaml", "--out", "plan.json");
  writeFileSync(join(place("first"), "many.yaml"), MANY);
  await command(place("first"), "plan", "many.yaml", "--out", "many.json");
  cpSync(place("first"), place("foreign"), { recursive: true });
  runs.push(await run(place("first"), "many.json"));
  runs.push(await run(place("first")));
  await command(place("first"), "token", "issue", "--plan", "plan.json", "--out", "token.txt");
  cpSync(place("first"), place("revoked"), { recursive: true });
  await command(place("revoked"), "token", "revoke", "token.txt", "--reason", "stolen");
  cpSync(place("revoked"), place("now"), { recursive: true });
  runs.push(await run(place("now")));
  await run(place("foreign"));
  return { first: place("first"), revoked: place("revoked"), now: place("now"), foreign: place("foreign"), runs };
}

/** A copy of the store as it is now, in a working folder of its own. */
export function copyOf({ now }: History): Struck {
  const cwd = join(temporaryFolder(), "work");
  cpSync(now, cwd, { recursive: true });
  return new Struck(cwd);
}

/** What an attacker with the right to write the store's files can do to it. */
export class Struck {
  readonly cwd: string;
  constructor(cwd: string) {
    this.cwd = cwd;
  }

  path(name: string): string {
    return join(this.cwd, STORE, name);
  }

  read(name: string): Buffer {
    return readFileSync(this.path(name));
  }

  write(name: string, bytes: Uint8Array | string): void {
    writeFileSync(this.path(name), bytes);
  }

  /** Puts files of another store, or of this one as it was, in the place of its own. */
  take(from: string, ...names: readonly string[]): void {
    for (const name of names) copyFileSync(join(from, STORE, name), this.path(name));
  }

  /** Changes a database; what it changed comes back, so that an attack that hits nothing is seen. */
  sql(file: "log.sqlite" | "authority.sqlite", statement: string, ...values: (string | number | Uint8Array)[]): void {
    const database = new DatabaseSync(this.path(file));
    try {
      const { changes } = database.prepare(statement).run(...values);
      if (Number(changes) === 0) throw new Error(`the attack changed nothing: ${statement}`);
    } finally {
      database.close();
    }
  }

  /** Runs statements that change no rows: pragmas and tables. */
  pragma(file: "log.sqlite" | "authority.sqlite", statement: string): void {
    const database = new DatabaseSync(this.path(file));
    try {
      database.exec(statement);
    } finally {
      database.close();
    }
  }

  rows(file: "log.sqlite" | "authority.sqlite", query: string): Record<string, unknown>[] {
    const database = new DatabaseSync(this.path(file), { readOnly: true });
    try {
      return database.prepare(query).all();
    } finally {
      database.close();
    }
  }

  /** The groups of leaves that the checkpoint covers, as they lie, first to last. */
  segments(): { readonly first: number; readonly count: number; readonly frames: Buffer }[] {
    const signed = Number(this.read("checkpoint").toString().split("\n")[1]);
    const segments = this.rows("log.sqlite", "SELECT first, count, frames FROM segments ORDER BY first").map((row) => ({
      first: Number(row["first"]),
      count: Number(row["count"]),
      frames: Buffer.from(row["frames"] as Uint8Array),
    }));
    return segments.filter(({ first, count }) => first + count <= signed);
  }

  /** The digest of an output of a run, as the database keeps it. */
  outputOf(run: string): Uint8Array {
    const reader = openSqliteReader({ directory: this.path(".") });
    try {
      const events = reader.readRun(run, 0, 1000).map(({ bytes }) => JSON.parse(Buffer.from(bytes).toString()));
      const { data } = events.find(({ type }) => type === "EXECUTION_COMPLETED");
      return digestToBytes(data.output);
    } finally {
      reader.close();
    }
  }

  /** The log's database as its files are while a writer is at work: everything in the write-ahead log, nothing in the file. */
  writeAhead(base: string): Buffer {
    const database = new DatabaseSync(this.path("log.sqlite"));
    database.exec("PRAGMA wal_autocheckpoint = 0; VACUUM");
    const pages = this.read("log.sqlite-wal");
    database.close();
    this.take(base, "log.sqlite");
    return pages;
  }

  putSegment(first: number, frames: Uint8Array): void {
    this.sql("log.sqlite", "UPDATE segments SET frames = ? WHERE first = ?", frames, first);
  }
}
