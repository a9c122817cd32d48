/**
 * Opens a log in a directory: `log.sqlite`, `checkpoint`, `log.begun` and `writer.lock`.
 *
 * Invariants:
 *   O1. One writer, any number of readers.
 *   O2. A checkpoint or the mark of a begun log without the log is an error: a missing log is never replaced by an empty
 *       one. A database without a table counts as none.
 *   O3. A log that could not be opened is left as it was, and nothing stays locked.
 *
 * @module
 */
import { existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { markBegun, swapCheckpointFile, syncDirectory, wasBegun } from "./checkpoint-file.ts";
import { causeOf, isStoreSqliteError, StoreSqliteError } from "./errors.ts";
import { readsOf } from "./read-log.ts";
import { checkSchema, isUnborn, prepareForWriting } from "./schema.ts";
import { prepareReads, prepareWrites } from "./statements.ts";
import type { SqliteReader, SqliteStore } from "./types.ts";
import { writesOf } from "./write-log.ts";
import { takeWriterLock } from "./writer-lock.ts";

const DATABASE = "log.sqlite";
const SQLITE_NOTADB = 26;

/**
 * Opens, or creates, the log in a directory for writing.
 *
 * @throws {StoreSqliteError} `store-sqlite.locked`, `store-sqlite.log-missing`, `store-sqlite.not-a-store`,
 *   `store-sqlite.newer-schema`, `store-sqlite.open-failed`.
 */
export function openSqliteStore({ directory }: { readonly directory: string }): SqliteStore {
  return opening(directory, () => {
    mkdirSync(directory, { recursive: true });
    const releaseLock = takeWriterLock(directory);
    let database: DatabaseSync | undefined;
    try {
      const path = join(directory, DATABASE);
      const isNew = !existsSync(path);
      const begun = wasBegun(directory);
      if (isNew && begun) throw logMissing(directory);
      database = new DatabaseSync(path, { timeout: 5000 });
      if (begun && isUnborn(database)) throw logMissing(directory);
      prepareForWriting(database, directory);
      if (isNew) syncDirectory(directory);
      markBegun(directory);
      return writable(directory, database, releaseLock);
    } catch (cause) {
      database?.close();
      releaseLock();
      throw cause;
    }
  });
}

/**
 * Opens the log in a directory for reading; a writer may be at work.
 *
 * @throws {StoreSqliteError} `store-sqlite.not-found`, `store-sqlite.log-missing`, `store-sqlite.not-a-store`,
 *   `store-sqlite.newer-schema`, `store-sqlite.open-failed`.
 */
export function openSqliteReader({ directory }: { readonly directory: string }): SqliteReader {
  return opening(directory, () => {
    const path = join(directory, DATABASE);
    if (!existsSync(path)) throw noLog(directory);
    const database = new DatabaseSync(path, { readOnly: true, timeout: 5000 });
    try {
      if (isUnborn(database)) throw noLog(directory);
      checkSchema(database, directory);
      return { ...readsOf(directory, prepareReads(database)), close: () => database.close() };
    } catch (cause) {
      database.close();
      throw cause;
    }
  });
}

/** No log was ever made here, or the one that was is gone. */
function noLog(directory: string): StoreSqliteError {
  if (wasBegun(directory)) return logMissing(directory);
  return new StoreSqliteError("store-sqlite.not-found", "there is no log here", { directory });
}

function logMissing(directory: string): StoreSqliteError {
  return new StoreSqliteError("store-sqlite.log-missing", "a log was begun here, and it is missing", { directory });
}

function writable(directory: string, database: DatabaseSync, releaseLock: () => void): SqliteStore {
  const readStatements = prepareReads(database);
  const reads = readsOf(directory, readStatements);
  return {
    ...reads,
    ...writesOf(reads, readStatements, prepareWrites(database)),
    swapCheckpoint: (expected, next) => swapCheckpointFile(directory, expected, next),
    close: () => {
      database.close();
      releaseLock();
    },
  };
}

function opening<T>(directory: string, open: () => T): T {
  try {
    return open();
  } catch (cause) {
    if (isStoreSqliteError(cause)) throw cause;
    const details = causeOf(cause);
    if (details.sqlite === SQLITE_NOTADB) {
      throw new StoreSqliteError(
        "store-sqlite.not-a-store",
        "the database is not a log of this kind",
        { directory },
        { cause },
      );
    }
    throw new StoreSqliteError("store-sqlite.open-failed", "the log cannot be opened", details, { cause });
  }
}
