/**
 * Connections to a units database in SQLite, embedded in `node:sqlite`.
 *
 * SQLite has no roles. What a role may do is played by an authorizer on each connection, where `node:sqlite` has one
 * (Node 24.10 and later): it allows the rights of the expected matrix and nothing else; triggers may write the log.
 *
 * @module
 */
import { closeSync, openSync } from "node:fs";
import { constants, DatabaseSync, type SQLInputValue } from "node:sqlite";
import { CutterStop } from "../stop.ts";
import type { Connection, Row, WriterName } from "./connection.ts";
import { RIGHTS } from "./rights.ts";
import { createSqliteSchema } from "./sqlite-schema.ts";

const BUSY_TIMEOUT_MS = 15_000;

/** Opens the database, which only its owner can read, and creates what is missing; `:memory:` is a database of its own. */
export function openSqlite(path: string): DatabaseSync {
  return guarded(() => {
    if (path !== ":memory:") closeSync(openSync(path, "a", 0o600));
    const database = new DatabaseSync(path, { timeout: BUSY_TIMEOUT_MS });
    database.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL");
    createSqliteSchema(database);
    return database;
  });
}

/** A connection that may do what `principal` may do; closing it leaves the database to who opened it. */
export function toConnection(database: DatabaseSync, principal: WriterName): Connection {
  confine(database, principal);
  return {
    principal,
    async rows(sql, values = []) {
      return guarded(
        () => database.prepare(sql.replaceAll(/\$(\d+)/g, "?$1")).all(...(values as SQLInputValue[])) as Row[],
      );
    },
    async transaction(body) {
      guarded(() => database.exec("BEGIN IMMEDIATE"));
      try {
        const result = await body();
        guarded(() => database.exec("COMMIT"));
        return result;
      } catch (error) {
        if (database.isTransaction) database.exec("ROLLBACK");
        throw error;
      }
    },
    async close() {
      database.setAuthorizer?.(null);
    },
  };
}

const WRITES = new Map<number, string>([
  [constants.SQLITE_INSERT, "INSERT"],
  [constants.SQLITE_UPDATE, "UPDATE"],
  [constants.SQLITE_DELETE, "DELETE"],
]);
const HARMLESS: readonly number[] = [
  constants.SQLITE_SELECT,
  constants.SQLITE_READ,
  constants.SQLITE_TRANSACTION,
  constants.SQLITE_FUNCTION,
  constants.SQLITE_RECURSIVE,
];

/** Reading is open to both principals; a view or a trigger acts with its own name as `inside`. */
function confine(database: DatabaseSync, principal: WriterName): void {
  const rights = RIGHTS[principal] ?? {};
  database.setAuthorizer?.((action, table, column, _schema, inside) => {
    const isAllowed = (): boolean => {
      const write = WRITES.get(action);
      if (write === undefined) return HARMLESS.includes(action);
      if (inside !== null && table === "lifecycle_log" && write === "INSERT") return true;
      const own = rights[table ?? ""] ?? [];
      return own.some((right) => right === write || right === `${write}(${column})`);
    };
    return isAllowed() ? constants.SQLITE_OK : constants.SQLITE_DENY;
  });
}

function guarded<T>(body: () => T): T {
  try {
    return body();
  } catch {
    throw new CutterStop("cutter.database-failed");
  }
}
