/**
 * Run events: what happened, in order.
 *
 * Invariants:
 *   E1. `seq` is gap-free per run from 0; `prev` is the leaf hash of the run's previous event, and for the first one
 *       the plan digest, so a run's chain cannot be moved to another plan.
 *   E2. Payloads stand as digests; a leaf is at most {@link LEAF_BYTES_MAX} bytes.
 *   E3. `at` comes from the clock port and is part of no id.
 *
 * @module
 */
import { z } from "zod";
import { Digest } from "./digest.ts";
import { OperationId, PayloadType, RunId, SemanticVersion, TaskId } from "./ids.ts";
import { Effect, Mode } from "./operation-contract.ts";
import { SEMANTICS_VERSION } from "./plan.ts";
import { mapOf } from "./record-schema.ts";
import { boundedText } from "./text.ts";
import { ContractVerdict, Reason } from "./verdict.ts";

/** tlog-tiles limits an entry to 2^16 - 1 bytes. */
export const LEAF_BYTES_MAX = 65_535;

/** The chain of the log itself: repairs are journaled here, not in a run. */
export const LOG_CHAIN = "log";

const decision = z.enum(["allow", "refuse"]);
const reasons = z.array(Reason).max(20);

const dataByType = {
  PLAN_FROZEN: z.strictObject({
    number: z.int().min(1),
    plan: Digest,
    registry: Digest,
    tasks: z.int().min(1),
    mode: Mode,
    semantics: z.literal(SEMANTICS_VERSION),
    engine: boundedText(64),
  }),
  TOKEN_VALIDATION: z.strictObject({
    authority: z.literal("local-operator"),
    grant: Digest,
    decision,
    reasons,
  }),
  ROUTING_DECISION: z.strictObject({
    payloadType: PayloadType,
    operation: OperationId.nullable(),
    version: SemanticVersion.nullable(),
    contract: Digest.nullable(),
    snapshot: Digest,
    decision,
    reasons,
  }),
  AUTHORIZATION_SCOPE_CHECK: z.strictObject({
    domain: z.string(),
    method: z.string(),
    grant: Digest,
    decision,
    reasons,
  }),
  RESOURCE_LIMIT_CHECK: z.strictObject({
    limit: z.string(),
    used: z.int().min(0),
    reserved: z.int().min(0),
    max: z.int().min(0),
    decision,
    reasons,
  }),
  EXECUTION_STARTED: z.strictObject({
    effect: Effect,
    input: Digest,
    attempt: z.int().min(1),
    idempotencyKey: boundedText(128, 0).nullable(),
  }),
  EXECUTION_COMPLETED: z.strictObject({ output: Digest, sizeBytes: z.int().min(1), contract: z.literal("satisfied") }),
  EXECUTION_DENIED: z.strictObject({ stage: z.string().min(1), reasons: reasons.min(1) }),
  OPERATION_ABORTED: z.strictObject({ code: z.string().min(1), failure: Digest.nullable(), reasons }),
  EXECUTION_SKIPPED: z.strictObject({ because: TaskId }),
  RUN_RESUMED: z.strictObject({
    completed: z.int().min(0),
    indeterminate: z.array(TaskId).max(1024),
    attempt: z.int().min(2),
  }),
  CONTRACT_VERDICT: ContractVerdict,
  RUN_SEALED: z.strictObject({
    status: z.enum(["completed", "failed", "denied", "violated"]),
    events: z.int().min(2),
    counts: mapOf(z.string().regex(/^[A-Z][A-Z_]{0,62}$/), z.int().min(1)),
    head: Digest,
    outputs: Digest.nullable(),
    outputsCount: z.int().min(0),
  }),
  JOURNAL_REPAIRED: z.strictObject({
    sizeBefore: z.int().min(0),
    sizeAfter: z.int().min(0),
    dropped: z.int().min(1),
    quarantine: Digest,
  }),
} as const;

export type EventType = keyof typeof dataByType;
export const EVENT_TYPES = Object.keys(dataByType).sort() as readonly EventType[];

const EventRun = z.union([RunId, z.literal(LOG_CHAIN)]);

const head = {
  run: EventRun,
  seq: z.int().min(0),
  prev: Digest,
  at: z.string().regex(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/),
  subject: boundedText(128),
};

function eventOf<Type extends EventType>(type: Type) {
  return z.strictObject({ ...head, type: z.literal(type), data: dataByType[type] });
}

/** One event; its canonical JSON bytes are the leaf. */
export const RunEvent = z.discriminatedUnion("type", [
  eventOf("PLAN_FROZEN"),
  eventOf("TOKEN_VALIDATION"),
  eventOf("ROUTING_DECISION"),
  eventOf("AUTHORIZATION_SCOPE_CHECK"),
  eventOf("RESOURCE_LIMIT_CHECK"),
  eventOf("EXECUTION_STARTED"),
  eventOf("EXECUTION_COMPLETED"),
  eventOf("EXECUTION_DENIED"),
  eventOf("OPERATION_ABORTED"),
  eventOf("EXECUTION_SKIPPED"),
  eventOf("RUN_RESUMED"),
  eventOf("CONTRACT_VERDICT"),
  eventOf("RUN_SEALED"),
  eventOf("JOURNAL_REPAIRED"),
]);
export type RunEvent = z.infer<typeof RunEvent>;

/** What a writer says; the journal adds `seq`, `prev` and `at`. */
export type EventDraft = {
  [Type in EventType]: { readonly type: Type; readonly subject: string; readonly data: EventData<Type> };
}[EventType];
export type EventData<Type extends EventType> = z.infer<(typeof dataByType)[Type]>;
