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

/** As `PRAGMA synchronous` answers. */
const FULL = 2;

/**
 * Makes the function that runs work in a transaction of this connection.
 *
 * @param what - What is written, for the messages: "log".
 * @throws {StoreSqliteError} `store-sqlite.busy` when other processes held the write lock for too long,
 *   `store-sqlite.write-failed`.
 */
export function transactionsOn(database: DatabaseSync, what: string): Transaction {
  const begin = database.prepare("BEGIN IMMEDIATE");
  const commit = database.prepare("COMMIT");
  const rollback = database.prepare("ROLLBACK");
  return (work) => {
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
}

/**
 * Makes a connection's transactions durable while its own are left to the operating system: `synchronous` is NORMAL but for
 * the time of a durable one. A second connection would cost its own page cache.
 *
 * Invariants:
 *   T4. A durable transaction does not begin unless `synchronous` is FULL.
 */
export function durableOn(database: DatabaseSync, transact: Transaction): Transaction {
  // Not prepared once: SQLite answers a pragma with what held when its statement was prepared.
  const isFull = () => database.prepare("PRAGMA synchronous").get()?.["synchronous"] === FULL;
  return (work) => {
    if (!database.isOpen) return transact(work);
    database.exec("PRAGMA synchronous = FULL");
    try {
      if (!isFull()) throw new Error("a connection that does not wait for its disk");
      return transact(work);
    } finally {
      database.exec("PRAGMA synchronous = NORMAL");
    }
  };
}
