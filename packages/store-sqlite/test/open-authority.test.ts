import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { type Digest, digestBytes } from "@canonic/contracts";
import { afterAll, describe, expect, test } from "vitest";
import {
  AUTHORITY_SCHEMA_VERSION,
  openSqliteAuthority,
  openSqliteAuthorityReader,
  openSqliteStore,
  type SqliteAuthority,
  type StoredToken,
} from "../src/index.ts";

const scratch = mkdtempSync(join(tmpdir(), "canonic-authority-"));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

const fresh = () => mkdtempSync(join(scratch, "store-"));
const coded = (code: string) => expect.objectContaining({ name: "StoreSqliteError", code });
const at = "2026-01-31T12:00:00.000Z";
const digest = digestBytes("a token");
const since = "2026-01-31T11:59:00.000Z";
const revoked = (token: Digest) =>
  ({ type: "TOKEN_REVOKED", subject: token, data: { token, by: "ana", reason: "lost", occurredAt: at } }) as const;
const files = (directory: string, names: readonly string[]) => {
  for (const name of names) rmSync(join(directory, name), { force: true });
};
const database = ["authority.sqlite", "authority.sqlite-wal", "authority.sqlite-shm"];
const using = <T>(directory: string, work: (store: SqliteAuthority) => T): T => {
  const store = openSqliteAuthority({ directory });
  try {
    return work(store);
  } finally {
    store.close();
  }
};

describe("reading an authority store", () => {
  test("sees what others write, and writes nothing", () => {
    const directory = fresh();
    const store = openSqliteAuthority({ directory });
    const reader = openSqliteAuthorityReader({ directory });

    const before = reader.endOf(digest);
    store.revoke(digest, at, revoked(digest));

    expect([before, reader.endOf(digest), reader.mode(), reader.tokens()]).toEqual([null, "revoked", undefined, []]);
    expect(reader.outbox(0, 10)).toEqual([revoked(digest)]);
    for (const each of [store, reader]) each.close();
  });

  test("makes none where none is", () => {
    const directory = fresh();

    expect(() => openSqliteAuthorityReader({ directory })).toThrow(coded("store-sqlite.authority-missing"));
    expect(readdirSync(directory)).toEqual([]);
  });
});

test.skipIf(!existsSync("/proc/self"))(
  "a place that takes no directory is a coded answer, and not a wait for ever",
  () => {
    for (const open of [openSqliteAuthority, openSqliteStore])
      expect(() => open({ directory: "/proc/x/y" })).toThrow(coded("store-sqlite.open-failed"));
  },
);

describe("opening an authority store", () => {
  test("lets any number in, beside the one writer of the log, and all see one truth (H1)", () => {
    const directory = fresh();
    const log = openSqliteStore({ directory });
    const stores = [1, 2, 3].map(() => openSqliteAuthority({ directory }));

    stores[0]?.revoke(digest, at, revoked(digest));

    expect(stores.map((store) => store.endOf(digest))).toEqual(["revoked", "revoked", "revoked"]);
    expect(stores.map((store) => store.outbox(0, 10))).toEqual(Array(3).fill([revoked(digest)]));
    for (const store of [...stores, log]) store.close();
  });

  test.each([
    ["the database is deleted", (directory: string) => files(directory, database)],
    [
      "the database is emptied",
      (directory: string) => {
        files(directory, database.slice(1));
        writeFileSync(join(directory, "authority.sqlite"), "");
      },
    ],
  ])("refuses a folder in which a store was begun and %s (H3)", (_title, lose) => {
    const directory = fresh();
    using(directory, (store) => store.revoke(digest, at, revoked(digest)));

    lose(directory);

    expect(() => openSqliteAuthority({ directory })).toThrow(coded("store-sqlite.authority-missing"));
    expect(() => openSqliteAuthority({ directory })).toThrow(coded("store-sqlite.authority-missing"));
  });

  test("begins again where a crash came before the tables were there", () => {
    const directory = fresh();
    writeFileSync(join(directory, "authority.sqlite"), "");

    expect(using(directory, (store) => store.revoke(digest, at, revoked(digest)))).toBe(true);
  });

  test.each([
    ["a file that is no database", (path: string) => writeFileSync(path, "x".repeat(5000))],
    ["another application's database", (path: string) => new DatabaseSync(path).exec("CREATE TABLE t (x)")],
  ])("refuses %s, and does not touch it (D2)", (_title, make) => {
    const directory = fresh();
    const path = join(directory, "authority.sqlite");
    make(path);
    const before = readFileSync(path);

    expect(() => openSqliteAuthority({ directory })).toThrow(coded("store-sqlite.not-a-store"));
    expect(readFileSync(path).equals(before)).toBe(true);
  });

  test("refuses a newer schema (D2)", () => {
    const directory = fresh();
    using(directory, () => {});
    const newer = new DatabaseSync(join(directory, "authority.sqlite"));
    newer.exec(`PRAGMA user_version = ${AUTHORITY_SCHEMA_VERSION + 1}`);
    newer.close();

    expect(() => openSqliteAuthority({ directory })).toThrow(
      expect.objectContaining({
        code: "store-sqlite.newer-schema",
        details: { found: AUTHORITY_SCHEMA_VERSION + 1, supported: AUTHORITY_SCHEMA_VERSION },
      }),
    );
  });
});

describe("failing", () => {
  test("writes nothing of a change whose event cannot be written (T1)", () => {
    const directory = fresh();
    using(directory, (store) => {
      const broken = { ...revoked(digest), data: { ...revoked(digest).data, reason: "\ud800" } };

      expect(() => store.revoke(digest, at, broken)).toThrow(expect.objectContaining({ code: "contracts.not-json" }));

      expect(store.endOf(digest)).toBe(null);
      expect(store.outbox(0, 10)).toEqual([]);
      expect(store.revoke(digest, at, revoked(digest))).toBe(true);
    });
  });

  test("holds nothing when the question throws, and passes on what it threw (T3)", () => {
    using(fresh(), (store) => {
      const request = { id: "run/task", at, need: 7, tokens: [{ token: digest, since }] };
      const thrown = new RangeError("asked");

      expect(() =>
        store.reserve(request, () => {
          throw thrown;
        }),
      ).toThrow(thrown);

      expect(store.reserve({ ...request, id: "other" }, () => true).counts[0]?.invocationsReserved).toBe(0);
    });
  });

  test("says so when another process holds the write lock for too long (H1)", () => {
    const directory = fresh();
    using(directory, (store) => {
      const other = new DatabaseSync(join(directory, "authority.sqlite"));
      other.exec("BEGIN IMMEDIATE");

      expect(() => store.revoke(digest, at, revoked(digest))).toThrow(coded("store-sqlite.busy"));

      other.exec("ROLLBACK");
      other.close();
      expect(store.endOf(digest)).toBe(null);
      expect(store.revoke(digest, at, revoked(digest))).toBe(true);
    });
  });

  test("says nothing in foreign words after it was closed", () => {
    const store = openSqliteAuthority({ directory: fresh() });
    store.close();

    expect(() => store.endOf(digest)).toThrow(coded("store-sqlite.read-failed"));
    expect(() => store.revoke(digest, at, revoked(digest))).toThrow(coded("store-sqlite.write-failed"));
    expect(() => store.commit("run/task", 1)).toThrow(coded("store-sqlite.write-failed"));
  });
});

test("a token's sums stay the sums of its uses (G1)", () => {
  const directory = fresh();
  const token: StoredToken = {
    token: digest,
    parent: null,
    label: "l",
    user: "ana",
    expiresAt: at,
    registeredAt: at,
    firstUsedAt: null,
    revokedAt: null,
    expiredAt: null,
  };
  using(directory, (store) => {
    store.register(token, revoked(digest));
    for (let use = 0; use < 40; use += 1) {
      const tokens = [digest, digestBytes(`parent ${use % 3}`)].map((each) => ({ token: each, since }));
      store.reserve({ id: `use ${use % 25}`, at, need: use, tokens }, () => use % 4 !== 3);
      if (use % 2 === 0) store.commit(`use ${use % 20}`, use + 1);
    }
  });

  const raw = new DatabaseSync(join(directory, "authority.sqlite"), { readOnly: true });
  const sums = raw.prepare("SELECT * FROM ledger ORDER BY token").all();
  const expected = raw
    .prepare(
      `SELECT token, sum(spent) AS invocations_used, sum(1 - spent) AS invocations_reserved,
         sum(spent * tokens) AS tokens_used, sum((1 - spent) * tokens) AS tokens_reserved
       FROM uses GROUP BY token ORDER BY token`,
    )
    .all();
  raw.close();
  expect(expected.length).toBe(4);
  expect(sums).toEqual(expected);
});
