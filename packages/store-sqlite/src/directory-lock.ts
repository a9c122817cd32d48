/**
 * Locks of a directory, held by the operating system: the log's one writer, and who creates an authority store.
 *
 * A lock is SQLite's own exclusive lock on a database of its own that is never written: a kernel lock that goes away
 * with the process, however that dies, and that does not keep readers from the data.
 *
 * @module
 */
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { causeOf, SQLITE_BUSY, StoreSqliteError } from "./errors.ts";

/**
 * Takes a lock of a directory, waiting for at most `waitMs`.
 *
 * @returns Gives the lock back.
 * @throws {StoreSqliteError} `store-sqlite.locked` when another process holds it.
 */
export function takeLock(directory: string, file: string, waitMs: number): () => void {
  let database: DatabaseSync | undefined;
  try {
    database = new DatabaseSync(join(directory, file), { timeout: waitMs });
    database.exec("BEGIN EXCLUSIVE");
  } catch (cause) {
    database?.close();
    const details = causeOf(cause);
    if (details.sqlite !== null && details.sqlite % 256 === SQLITE_BUSY) {
      throw new StoreSqliteError(
        "store-sqlite.locked",
        "another process is writing to this folder",
        { directory },
        { cause },
      );
    }
    throw new StoreSqliteError("store-sqlite.open-failed", `\`${file}\` cannot be locked`, details, { cause });
  }
  const held = database;
  return () => held.close();
}
