import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { digestBytes } from "@canonic/contracts";
import { afterAll, expect, test } from "vitest";
import {
  openSqliteAuthority,
  openSqliteServices,
  openSqliteServicesReader,
  openSqliteStore,
  SERVICES_SCHEMA_VERSION,
} from "../src/index.ts";

const scratch = mkdtempSync(join(tmpdir(), "canonic-services-"));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

const fresh = () => mkdtempSync(join(scratch, "store-"));
const coded = (code: string) => expect.objectContaining({ name: "StoreSqliteError", code });
const database = ["services.sqlite", "services.sqlite-wal", "services.sqlite-shm"];
const contract = { digest: digestBytes("contract"), text: "contract" };
const commit = {
  prev: null,
  change: { revision: 1, digest: digestBytes("change"), text: "change" },
  contracts: [contract],
  services: [
    {
      service: "a",
      version: "1.0.0",
      contract: contract.digest,
      owner: null,
      signedBy: null,
      state: "active",
      resumes: "active",
      health: null,
    },
  ],
};

test("a reader sees what others write, and makes none where none is", () => {
  const directory = fresh();
  expect(() => openSqliteServicesReader({ directory })).toThrow(coded("store-sqlite.services-missing"));
  expect(readdirSync(directory)).toEqual([]);
  const store = openSqliteServices({ directory });
  const reader = openSqliteServicesReader({ directory });

  store.commit(commit);

  expect(reader.head()).toEqual({ revision: 1, digest: commit.change.digest });
  expect(reader.load()).toEqual({ head: reader.head(), services: commit.services, contracts: [contract] });
  for (const each of [store, reader]) each.close();
});

test("a store that was begun and is missing is an error, and no empty one takes its place (W3)", () => {
  const directory = fresh();
  openSqliteServices({ directory }).close();
  for (const name of database) rmSync(join(directory, name), { force: true });

  expect(() => openSqliteServices({ directory })).toThrow(coded("store-sqlite.services-missing"));
  new DatabaseSync(join(directory, "services.sqlite")).close();
  expect(() => openSqliteServices({ directory })).toThrow(coded("store-sqlite.services-missing"));
});

test("shares a folder with a log and an authority store, and takes neither for its own (D2)", () => {
  const directory = fresh();
  const open = [openSqliteStore({ directory }), openSqliteAuthority({ directory }), openSqliteServices({ directory })];
  for (const one of open) one.close();
  const other = new DatabaseSync(join(directory, "services.sqlite"));
  other.exec(`PRAGMA user_version = ${SERVICES_SCHEMA_VERSION + 1}`);
  expect(() => openSqliteServices({ directory })).toThrow(coded("store-sqlite.newer-schema"));
  other.exec("PRAGMA application_id = 7");
  other.close();
  expect(() => openSqliteServices({ directory })).toThrow(coded("store-sqlite.not-a-store"));
});

test("a change that cannot be written whole is not written at all, and nothing of the history is changed (S1)", () => {
  const directory = fresh();
  const store = openSqliteServices({ directory });
  const [service] = commit.services;
  const bad = { ...commit, services: [{ ...(service as object), state: "asleep" }] } as unknown as typeof commit;

  expect(() => store.commit(bad)).toThrow(coded("store-sqlite.write-failed"));
  expect(store.load()).toEqual({ head: { revision: 0, digest: null }, services: [], contracts: [] });
  expect(store.contracts([contract.digest])).toEqual([]);
  expect(store.commit(commit)).toBe(true);
  store.close();
  const raw = new DatabaseSync(join(directory, "services.sqlite"));
  expect(() => raw.exec("UPDATE changes SET text = 'other'")).toThrow("append-only");
  expect(() => raw.exec("DELETE FROM changes")).toThrow("append-only");
  raw.close();
});
