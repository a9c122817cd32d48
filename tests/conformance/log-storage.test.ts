/** The storage port of `@canonic/audit`, proven on every store that there is. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createMemoryStorage, type LogReader, type LogStorage } from "@canonic/audit";
import { testLogStorage } from "@canonic/audit/conformance";
import { openSqliteReader, openSqliteStore, type SqliteReader, type SqliteStore } from "@canonic/store-sqlite";
import { afterAll, describe, expect, expectTypeOf, test } from "vitest";

const scratch = mkdtempSync(join(tmpdir(), "canonic-conformance-"));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

const stores = {
  memory: () => {
    const storage = createMemoryStorage();
    return { open: () => storage };
  },
  sqlite: () => {
    const directory = mkdtempSync(join(scratch, "log-"));
    return { open: () => openSqliteStore({ directory }) };
  },
};

describe.each(Object.entries(stores))("log storage %s", (_name, make) => {
  const cases = testLogStorage(make);

  test("has cases to pass", () => {
    expect(cases.length).toBeGreaterThan(10);
  });
  for (const { title, run } of cases) test(title, run);
});

test("the SQLite store satisfies the port without knowing it", () => {
  expectTypeOf<SqliteStore>().toExtend<LogStorage>();
  expectTypeOf<SqliteReader>().toExtend<LogReader>();
  expectTypeOf(openSqliteStore).returns.toExtend<LogStorage>();
  expectTypeOf(openSqliteReader).returns.toExtend<LogReader>();
});
