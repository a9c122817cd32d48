/**
 * The payloads that must be there, because an event, a plan or a document record names them by digest.
 *
 * @module
 */
import { type Digest, DocumentRecord, Plan, parseCanonicalJson, type RunEvent } from "@canonic/contracts";

const DOCUMENT_SCHEMA = '"canonic/document/v1"';

/** The payloads that an event names; what it says only as a digest (a token, an input, what a recheck found) is none. */
export function namedBy(event: RunEvent): readonly Digest[] {
  switch (event.type) {
    case "PLAN_FROZEN":
      return [
        event.data.plan,
        event.data.registry,
        ...(event.data.checkpoint === undefined ? [] : [event.data.checkpoint]),
        ...environmentOf(event),
      ];
    case "RUN_RESUMED":
      return environmentOf(event);
    case "TOKEN_VALIDATION":
      return event.data.claims === null ? [] : [event.data.claims];
    case "ROUTING_DECISION":
      return event.data.route === undefined ? [] : [event.data.route];
    case "EXECUTION_COMPLETED":
      return [event.data.output];
    case "APPROVAL_RECORDED":
      return [event.data.approval];
    case "RUN_STOPPED":
      return [event.data.record];
    case "CONTRACT_VERDICT":
      return [event.data.evidence];
    default:
      return [];
  }
}

/** What a session of a run was executed with, where its first event names it. */
export function environmentOf(event: RunEvent): readonly Digest[] {
  const isStart = event.type === "PLAN_FROZEN" || event.type === "RUN_RESUMED";
  return isStart && event.data.environment !== undefined ? [event.data.environment] : [];
}

/** The artifacts of a plan; undefined when the bytes are not of a plan. */
export function artifactsOf(bytes: Uint8Array): readonly Digest[] | undefined {
  return Plan.safeParse(parsedOrNull(bytes)).data?.artifacts;
}

/** The text that a document record is of: a payload too, though no plan names it. Undefined for all other values. */
export function textOf(bytes: Uint8Array): Digest | undefined {
  if (!Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).includes(DOCUMENT_SCHEMA)) return undefined;
  return DocumentRecord.safeParse(parsedOrNull(bytes)).data?.text.digest;
}

function parsedOrNull(bytes: Uint8Array): unknown {
  try {
    return parseCanonicalJson(bytes);
  } catch {
    return null;
  }
}
