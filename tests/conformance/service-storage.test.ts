/** The storage port of the service registry, proven on every store that there is. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createMemoryServiceStorage, type ServiceReading, type ServiceStorage } from "@canonic/registry";
import { testServiceStorage } from "@canonic/registry/conformance";
import {
  openSqliteServices,
  openSqliteServicesReader,
  type SqliteServices,
  type SqliteServicesReader,
} from "@canonic/store-sqlite";
import { afterAll, describe, expect, expectTypeOf, test } from "vitest";

const scratch = mkdtempSync(join(tmpdir(), "canonic-conformance-"));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

const stores = {
  memory: () => {
    const storage = createMemoryServiceStorage();
    return { open: () => storage };
  },
  sqlite: () => {
    const directory = mkdtempSync(join(scratch, "services-"));
    return { open: () => openSqliteServices({ directory }) };
  },
};

describe.each(Object.entries(stores))("service storage %s", (_, make) => {
  const cases = testServiceStorage(make);

  test("has cases to pass", () => {
    expect(cases.length).toBeGreaterThan(7);
  });
  for (const { title, run } of cases) test(title, run);
});

test("the SQLite store satisfies the port without knowing it", () => {
  expectTypeOf<SqliteServices>().toExtend<ServiceStorage>();
  expectTypeOf(openSqliteServices).returns.toExtend<ServiceStorage>();
  expectTypeOf<SqliteServicesReader>().toExtend<ServiceReading>();
  expectTypeOf(openSqliteServicesReader).returns.toExtend<ServiceReading>();
});
