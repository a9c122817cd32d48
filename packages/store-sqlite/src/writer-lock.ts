/**
 * One writer per directory, held by the operating system.
 *
 * The lock is SQLite's own exclusive lock on a database of its own that is never written: a kernel lock that goes away
 * with the process, however that dies, and that does not keep readers from the log.
 *
 * @module
 */
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { causeOf, StoreSqliteError } from "./errors.ts";

const SQLITE_BUSY = 5;

/**
 * Takes the lock of a directory.
 *
 * @returns Gives the lock back.
 * @throws {StoreSqliteError} `store-sqlite.locked` when another writer holds it.
 */
export function takeWriterLock(directory: string): () => void {
  let database: DatabaseSync | undefined;
  try {
    database = new DatabaseSync(join(directory, "writer.lock"), { timeout: 0 });
    database.exec("BEGIN EXCLUSIVE");
  } catch (cause) {
    database?.close();
    const details = causeOf(cause);
    if (details.sqlite !== null && details.sqlite % 256 === SQLITE_BUSY) {
      throw new StoreSqliteError(
        "store-sqlite.locked",
        "another process is writing to this log",
        { directory },
        { cause },
      );
    }
    throw new StoreSqliteError("store-sqlite.open-failed", "the writer's lock cannot be taken", details, { cause });
  }
  const held = database;
  return () => held.close();
}
