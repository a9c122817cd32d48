/** The storage port of `@canonic/authority`, proven on every store that there is. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type AuthorityStorage, createMemoryAuthorityStorage } from "@canonic/authority";
import { testAuthorityStorage } from "@canonic/authority/conformance";
import { openSqliteAuthority, type SqliteAuthority } from "@canonic/store-sqlite";
import { afterAll, describe, expect, expectTypeOf, test } from "vitest";

const scratch = mkdtempSync(join(tmpdir(), "canonic-conformance-"));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

const stores = {
  memory: () => {
    const storage = createMemoryAuthorityStorage();
    return { open: () => storage };
  },
  sqlite: () => {
    const directory = mkdtempSync(join(scratch, "authority-"));
    return { open: () => openSqliteAuthority({ directory }) };
  },
};

describe.each(Object.entries(stores))("authority storage %s", (_name, make) => {
  const cases = testAuthorityStorage(make);

  test("has cases to pass", () => {
    expect(cases.length).toBeGreaterThan(10);
  });
  for (const { title, run } of cases) test(title, run);
});

test("the SQLite store satisfies the port without knowing it", () => {
  expectTypeOf<SqliteAuthority>().toExtend<AuthorityStorage>();
  expectTypeOf(openSqliteAuthority).returns.toExtend<AuthorityStorage>();
});
