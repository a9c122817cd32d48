/**
 * The log's database: its tables, its version and its pragmas.
 *
 * Invariants:
 *   D1. WAL and synchronous=FULL: a commit that returned is on disk; readers never wait for the writer.
 *   D2. What is deleted is overwritten with zeros in the pages that held it, and the write-ahead log, which still holds the
 *       old ones, is emptied after a payload was removed.
 *
 * @see https://sqlite.org/wal.html, https://sqlite.org/pragma.html#pragma_synchronous
 * @module
 */
import type { DatabaseSync } from "node:sqlite";
import { type Application, checkApplication, createTables, isUnborn, upgradeTables } from "./application.ts";
import { failed, isOfSqlite } from "./errors.ts";

export const SCHEMA_VERSION = 2;

/** "CNOC" as a 32-bit number: says that a SQLite file is a log of ours. */
export const LOG: Application = { what: "log", id: 0x434e_4f43, version: SCHEMA_VERSION };

const TABLES = `
  CREATE TABLE runs (key INTEGER PRIMARY KEY AUTOINCREMENT, run TEXT NOT NULL UNIQUE, first INTEGER NOT NULL) STRICT;
  CREATE TABLE segments (first INTEGER PRIMARY KEY, count INTEGER NOT NULL, frames BLOB NOT NULL, mark BLOB) STRICT;
  CREATE TABLE run_segments (
    run INTEGER NOT NULL, last_seq INTEGER NOT NULL, first INTEGER NOT NULL, PRIMARY KEY (run, last_seq)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE nodes (level INTEGER NOT NULL, position INTEGER NOT NULL, hash BLOB NOT NULL, PRIMARY KEY (level, position)) STRICT, WITHOUT ROWID;
  CREATE TABLE payloads (digest BLOB PRIMARY KEY, bytes BLOB NOT NULL) STRICT;
  CREATE TABLE quarantine (digest BLOB PRIMARY KEY, first INTEGER NOT NULL, frames BLOB NOT NULL) STRICT;
`;

/** By the version that they lead from; a group of version 1 has no mark of its own. */
const UPGRADES: Readonly<Record<number, string>> = { 1: "ALTER TABLE segments ADD COLUMN mark BLOB" };

/** Sets the pragmas of a writer creates the tables of a new log, and brings those of an older version up to this one. */
export function prepareForWriting(database: DatabaseSync, directory: string): void {
  const isNew = isUnborn(database);
  if (!isNew) checkApplication(database, directory, LOG);
  // 16 KiB pages: a group of leaves is one large value, and SQLite's log is charged by the page. It starts over at 4 MiB:
  // commits into blocks that exist already are cheaper than commits that make a file grow.
  if (isNew) database.exec("PRAGMA page_size = 16384");
  database.exec(
    "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 256; PRAGMA cell_size_check = ON; PRAGMA secure_delete = ON;",
  );
  if (isNew) createTables(database, LOG, TABLES);
  else upgradeTables(database, LOG, UPGRADES);
}

/**
 * Brings removed pages from the write-ahead log into the database, zeroed, and empties it (D2). A reader that is at work
 * keeps what it began with: then the log is emptied by the next writer that finds it alone.
 *
 * @throws {StoreSqliteError} `store-sqlite.write-failed`.
 */
export function forgetRemoved(database: DatabaseSync): void {
  try {
    database.exec("PRAGMA wal_checkpoint(TRUNCATE)");
  } catch (cause) {
    if (isOfSqlite(cause)) throw failed("store-sqlite.write-failed", "the log cannot be written", cause);
    throw cause;
  }
}
