/** The storage port of `@canonic/audit`, proven on every store that there is. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createMemoryStorage, type LogReader, type LogStorage } from "@canonic/audit";
import { testLogStorage } from "@canonic/audit/conformance";
import {
  type openPostgresReader,
  openPostgresStore,
  type PostgresReader,
  type PostgresStore,
} from "@canonic/store-postgres";
import { openSqliteReader, openSqliteStore, type SqliteReader, type SqliteStore } from "@canonic/store-sqlite";
import { afterAll, describe, expect, expectTypeOf, test } from "vitest";
import { dropSchemas, freshSchema, postgresUrl } from "./postgres.ts";

const scratch = mkdtempSync(join(tmpdir(), "canonic-conformance-"));
afterAll(async () => {
  rmSync(scratch, { recursive: true, force: true });
  await dropSchemas();
});

const stores = {
  memory: () => {
    const storage = createMemoryStorage();
    return { open: () => storage };
  },
  sqlite: () => {
    const directory = mkdtempSync(join(scratch, "log-"));
    return { open: () => openSqliteStore({ directory }) };
  },
  "postgres, its checkpoint in a table": () => {
    const options = { connectionString: postgresUrl ?? "", schema: freshSchema() };
    return { open: () => openPostgresStore(options) };
  },
  "postgres, its checkpoint in a file": () => {
    const checkpointDirectory = mkdtempSync(join(scratch, "checkpoint-"));
    const options = { connectionString: postgresUrl ?? "", schema: freshSchema(), checkpointDirectory };
    return { open: () => openPostgresStore(options) };
  },
};
const isAbsent = (name: string) => name.startsWith("postgres") && postgresUrl === undefined;

for (const [name, make] of Object.entries(stores))
  describe.skipIf(isAbsent(name))(`log storage ${name}`, () => {
    const cases = testLogStorage(make);

    test("has cases to pass", () => {
      expect(cases.length).toBeGreaterThan(10);
    });
    for (const { title, run } of cases) test.skipIf(isAbsent(name))(title, run);
  });

test("the SQLite store satisfies the port without knowing it", () => {
  expectTypeOf<SqliteStore>().toExtend<LogStorage>();
  expectTypeOf<SqliteReader>().toExtend<LogReader>();
  expectTypeOf(openSqliteStore).returns.toExtend<LogStorage>();
  expectTypeOf(openSqliteReader).returns.toExtend<LogReader>();
});

test("the PostgreSQL store satisfies the port without knowing it", () => {
  expectTypeOf<PostgresStore>().toExtend<LogStorage>();
  expectTypeOf<PostgresReader>().toExtend<LogReader>();
  expectTypeOf<Awaited<ReturnType<typeof openPostgresStore>>>().toExtend<LogStorage>();
  expectTypeOf<Awaited<ReturnType<typeof openPostgresReader>>>().toExtend<LogReader>();
});
