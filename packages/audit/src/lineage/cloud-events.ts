/**
 * Events as CloudEvents, so that a broker or a SIEM takes them as they come, and still says where each stands in the log.
 *
 *     id             <chain>/<seq>, unique within the source
 *     source         the log, as an address under canonic.dev
 *     type           dev.canonic.<type in lower case, words joined by ->
 *     eventdigest    SHA-256 of the event's canonical bytes: `data`, printed canonically, has it
 *     leafhash       the hash of those bytes as a leaf of the log (RFC 6962)
 *     leafindex      its index there, as text: the integer of CloudEvents ends at 2^31 - 1, a log does not
 *
 * Invariants:
 *   C1. A pure function of the leaf: whoever has the log makes the same CloudEvent of it.
 *
 * @see CloudEvents 1.0.2, JSON event format; extension attributes are lower-case letters and digits.
 * @module
 */
import { digestBytes, digestFromBytes, type JsonObject, type JsonValue, type RunEvent } from "@canonic/contracts";
import type { StoredLeaf } from "../storage.ts";

/** An event as it was read, with the leaf that it is. */
export interface LoggedEvent {
  readonly event: RunEvent;
  readonly leaf: Pick<StoredLeaf, "bytes" | "hash" | "index">;
}

const DATA_SCHEMA = "https://canonic.dev/schemas/run-event/v1.json";

/** One structured-mode CloudEvent. */
export function cloudEventOf({ event, leaf }: LoggedEvent, origin: string): JsonObject {
  return {
    specversion: "1.0",
    id: `${event.run}/${event.seq}`,
    source: logAddress(origin),
    type: `dev.canonic.${event.type.toLowerCase().replaceAll("_", "-")}`,
    subject: event.subject,
    time: event.at,
    datacontenttype: "application/json",
    dataschema: DATA_SCHEMA,
    eventdigest: digestBytes(leaf.bytes),
    leafhash: digestFromBytes(leaf.hash),
    leafindex: String(leaf.index),
    data: event as JsonValue,
  };
}

/** The address under which records for other systems name a log; two origins never share one. */
export function logAddress(origin: string): string {
  return `https://canonic.dev/logs/${encodeURIComponent(origin.toWellFormed())}`;
}
