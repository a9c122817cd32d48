/**
 * Places for live cuts: a folder with a document, keys and backups, and a database of its own in SQLite or PostgreSQL.
 *
 * @module
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import type { JsonObject, Operation } from "@canonic/contracts";
import pg from "pg";
import { preparePostgres } from "../src/database/postgres.ts";
import { connect } from "../src/live-operations.ts";

export const POSTGRES_URL = process.env["CANONIC_POSTGRES_URL"] ?? "postgres://root@127.0.0.1:5432/test";
export const DOCUMENT = "statute.md";

export const TEXT = `---
version: 2
---

Whereas there was none.

# Statute of the Library

## Chapter I — Books

### Article 1

Every book has *one* place.

- shelves
- boxes

> A borrowed book is of the reader, for a time.

### Article 2

| what | days |
| --- | --- |
| book | 30 |

## Annex A

\`\`\`
keep quiet
\`\`\`
`;

export type Dialect = "sqlite" | "postgres";

export type Place = {
  readonly dialect: Dialect;
  readonly folder: string;
  readonly path: string;
  readonly resources: JsonObject;
  readonly operations: readonly Operation[];
  readonly write: (text: string) => Buffer;
  /** Runs SQL as the owner of the database. */
  readonly sql: (text: string, values?: readonly unknown[]) => Promise<readonly Record<string, unknown>[]>;
  /** Runs statements in one go, as the owner, while no trigger fires. */
  readonly force: (...statements: readonly (readonly [text: string, values?: readonly unknown[]])[]) => Promise<void>;
  readonly url: (user: string) => string;
  readonly close: () => Promise<void>;
};

/** Whether a PostgreSQL server answers. */
export async function hasPostgres(): Promise<boolean> {
  const client = new pg.Client({ connectionString: POSTGRES_URL, connectionTimeoutMillis: 3000 });
  client.on("error", () => undefined);
  return client.connect().then(
    () => client.end().then(() => true),
    () => false,
  );
}

/** A fresh place; `close` takes it away again. */
export async function openPlace(dialect: Dialect): Promise<Place> {
  const folder = mkdtempSync(join(tmpdir(), "cutter-test-"));
  mkdirSync(join(folder, "store"));
  const path = join(folder, DOCUMENT);
  const write = (text: string): Buffer => {
    const bytes = Buffer.from(text);
    writeFileSync(path, bytes);
    return bytes;
  };
  write(TEXT);
  const made = dialect === "sqlite" ? openSqlitePlace(folder) : await openPostgresPlace();
  const resources: JsonObject = {
    documents: { [DOCUMENT]: path },
    database: made.database,
    keysFolder: join(folder, "store", "keys"),
    backupsFolder: join(folder, "store", "backups"),
  };
  return {
    dialect,
    folder,
    path,
    resources,
    operations: connect(resources),
    write,
    sql: made.sql,
    force: made.force,
    url: made.url,
    close: async () => {
      await made.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

type Made = Pick<Place, "close" | "force" | "sql" | "url"> & { readonly database: JsonObject };

function openSqlitePlace(folder: string): Made {
  const path = join(folder, "store", "units.sqlite");
  return {
    database: { kind: "sqlite", path },
    url: () => path,
    sql: async (text, values = []) => {
      const database = new DatabaseSync(path, { timeout: 5000 });
      try {
        return database.prepare(text).all(...(values as string[])) as Record<string, unknown>[];
      } finally {
        database.close();
      }
    },
    force: async (...statements) => {
      const database = new DatabaseSync(path, { timeout: 5000 });
      database.exec("PRAGMA foreign_keys = OFF; PRAGMA synchronous = OFF; BEGIN");
      const triggers = database.prepare("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'").all();
      for (const { name } of triggers) database.exec(`DROP TRIGGER ${String(name)}`);
      for (const [text, values = []] of statements) {
        database.prepare(text.replaceAll(/\$(\d+)/g, "?$1")).run(...(values as string[]));
      }
      for (const { sql } of triggers) database.exec(String(sql));
      database.exec("COMMIT");
      database.close();
    },
    close: async () => undefined,
  };
}

let count = 0;

async function openPostgresPlace(): Promise<Made> {
  const name = `cutter_test_${process.pid}_${count++}`;
  const admin = new pg.Client({ connectionString: POSTGRES_URL });
  await admin.connect();
  await admin.query(`CREATE DATABASE ${name}`);
  const url = (user: string): string => {
    const own = new URL(POSTGRES_URL);
    own.pathname = `/${name}`;
    if (user !== "") own.username = user;
    return own.href;
  };
  await preparePostgres(url(""));
  const owner = new pg.Client({ connectionString: url(""), options: "-c search_path=cutter,pg_catalog" });
  await owner.connect();
  return {
    database: {
      kind: "postgres",
      executorUrl: url("cutter_exec"),
      verifierUrl: url("cutter_verify"),
      searchPath: process.env["PATH"] ?? "",
    },
    url,
    sql: async (text, values = []) => (await owner.query(text, [...values])).rows as Record<string, unknown>[],
    force: async (...statements) => {
      await owner.query("BEGIN; SET LOCAL session_replication_role = replica");
      for (const [text, values = []] of statements) await owner.query(text, [...values]);
      await owner.query("COMMIT");
    },
    close: async () => {
      await owner.end();
      await admin.query(`DROP DATABASE ${name} WITH (FORCE)`);
      await admin.end();
    },
  };
}

/** All rows of the tables that hold content, in one order. */
export async function contentOf({ sql }: Place): Promise<unknown> {
  return {
    sources: (await sql("SELECT * FROM sources ORDER BY document, version")).map((row) => ({ ...row })),
    units: (await sql("SELECT * FROM units ORDER BY document, version, position")).map((row) => ({ ...row })),
  };
}
