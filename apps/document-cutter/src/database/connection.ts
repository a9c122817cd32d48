/**
 * A connection to a units database: SQL that SQLite and PostgreSQL both understand, under one principal.
 *
 * Invariants:
 *   C1. A transaction is committed whole or not at all; what stops inside it leaves nothing.
 *   C2. Text of the database never leaves a connection: what it refuses is `cutter.database-failed`.
 *
 * @module
 */

/** The two principals that write, by the names of their database roles. */
export const EXECUTOR = "cutter_exec";
export const VERIFIER = "cutter_verify";
export type WriterName = typeof EXECUTOR | typeof VERIFIER;

export type Value = string | number | null;
export type Row = { readonly [column: string]: Value };

export interface Connection {
  /** Whom the database takes this connection for: PostgreSQL's session user, or the role that SQLite's authorizer plays. */
  readonly principal: string;
  /** @param sql - One statement; `$1`, `$2`, … stand for the values. */
  rows(sql: string, values?: readonly Value[]): Promise<readonly Row[]>;
  transaction<T>(body: () => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

/** The name that the database got when it was made. */
export async function identityOf(connection: Connection): Promise<string> {
  return String((await connection.rows("SELECT id FROM identity"))[0]?.["id"]);
}

/** The number that a `SELECT count(*) AS count` gives. */
export async function countOf(connection: Connection, sql: string, values: readonly Value[]): Promise<number> {
  return Number((await connection.rows(sql, values))[0]?.["count"] ?? 0);
}
