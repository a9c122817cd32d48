/**
 * Opens an authority store in a directory: `authority.sqlite` and `authority.begun`.
 *
 * Invariants:
 *   H1. Any number of processes work on one store at a time; each method waits for the others' and no longer than 5 s.
 *   H2. What is a person's or a run's decision (tokens, revocations, approvals, mode, locks, and with them every event of
 *       the outbox) is on disk when the method returns. Reservations and spendings are in the write-ahead log, which
 *       outlives the process but not a loss of power; the next decision takes them to the disk with it. A run that ends
 *       releases its lock, so power can only take the uses of runs that were under way, and those are in their journals.
 *   H3. A store that was begun here and is missing is an error: an empty one would forget every revocation.
 *
 * @see https://sqlite.org/pragma.html#pragma_synchronous
 * @module
 */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { checkApplication, createTables, isUnborn } from "./application.ts";
import { recordsOf } from "./authority.ts";
import { ledgerOf } from "./authority-ledger.ts";
import { AUTHORITY, AUTHORITY_TABLES, prepareAuthority } from "./authority-schema.ts";
import type { SqliteAuthority, SqliteAuthorityReader } from "./authority-types.ts";
import { isMarkedBegun, markBegun, syncDirectory } from "./checkpoint-file.ts";
import { takeLock } from "./directory-lock.ts";
import { StoreSqliteError } from "./errors.ts";
import { makeDirectory, opening } from "./opening.ts";
import { openReadOnly } from "./read-only.ts";
import { durableOn, transactionsOn } from "./transaction.ts";

const DATABASE = "authority.sqlite";
const WAIT_MS = 5000;

/**
 * Opens, or creates, the authority store in a directory.
 *
 * @throws {StoreSqliteError} `store-sqlite.authority-missing`, `store-sqlite.not-a-store`, `store-sqlite.newer-schema`,
 *   `store-sqlite.busy`, `store-sqlite.open-failed`.
 */
export function openSqliteAuthority({ directory }: { readonly directory: string }): SqliteAuthority {
  return opening(directory, AUTHORITY.what, () => {
    makeDirectory(directory);
    if (!isMarkedBegun(directory, "authority")) create(directory);
    else if (!existsSync(join(directory, DATABASE))) throw missing(directory);
    const database = new DatabaseSync(join(directory, DATABASE), { timeout: WAIT_MS });
    try {
      if (isUnborn(database)) throw missing(directory);
      checkApplication(database, directory, AUTHORITY);
      database.exec("PRAGMA synchronous = NORMAL; PRAGMA cell_size_check = ON;");
      return authorityOn(database);
    } catch (cause) {
      database.close();
      throw cause;
    }
  });
}

/**
 * Opens an existing authority store for reading, also where nothing may be written; others may be at work.
 *
 * @throws {StoreSqliteError} `store-sqlite.authority-missing` where none is, as {@link openSqliteAuthority} otherwise.
 */
export function openSqliteAuthorityReader({ directory }: { readonly directory: string }): SqliteAuthorityReader {
  return opening(directory, AUTHORITY.what, () => {
    if (!existsSync(join(directory, DATABASE))) throw missing(directory);
    const database = openReadOnly(join(directory, DATABASE));
    try {
      if (isUnborn(database)) throw missing(directory);
      checkApplication(database, directory, AUTHORITY);
      const { endOf, mode, outbox, token, tokens } = authorityOn(database);
      return { endOf, mode, outbox, token, tokens, close: () => database.close() };
    } catch (cause) {
      database.close();
      throw cause;
    }
  });
}

function authorityOn(database: DatabaseSync): SqliteAuthority {
  const statements = prepareAuthority(database);
  const transact = transactionsOn(database, AUTHORITY.what);
  return {
    ...recordsOf(statements, durableOn(database, transact)),
    ...ledgerOf(statements, transact),
    close: () => database.close(),
  };
}

function missing(directory: string): StoreSqliteError {
  const message = "an authority store was begun here, and it is missing";
  return new StoreSqliteError("store-sqlite.authority-missing", message, { directory });
}

/** One process creates, the others wait: SQLite does not, when two change the journal mode at once. The mark is made last. */
function create(directory: string): void {
  const release = takeLock(directory, "authority.lock", WAIT_MS);
  let database: DatabaseSync | undefined;
  try {
    database = new DatabaseSync(join(directory, DATABASE), { timeout: WAIT_MS });
    if (isUnborn(database)) {
      database.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;");
      createTables(database, AUTHORITY, AUTHORITY_TABLES);
    } else checkApplication(database, directory, AUTHORITY);
    syncDirectory(directory);
    markBegun(directory, "authority");
  } finally {
    database?.close();
    release();
  }
}
