/**
 * Opens a service store in a directory: `services.sqlite` and `services.begun`.
 *
 * Invariants:
 *   W1. Any number of processes work on one store at a time; each method waits for the others' and no longer than 5 s. Readers
 *       wait for nobody.
 *   W2. A change is on disk when `commit` returns.
 *   W3. A store that was begun here and is missing is an error: an empty one would forget what was retired.
 *
 * @module
 */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { checkApplication, createTables, isUnborn } from "./application.ts";
import { isMarkedBegun, markBegun, syncDirectory } from "./checkpoint-file.ts";
import { takeLock } from "./directory-lock.ts";
import { StoreSqliteError } from "./errors.ts";
import { makeDirectory, opening } from "./opening.ts";
import { openReadOnly } from "./read-only.ts";
import { serviceReadsOf, serviceWritesOf } from "./services.ts";
import { prepareServices, SERVICES, SERVICES_TABLES } from "./services-schema.ts";
import type { SqliteServices, SqliteServicesReader } from "./services-types.ts";
import { transactionsOn } from "./transaction.ts";

const DATABASE = "services.sqlite";
const WAIT_MS = 5000;

/**
 * Opens, or creates, the service store in a directory.
 *
 * @throws {StoreSqliteError} `store-sqlite.services-missing`, `store-sqlite.not-a-store`, `store-sqlite.newer-schema`,
 *   `store-sqlite.busy`, `store-sqlite.open-failed`.
 */
export function openSqliteServices({ directory }: { readonly directory: string }): SqliteServices {
  return opening(directory, SERVICES.what, () => {
    makeDirectory(directory);
    if (!isMarkedBegun(directory, "services")) create(directory);
    else if (!existsSync(join(directory, DATABASE))) throw missing(directory);
    const database = new DatabaseSync(join(directory, DATABASE), { timeout: WAIT_MS });
    try {
      if (isUnborn(database)) throw missing(directory);
      checkApplication(database, directory, SERVICES);
      database.exec("PRAGMA synchronous = FULL; PRAGMA cell_size_check = ON;");
      const statements = prepareServices(database);
      return {
        ...serviceReadsOf(statements),
        ...serviceWritesOf(statements, transactionsOn(database, SERVICES.what)),
        close: () => database.close(),
      };
    } catch (cause) {
      database.close();
      throw cause;
    }
  });
}

/**
 * Opens an existing service store for reading, also where nothing may be written; others may be at work.
 *
 * @throws {StoreSqliteError} `store-sqlite.services-missing` where none is, as {@link openSqliteServices} otherwise.
 */
export function openSqliteServicesReader({ directory }: { readonly directory: string }): SqliteServicesReader {
  return opening(directory, SERVICES.what, () => {
    if (!existsSync(join(directory, DATABASE))) throw missing(directory);
    const database = openReadOnly(join(directory, DATABASE));
    try {
      if (isUnborn(database)) throw missing(directory);
      checkApplication(database, directory, SERVICES);
      return { ...serviceReadsOf(prepareServices(database)), close: () => database.close() };
    } catch (cause) {
      database.close();
      throw cause;
    }
  });
}

function missing(directory: string): StoreSqliteError {
  const message = "there is no service store here, or the one that was begun is missing";
  return new StoreSqliteError("store-sqlite.services-missing", message, { directory });
}

/** One process creates, the others wait: SQLite does not, when two change the journal mode at once. The mark is made last. */
function create(directory: string): void {
  const release = takeLock(directory, "services.lock", WAIT_MS);
  let database: DatabaseSync | undefined;
  try {
    database = new DatabaseSync(join(directory, DATABASE), { timeout: WAIT_MS });
    if (isUnborn(database)) {
      database.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;");
      createTables(database, SERVICES, SERVICES_TABLES);
    } else checkApplication(database, directory, SERVICES);
    syncDirectory(directory);
    markBegun(directory, "services");
  } finally {
    database?.close();
    release();
  }
}
