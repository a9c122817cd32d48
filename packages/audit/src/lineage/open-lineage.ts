/**
 * A run as OpenLineage run events: START, RUNNING after each resume, and COMPLETE, FAIL or ABORT when it is sealed.
 *
 *     run        a UUID that follows from log and run id; the facet `canonic_evidence` names both, with the event's digest
 *     job        the domains of the plan's operations, in the namespace of the log
 *     inputs     the document of a policy run, else the plan's artifacts; a dataset is named by digest
 *     outputs    all outputs as one dataset, once the run is sealed with them
 *
 * Invariants:
 *   O1. A pure function of the record: sent twice, the same run has the same id and the same times.
 *   O2. Exactly one START; at most one of COMPLETE, FAIL, ABORT, and none while the run is not sealed.
 *
 * @see OpenLineage 2-0-2, RunEvent. RFC 9562 for UUIDs of version 8.
 * @module
 */
import {
  byCodeUnit,
  type Digest,
  digestBytes,
  digestFromBytes,
  domainOf,
  EVIDENCE_FACET_SCHEMA,
  EvidenceFacet,
  type JsonObject,
  planDigestOf,
  type RunStatus,
} from "@canonic/contracts";
import { type LoggedEvent, logAddress } from "./cloud-events.ts";
import { policyValuesOf } from "./policy-values.ts";
import type { LineageRecord } from "./record.ts";

const PRODUCER = "https://canonic.dev/audit";
const SCHEMA_URL = "https://openlineage.io/spec/2-0-2/OpenLineage.json#/$defs/RunEvent";
const CONTENT = "https://canonic.dev/sha256";

const ENDINGS: Readonly<Record<RunStatus, "COMPLETE" | "FAIL" | "ABORT">> = {
  completed: "COMPLETE",
  failed: "FAIL",
  denied: "FAIL",
  violated: "FAIL",
  rejected: "ABORT",
  voided: "ABORT",
};

/** The run events of a run, first to last; `events` are all of its events, in order. */
export function openLineageOf(record: LineageRecord, events: readonly LoggedEvent[]): readonly JsonObject[] {
  return events.flatMap((logged) => {
    const { event } = logged;
    switch (event.type) {
      case "PLAN_FROZEN":
        return [runEvent(record, logged, "START", null)];
      case "RUN_RESUMED":
        return [runEvent(record, logged, "RUNNING", null)];
      case "RUN_SEALED":
        return [runEvent(record, logged, ENDINGS[event.data.status], event.data.status, event.data.outputs)];
      default:
        return [];
    }
  });
}

function runEvent(
  record: LineageRecord,
  { event, leaf }: LoggedEvent,
  eventType: string,
  status: RunStatus | null,
  outputs: Digest | null = null,
): JsonObject {
  const { run, origin, plan } = record;
  const evidence = EvidenceFacet.parse({
    _producer: PRODUCER,
    _schemaURL: EVIDENCE_FACET_SCHEMA,
    origin,
    run,
    plan: planDigestOf(plan),
    eventDigest: digestBytes(leaf.bytes),
    leafHash: digestFromBytes(leaf.hash),
    leafIndex: leaf.index,
    status,
  });
  return {
    eventType,
    eventTime: event.at,
    producer: PRODUCER,
    schemaURL: SCHEMA_URL,
    run: { runId: runUuid(origin, run), facets: { canonic_evidence: evidence } },
    job: { namespace: logAddress(origin), name: jobName(record) },
    inputs: inputsOf(record).map(dataset),
    outputs: outputs === null ? [] : [dataset(outputs)],
  };
}

/** Operations of one domain are one job, whatever document they are given. */
function jobName({ plan }: LineageRecord): string {
  return [...new Set(plan.tasks.map(({ operation }) => domainOf(operation)))].sort(byCodeUnit).join("+");
}

function inputsOf(record: LineageRecord): readonly Digest[] {
  const documents = new Set([...policyValuesOf(record).chunks.values()].map(({ document }) => document));
  return documents.size > 0 ? [...documents].sort(byCodeUnit) : record.plan.artifacts;
}

function dataset(digest: Digest): JsonObject {
  return { namespace: CONTENT, name: digest.slice(7) };
}

/** 122 bits of the digest of log and run, as a UUID of version 8. */
function runUuid(origin: string, run: string): string {
  const hex = digestBytes(`canonic/openlineage-run/v1\n${origin}\n${run}\n`).slice(7);
  const variant = "89ab"[Number.parseInt(hex[16] ?? "0", 16) % 4];
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
