/**
 * The schema of a units database in SQLite, and whether a database has exactly it.
 *
 * Invariants:
 *   Q1. Every object is created by one statement whose text SQLite keeps, so that a changed or dropped trigger shows.
 *
 * @module
 */
import type { DatabaseSync } from "node:sqlite";
import type { Connection } from "./connection.ts";
import { deltasOf } from "./rights.ts";
import { ENACTED_UNITS, TABLES } from "./tables.ts";

/** Tables to which rows are only ever added. */
const TRAIL = [
  "change_sets",
  "identity",
  "lifecycle_log",
  "manifests",
  "receipts",
  "reverts",
  "run_index",
  "verifications",
];

const UNCHANGED = [
  "document",
  "version",
  "address",
  "position",
  "kind",
  "section_type",
  "title_path",
  "body",
  "content_digest",
  "anchor_start",
  "anchor_end",
  "idempotency_key",
  "change_set",
];

const refuse = (why: string) => `SELECT RAISE(ABORT, '${why}')`;
const trigger = (name: string, when: string, body: string) =>
  [name, `CREATE TRIGGER ${name} ${when} BEGIN ${body}; END`] as const;

const TRIGGERS: readonly (readonly [name: string, sql: string])[] = [
  trigger(
    "units_begin_as_drafts",
    "BEFORE INSERT ON units WHEN NEW.status <> 'draft'",
    refuse("a unit begins as a draft"),
  ),
  trigger(
    "units_are_only_enacted",
    `BEFORE UPDATE ON units WHEN OLD.status <> 'draft' OR NEW.status <> 'enacted' OR ${UNCHANGED.map((column) => `NEW.${column} IS NOT OLD.${column}`).join(" OR ")}`,
    refuse("a draft is enacted and not changed"),
  ),
  trigger(
    "units_go_by_revert",
    "BEFORE DELETE ON units WHEN NOT EXISTS (SELECT 1 FROM reverts WHERE change_set = OLD.change_set)",
    refuse("a unit goes by a revert only"),
  ),
  trigger(
    "units_log_enactment",
    "AFTER UPDATE ON units",
    "INSERT INTO lifecycle_log VALUES (OLD.change_set, OLD.address, OLD.status, NEW.status, NEW.review_decision)",
  ),
  trigger(
    "units_log_revert",
    "AFTER DELETE ON units",
    "INSERT INTO lifecycle_log VALUES (OLD.change_set, OLD.address, OLD.status, 'reverted', NULL)",
  ),
  ...TRAIL.flatMap((table) => [
    trigger(`${table}_keep_rows`, `BEFORE DELETE ON ${table}`, refuse("the trail is kept")),
    trigger(`${table}_keep_values`, `BEFORE UPDATE ON ${table}`, refuse("the trail is kept")),
  ]),
];

const OBJECTS: readonly (readonly [name: string, sql: string])[] = [
  ...TABLES.map(([name, columns]) => [name, `CREATE TABLE ${name} (${columns}) STRICT`] as const),
  ["enacted_units", `CREATE VIEW enacted_units AS ${ENACTED_UNITS}`],
  ...TRIGGERS,
];

/** A database is named by chance, once; its copies keep the name. */
const NAME_ONCE = `INSERT INTO identity SELECT lower(hex(randomblob(16)))
  WHERE NOT EXISTS (SELECT 1 FROM identity)`;

/** Creates what is not there yet, in one transaction. */
export function createSqliteSchema(database: DatabaseSync): void {
  database.exec("BEGIN IMMEDIATE");
  try {
    const there = new Set(objectsOf(database).map(({ name }) => name));
    for (const [name, sql] of OBJECTS) if (!there.has(name)) database.exec(sql);
    database.exec(NAME_ONCE);
    database.exec("COMMIT");
  } catch (error) {
    database.exec("ROLLBACK");
    throw error;
  }
}

/** Objects that are missing, changed, or too many. */
export function sqliteSchemaDeltas(database: DatabaseSync): readonly string[] {
  const line = (name: string, sql: string) => `schema ${name} ${sql}`;
  return deltasOf(
    OBJECTS.map(([name, sql]) => line(name, sql)),
    objectsOf(database).map(({ name, sql }) => line(name, sql)),
  ).map((delta) => delta.split(" ").slice(0, 3).join(" "));
}

/** Triggers that are missing, changed, or too many; SQLite cannot disable one without changing the schema. */
export async function sqliteTriggerDeltas(connection: Connection): Promise<readonly string[]> {
  const line = (name: unknown, sql: unknown) => `${name} ${sql}`;
  const found = await connection.rows("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'");
  return deltasOf(
    TRIGGERS.map(([name, sql]) => line(name, sql)),
    found.map((row) => line(row["name"], row["sql"])),
  ).map((delta) => delta.split(" ").slice(0, 2).join(" "));
}

function objectsOf(database: DatabaseSync): { readonly name: string; readonly sql: string }[] {
  const rows = database.prepare("SELECT name, sql FROM sqlite_schema WHERE sql IS NOT NULL").all();
  return rows.map((row) => ({ name: String(row["name"]), sql: String(row["sql"]) }));
}
