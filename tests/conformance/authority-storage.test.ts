/** The storage port of `@canonic/authority`, proven on every store that there is. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type AuthorityStorage, createMemoryAuthorityStorage } from "@canonic/authority";
import { testAuthorityStorage } from "@canonic/authority/conformance";
import { openPostgresAuthority, type PostgresAuthority } from "@canonic/store-postgres";
import { openSqliteAuthority, type SqliteAuthority } from "@canonic/store-sqlite";
import { afterAll, describe, expect, expectTypeOf, test } from "vitest";
import { dropSchemas, freshSchema, postgresUrl } from "./postgres.ts";

const scratch = mkdtempSync(join(tmpdir(), "canonic-conformance-"));
afterAll(async () => {
  rmSync(scratch, { recursive: true, force: true });
  await dropSchemas();
});

const stores = {
  memory: () => {
    const storage = createMemoryAuthorityStorage();
    return { open: () => storage };
  },
  sqlite: () => {
    const directory = mkdtempSync(join(scratch, "authority-"));
    return { open: () => openSqliteAuthority({ directory }) };
  },
  postgres: () => {
    const options = { connectionString: postgresUrl ?? "", schema: freshSchema() };
    return { open: () => openPostgresAuthority(options) };
  },
};
const isAbsent = (name: string) => name === "postgres" && postgresUrl === undefined;

describe.each(Object.entries(stores))("authority storage %s", (name, make) => {
  const cases = testAuthorityStorage(make);

  test("has cases to pass", () => {
    expect(cases.length).toBeGreaterThan(10);
  });
  for (const { title, run } of cases) test.skipIf(isAbsent(name))(title, run);
});

test("the SQLite store satisfies the port without knowing it", () => {
  expectTypeOf<SqliteAuthority>().toExtend<AuthorityStorage>();
  expectTypeOf(openSqliteAuthority).returns.toExtend<AuthorityStorage>();
});

test("the PostgreSQL store satisfies the port without knowing it", () => {
  expectTypeOf<PostgresAuthority>().toExtend<AuthorityStorage>();
  expectTypeOf<Awaited<ReturnType<typeof openPostgresAuthority>>>().toExtend<AuthorityStorage>();
});
