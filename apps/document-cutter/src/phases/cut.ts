/**
 * A cut as the writing phases share it: what is planned, under which names, and how the database spells it.
 *
 * @module
 */
import { createHash } from "node:crypto";
import { canonicalJson, type Digest, digestJson, type JsonObject, type JsonValue } from "@canonic/contracts";
import type { Connection, Row } from "../database/connection.ts";
import { readUnits } from "../document/read-units.ts";
import type { Unit, UnitRow } from "../document/unit.ts";
import { demand } from "../stop.ts";
import type { World } from "./world.ts";

/** A row that will be written; the key names the unit in every run. */
export type PlannedRow = UnitRow & { readonly idempotencyKey: Digest };

/** All that the phases after the first gate work on: every value but the name is a pin. */
export type Cut = {
  readonly databaseId: string;
  readonly run: string;
  readonly document: string;
  readonly version: string;
  readonly sourceDigest: Digest;
  readonly rows: readonly PlannedRow[];
  readonly writerDigest: Digest;
  readonly count: number;
  readonly changeSet: string;
};

/** Names what will be written, and nothing else: no run, no salt, no order of work. */
export function writerDigestOf(rows: readonly PlannedRow[]): Digest {
  return digestJson(rows as unknown as JsonValue);
}

/** A UUID of version 8 would say "custom"; tools know 4, so its bits are set as RFC 9562 sets them, over a digest. */
export function uuidOf(named: JsonObject): string {
  const bytes = createHash("sha256").update(canonicalJson(named)).digest().subarray(0, 16);
  bytes[6] = ((bytes[6] as number) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] as number) & 0x3f) | 0x80;
  const hex = bytes.toString("hex");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}

/** The same for every attempt of a run, another for every other run. */
export function changeSetOf(run: string, writerDigest: Digest): string {
  return uuidOf({ run, writerDigest });
}

/** Reads the document again and stops unless it is still the pinned one. */
export async function unitsOf(
  { document, sourceDigest }: Pick<Cut, "document" | "sourceDigest">,
  world: World,
): Promise<readonly Unit[]> {
  const source = readUnits(await world.readDocument(document));
  demand(source.digest === sourceDigest, "cutter.drift", "the document's digest");
  return source.units;
}

/** Stops unless the pins of a cut follow from one another. */
export function checkPins({ run, rows, count, writerDigest, changeSet }: Cut): void {
  demand(rows.length === count, "cutter.pin-differs", "count");
  demand(writerDigestOf(rows) === writerDigest, "cutter.pin-differs", "writerDigest");
  demand(changeSetOf(run, writerDigest) === changeSet, "cutter.pin-differs", "changeSet");
}

export const UNIT_COLUMNS =
  "address, position, kind, section_type, title_path, body, content_digest, anchor_start, anchor_end, idempotency_key, change_set, status";

/** A unit of the database, spelled as the plan spells it. */
export function toPlannedRow(row: Row): PlannedRow {
  return {
    address: String(row["address"]),
    order: Number(row["position"]),
    kind: row["kind"] as PlannedRow["kind"],
    sectionType: row["section_type"] as PlannedRow["sectionType"],
    titlePath: JSON.parse(String(row["title_path"])) as string[],
    contentDigest: row["content_digest"] as Digest,
    anchor: { start: Number(row["anchor_start"]), end: Number(row["anchor_end"]) },
    idempotencyKey: row["idempotency_key"] as Digest,
  };
}

/** The units of a change set, in the document's order. */
export function readChangeSet(connection: Connection, changeSet: string): Promise<readonly Row[]> {
  const sql = `SELECT ${UNIT_COLUMNS} FROM units WHERE change_set = $1 ORDER BY position`;
  return connection.rows(sql, [changeSet]);
}

/** Names all rows that a document has, but those of one change set. */
export async function stateDigestOf(connection: Connection, document: string, except: string): Promise<Digest> {
  const sources = "SELECT version, digest, change_set FROM sources WHERE document = $1 AND change_set <> $2";
  const units = `SELECT version, review_decision, ${UNIT_COLUMNS} FROM units WHERE document = $1 AND change_set <> $2`;
  const values = [document, except];
  return digestJson({
    sources: (await connection.rows(`${sources} ORDER BY version`, values)).map((row) => ({ ...row })),
    units: (await connection.rows(`${units} ORDER BY version, position`, values)).map((row) => ({ ...row })),
  });
}
