import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import pg from "pg";
import { afterEach, expect, test } from "vitest";
import { readBackup } from "../src/backup.ts";
import { CutRun } from "./cut-run.ts";
import { contentOf, type Dialect, DOCUMENT, hasPostgres, openPlace, type Place, TEXT } from "./databases.ts";

const postgres = await hasPostgres();
let at: Place;
afterEach(() => at.close());

const dialects: readonly (readonly [Dialect])[] = postgres ? [["sqlite"], ["postgres"]] : [["sqlite"]];

test.each(dialects)("on %s a backup is encrypted, and gives back every row as it was", async (dialect) => {
  at = await openPlace(dialect);
  await CutRun.ofDocument(at.operations, DOCUMENT, readFileSync(at.path), at.dialect).through();
  const before = await contentOf(at);
  const second = at.write(TEXT.replace("version: 2", "version: 3"));
  const later = await CutRun.ofDocument(
    at.operations,
    DOCUMENT,
    second,
    at.dialect,
    "run_00000000000000000002",
  ).through();

  const folder = join(at.folder, "store", "backups");
  const { name, sizeBytes } = later.output("pre-write-backup")["backup"] as { name: string; sizeBytes: number };
  const sealed = readFileSync(join(folder, name));
  const key = readFileSync(join(at.folder, "store", "keys", "backup.key"));
  const dump = join(at.folder, "restored");
  writeFileSync(dump, readBackup(sealed, key));

  expect(sealed.length).toBe(sizeBytes);
  expect(sealed.includes("Every book has")).toBe(false);
  expect(readdirSync(folder)).toHaveLength(2);
  expect(statSync(join(folder, name)).mode & 0o777).toBe(0o600);
  expect(await contentOf(dialect === "sqlite" ? restoredSqlite(dump) : await restoredPostgres(dump))).toEqual(before);
});

test("a backup with any byte changed, of another key, or that is none, is not read", async () => {
  at = await openPlace("sqlite");
  const run = await CutRun.ofDocument(at.operations, DOCUMENT, readFileSync(at.path), at.dialect).through(
    "pre-write-backup",
  );
  const { name } = run.output("pre-write-backup")["backup"] as { name: string };
  const sealed = readFileSync(join(at.folder, "store", "backups", name));
  const key = readFileSync(join(at.folder, "store", "keys", "backup.key"));
  const codeOf = (bytes: Uint8Array, secret: Uint8Array) => {
    try {
      readBackup(bytes, secret);
      return "none";
    } catch (error) {
      return (error as { details: { reason: string } }).details.reason;
    }
  };

  expect(codeOf(sealed, key)).toBe("none");
  expect(codeOf(sealed, Buffer.alloc(32))).toBe("key");
  expect(codeOf(Buffer.from("SQLite format 3"), key)).toBe("format");
  for (const place of [26, 40, 60, sealed.length - 1]) {
    const changed = Buffer.from(sealed);
    changed[place] = (changed[place] as number) ^ 1;
    expect(codeOf(changed, key)).toBe("key");
  }
});

function restoredSqlite(dump: string): Place {
  return {
    ...at,
    sql: async (text) => {
      const database = new DatabaseSync(dump, { readOnly: true });
      try {
        return database.prepare(text).all() as Record<string, unknown>[];
      } finally {
        database.close();
      }
    },
  };
}

/** Into the same server: the schema is dropped and comes back from the dump alone. */
async function restoredPostgres(dump: string): Promise<Place> {
  await at.sql("DROP SCHEMA cutter CASCADE");
  execFileSync("pg_restore", ["--exit-on-error", "--no-password", "--dbname", at.url(""), dump]);
  const client = new pg.Client({ connectionString: at.url("") });
  await client.connect();
  const tables = await client.query(
    "SELECT 1 FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid WHERE tgname = 'units_keep'",
  );
  expect(tables.rows).toHaveLength(1);
  await client.end();
  return at;
}
