/**
 * One transaction at a time on one connection: all of it or nothing.
 *
 * Invariants:
 *   T1. The work is written as a whole or not at all; a write that failed is rolled back and reported, and not tried again.
 *   T2. The write lock is taken before the first read, so that what was read still holds when it is written.
 *   T3. What the work throws of its own reaches the caller as it is; what SQLite throws leaves as a coded error.
 *
 * @module
 */
import type { DatabaseSync } from "node:sqlite";
import { failed, isOfSqlite } from "./errors.ts";

export type Transaction = <T>(work: () => T) => T;

/**
 * Makes the function that runs work in a transaction of this connection, whose `synchronous` is FULL.
 *
 * @param what - What is written, for the messages: "log".
 * @param synchronous - NORMAL leaves the commit to the operating system. Switching costs under a microsecond, a second
 *   connection its own page cache.
 * @throws {StoreSqliteError} `store-sqlite.busy` when other processes held the write lock for too long,
 *   `store-sqlite.write-failed`.
 */
export function transactionsOn(
  database: DatabaseSync,
  what: string,
  synchronous: "FULL" | "NORMAL" = "FULL",
): Transaction {
  const begin = database.prepare("BEGIN IMMEDIATE");
  const commit = database.prepare("COMMIT");
  const rollback = database.prepare("ROLLBACK");
  const transact: Transaction = (work) => {
    try {
      begin.run();
      const result = work();
      commit.run();
      return result;
    } catch (cause) {
      try {
        rollback.run();
      } catch {
        // SQLite already rolled back, or nothing began; the first failure is the one to report.
      }
      throw isOfSqlite(cause) ? failed("store-sqlite.write-failed", `the ${what} cannot be written`, cause) : cause;
    }
  };
  if (synchronous === "FULL") return transact;
  return (work) => {
    if (!database.isOpen) return transact(work);
    database.exec("PRAGMA synchronous = NORMAL");
    try {
      return transact(work);
    } finally {
      database.exec("PRAGMA synchronous = FULL");
    }
  };
}
