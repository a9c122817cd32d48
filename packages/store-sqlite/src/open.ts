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
import { existsSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { checkApplication, isUnborn } from "./application.ts";
import { markBegun, swapCheckpointFile, syncDirectory, wasLogBegun } from "./checkpoint-file.ts";
import { takeLock } from "./directory-lock.ts";
import { StoreSqliteError } from "./errors.ts";
import { makeDirectory, opening } from "./opening.ts";
import { readsOf } from "./read-log.ts";
import { openReadOnly } from "./read-only.ts";
import { forgetRemoved, LOG, prepareForWriting } from "./schema.ts";
import { prepareReads, prepareWrites } from "./statements.ts";
import { transactionsOn } from "./transaction.ts";
import type { SqliteReader, SqliteStore } from "./types.ts";
import { writesOf } from "./write-log.ts";

const DATABASE = "log.sqlite";

/**
 * Opens, or creates, the log in a directory for writing.
 *
 * @throws {StoreSqliteError} `store-sqlite.locked`, `store-sqlite.log-missing`, `store-sqlite.not-a-store`,
 *   `store-sqlite.newer-schema`, `store-sqlite.open-failed`.
 */
export function openSqliteStore({ directory }: { readonly directory: string }): SqliteStore {
  return opening(directory, LOG.what, () => {
    makeDirectory(directory);
    const releaseLock = takeLock(directory, "writer.lock", 0);
    let database: DatabaseSync | undefined;
    try {
      const path = join(directory, DATABASE);
      const isNew = !existsSync(path);
      const begun = wasLogBegun(directory);
      if (isNew && begun) throw logMissing(directory);
      database = new DatabaseSync(path, { timeout: 5000 });
      if (begun && isUnborn(database)) throw logMissing(directory);
      prepareForWriting(database, directory);
      if (isNew) syncDirectory(directory);
      markBegun(directory, "log");
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
  return opening(directory, LOG.what, () => {
    const path = join(directory, DATABASE);
    if (!existsSync(path)) throw noLog(directory);
    const database = openReadOnly(path);
    try {
      if (isUnborn(database)) throw noLog(directory);
      checkApplication(database, directory, LOG);
      return { ...readsOf(directory, prepareReads(database)), close: () => database.close() };
    } catch (cause) {
      database.close();
      throw cause;
    }
  });
}

/** No log was ever made here, or the one that was is gone. */
function noLog(directory: string): StoreSqliteError {
  if (wasLogBegun(directory)) return logMissing(directory);
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
    ...writesOf(reads, readStatements, prepareWrites(database), transactionsOn(database, LOG.what), () =>
      forgetRemoved(database),
    ),
    swapCheckpoint: (expected, next) => swapCheckpointFile(directory, expected, next),
    close: () => {
      database.close();
      releaseLock();
    },
  };
}
