/**
 * Which SQLite file is ours: application id and schema version, checked before anything else is read.
 *
 * Invariants:
 *   D2. A database of another application or of a newer schema is refused and not touched.
 *   D3. One of an older schema is brought up to this one by whoever opens it for writing, in one transaction.
 *
 * @module
 */
import type { DatabaseSync } from "node:sqlite";
import { StoreSqliteError } from "./errors.ts";

/** `what` is the noun of the messages; `id` and `version` are the file's application_id and user_version. */
export interface Application {
  readonly what: string;
  readonly id: number;
  readonly version: number;
}

/** True for a database without a table: what a crash leaves that comes before the tables were made. */
export function isUnborn(database: DatabaseSync): boolean {
  return numberOf(database, "PRAGMA schema_version") === 0;
}

/** Creates the tables and signs the file, in one transaction. */
export function createTables(database: DatabaseSync, { id, version }: Application, tables: string): void {
  database.exec(`BEGIN IMMEDIATE; ${tables} PRAGMA application_id = ${id}; PRAGMA user_version = ${version}; COMMIT;`);
}

/** Brings the tables of a database that was checked from its version to this one, step by step (D3). */
export function upgradeTables(
  database: DatabaseSync,
  { version }: Application,
  upgrades: Readonly<Record<number, string>>,
): void {
  const found = numberOf(database, "PRAGMA user_version");
  if (found === version) return;
  const steps = Array.from({ length: version - found }, (_, step) => `${upgrades[found + step]};`);
  database.exec(`BEGIN IMMEDIATE; ${steps.join(" ")} PRAGMA user_version = ${version}; COMMIT;`);
}

/** @throws {StoreSqliteError} `store-sqlite.not-a-store`, `store-sqlite.newer-schema`. */
export function checkApplication(database: DatabaseSync, directory: string, { what, id, version }: Application): void {
  const found = numberOf(database, "PRAGMA user_version");
  if (numberOf(database, "PRAGMA application_id") !== id || found < 1)
    throw new StoreSqliteError("store-sqlite.not-a-store", `the database is no ${what} of this kind`, { directory });
  if (found <= version) return;
  throw new StoreSqliteError(
    "store-sqlite.newer-schema",
    `the ${what} has schema ${found}, this version reads ${version}`,
    { found, supported: version },
  );
}

function numberOf(database: DatabaseSync, pragma: string): number {
  return Number(Object.values(database.prepare(pragma).get() ?? { value: 0 })[0]);
}
