/**
 * The shapes of what phases take and give, as JSON Schema: a name for each value, and closed objects of them.
 *
 * Invariants:
 *   J1. Every input and output is a closed object in which everything is required.
 *   J2. A live output and a simulated one are different types: `adapter` admits only the adapters of its mode, so that what
 *       a simulator gives can never satisfy a live contract.
 *
 * @module
 */
import type { JsonObject, Mode } from "@canonic/contracts";
import { SECTION_TYPES, UNIT_KINDS, UNITS_MAX } from "../document/unit.ts";
import { LIVE_ADAPTERS, SIMULATOR } from "../phases/world.ts";

const DIGEST: JsonObject = { type: "string", pattern: "^sha256:[0-9a-f]{64}$" };
const UUID: JsonObject = {
  type: "string",
  pattern: "^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$",
};
const COUNT: JsonObject = { type: "integer", minimum: 1, maximum: UNITS_MAX };
const RUN: JsonObject = { type: "string", pattern: "^run_[0-9a-f]{20}$" };
const NAME: JsonObject = { type: "string", minLength: 1, maxLength: 200 };
const TEXT: JsonObject = { type: "string", minLength: 1, maxLength: 256 };
const OFFSET: JsonObject = { type: "integer", minimum: 0 };

/** A closed object in which everything is required. */
export function closed(properties: JsonObject): JsonObject {
  return { type: "object", additionalProperties: false, required: Object.keys(properties), properties };
}

/** `isOpen` leaves the vocabularies to the phase that checks them, whose refusal is a stop of its own. */
function rowSchema(isOpen: boolean, more: JsonObject): JsonObject {
  return closed({
    address: { type: "string", minLength: 1, maxLength: 128 },
    order: { ...OFFSET },
    kind: isOpen ? TEXT : { enum: Object.keys(UNIT_KINDS) },
    sectionType: isOpen ? TEXT : { enum: [...SECTION_TYPES] },
    titlePath: { type: "array", items: { type: "string" } },
    contentDigest: DIGEST,
    anchor: closed({ start: OFFSET, end: OFFSET }),
    ...more,
  });
}

const rowsOf = (items: JsonObject): JsonObject => ({ type: "array", minItems: 1, maxItems: UNITS_MAX, items });

/** One schema per value; tasks bind each to the output that gives it. */
export const VALUES = {
  anyAdapter: { enum: [...LIVE_ADAPTERS, SIMULATOR] },
  digest: DIGEST,
  uuid: UUID,
  run: RUN,
  count: COUNT,
  name: NAME,
  text: TEXT,
  offset: OFFSET,
  markedRows: rowsOf(rowSchema(true, {})),
  plannedRows: rowsOf(rowSchema(false, { idempotencyKey: DIGEST })),
  compensation: closed({
    schema: { const: "canonic-cutter/compensation/v1" },
    run: RUN,
    document: NAME,
    version: NAME,
    writerDigest: DIGEST,
    count: COUNT,
    changeSet: UUID,
    databaseId: TEXT,
    stateBefore: DIGEST,
  }),
} as const;

/** The adapters of a mode. */
export function adapterOf(mode: Mode): JsonObject {
  return mode === "live" ? { enum: [...LIVE_ADAPTERS] } : { const: SIMULATOR };
}

/** What a backup leaves in a mode. */
export function backupOf(mode: Mode): JsonObject {
  return mode === "live"
    ? closed({ kind: { const: "encrypted-dump" }, name: NAME, sizeBytes: COUNTED, digest: DIGEST })
    : closed({ kind: { const: "dry-run-marker" }, statement: TEXT });
}

const COUNTED: JsonObject = { type: "integer", minimum: 1 };
