/**
 * A leaf: one event as its exact canonical bytes.
 *
 * Invariants:
 *   L1. `writeLeaf` prints what `canonicalJson` of the whole event would print: the keys of an event are known and
 *       sorted, and the head's other values need no escape.
 *   L2. `readLeaf` accepts exactly what `writeLeaf` writes: canonical bytes of a valid event of at most 65,535 bytes.
 *
 * @see RFC 8785.
 * @module
 */
import { hash } from "node:crypto";
import {
  canonicalJson,
  type Digest,
  type JsonValue,
  LEAF_BYTES_MAX,
  parseCanonicalJson,
  RunEvent,
  type SchemaIssue,
  shapeIssues,
} from "@canonic/contracts";
import { AuditError } from "./errors.ts";

/** `bytes` and `hash` as stored; `digest` is the hash spelled for the next event's `prev`. */
export interface Leaf {
  readonly bytes: Uint8Array;
  readonly hash: Uint8Array;
  readonly digest: Digest;
}

/**
 * Checks an event and prints its leaf.
 *
 * @throws {AuditError} `audit.event-invalid`, `audit.leaf-too-large`.
 */
export function writeLeaf(event: RunEvent): Leaf {
  const checked = RunEvent.safeParse(event);
  if (!checked.success)
    throw new AuditError("audit.event-invalid", `not a valid ${event.type} event`, { issues: issuesOf(checked.error) });
  const { at, data, prev, run, seq, subject, type } = checked.data;
  // The NUL in front is the leaf's domain prefix: the bytes to hash lie in one piece, without a second copy.
  const prefixed = Buffer.from(
    `\0{"at":"${at}","data":${canonicalJson(data)},"prev":"${prev}","run":"${run}","seq":${seq},"subject":${canonicalJson(subject)},"type":"${type}"}`,
    "utf8",
  );
  const sizeBytes = prefixed.length - 1;
  if (sizeBytes > LEAF_BYTES_MAX) {
    throw new AuditError("audit.leaf-too-large", `a leaf of ${sizeBytes} bytes is larger than ${LEAF_BYTES_MAX}`, {
      sizeBytes,
      sizeBytesMax: LEAF_BYTES_MAX,
    });
  }
  const hex = hash("sha256", prefixed, "hex");
  return { bytes: prefixed.subarray(1), hash: Buffer.from(hex, "hex"), digest: `sha256:${hex}` as Digest };
}

/**
 * Reads a leaf strictly.
 *
 * @throws {AuditError} `audit.event-invalid` when the bytes are not the canonical form of a valid event.
 */
export function readLeaf(bytes: Uint8Array): RunEvent {
  if (bytes.length > LEAF_BYTES_MAX) throw invalid("at most 65,535 bytes");
  let value: JsonValue;
  try {
    value = parseCanonicalJson(bytes);
  } catch {
    throw invalid("canonical JSON");
  }
  const checked = RunEvent.safeParse(value);
  if (checked.success) return checked.data;
  throw new AuditError("audit.event-invalid", "not a valid event", { issues: issuesOf(checked.error) });
}

function issuesOf(error: Parameters<typeof shapeIssues>[0]): SchemaIssue[] {
  const first = shapeIssues(error).slice(0, 20);
  return first.map(({ pointer, expected }) => ({ pointer, expected: expected.slice(0, 200) }));
}

function invalid(expected: string): AuditError<"audit.event-invalid"> {
  return new AuditError("audit.event-invalid", `a leaf is not ${expected}`, { issues: [{ pointer: "", expected }] });
}
