/**
 * The database of the service store: its tables, its version and its statements, prepared once.
 *
 * `changes` is what happened, and nothing in it is ever changed; `services` is what stands by now, written with each change.
 *
 * @module
 */
import type { DatabaseSync } from "node:sqlite";
import type { Application } from "./application.ts";

export const SERVICES_SCHEMA_VERSION = 1;

/** "CNOS" as a 32-bit number: says that a SQLite file is a service store of ours. */
export const SERVICES: Application = { what: "service store", id: 0x434e_4f53, version: SERVICES_SCHEMA_VERSION };

export const SERVICES_TABLES = `
  CREATE TABLE changes (revision INTEGER PRIMARY KEY, digest TEXT NOT NULL UNIQUE, text TEXT NOT NULL) STRICT;
  CREATE TRIGGER changes_stay BEFORE UPDATE ON changes BEGIN SELECT raise(ABORT, 'append-only'); END;
  CREATE TRIGGER changes_remain BEFORE DELETE ON changes BEGIN SELECT raise(ABORT, 'append-only'); END;
  CREATE TABLE contracts (digest TEXT PRIMARY KEY, text TEXT NOT NULL) STRICT;
  CREATE TABLE services (
    service TEXT NOT NULL, version TEXT NOT NULL, contract TEXT NOT NULL REFERENCES contracts, owner TEXT, signed_by TEXT,
    state TEXT NOT NULL CHECK (state IN ('active', 'probation', 'draining', 'retired')),
    resumes TEXT NOT NULL CHECK (resumes IN ('active', 'probation')), health TEXT,
    PRIMARY KEY (service, version)
  ) STRICT, WITHOUT ROWID;
`;

export function prepareServices(database: DatabaseSync) {
  const prepare = (sql: string) => database.prepare(sql);
  return {
    begin: prepare("BEGIN"),
    end: prepare("COMMIT"),
    head: prepare("SELECT revision, digest FROM changes ORDER BY revision DESC LIMIT 1"),
    changes: prepare("SELECT revision, digest, text FROM changes WHERE revision >= ? ORDER BY revision LIMIT ?"),
    services: prepare(
      "SELECT service, version, contract, owner, signed_by AS signedBy, state, resumes, health FROM services",
    ),
    contract: prepare("SELECT digest, text FROM contracts WHERE digest = ?"),
    alive: prepare(
      "SELECT digest, text FROM contracts WHERE digest IN (SELECT contract FROM services WHERE state <> 'retired')",
    ),
    insertChange: prepare("INSERT INTO changes (revision, digest, text) VALUES (?, ?, ?)"),
    insertContract: prepare("INSERT INTO contracts (digest, text) VALUES (?, ?) ON CONFLICT DO NOTHING"),
    putService: prepare("INSERT OR REPLACE INTO services VALUES (?, ?, ?, ?, ?, ?, ?, ?)"),
  };
}

export type ServicesStatements = ReturnType<typeof prepareServices>;
