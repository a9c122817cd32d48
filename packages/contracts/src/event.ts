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
import { GateName } from "./approval.ts";
import { BoundaryCategory } from "./boundary.ts";
import { Digest } from "./digest.ts";
import { ExecutionMode } from "./execution-mode.ts";
import { OperationId, PayloadType, RunId, SemanticVersion, TaskId } from "./ids.ts";
import { Effect, Mode } from "./operation-contract.ts";
import { SEMANTICS_VERSION } from "./plan.ts";
import { mapOf } from "./record-schema.ts";
import { boundedText } from "./text.ts";
import { Timestamp } from "./timestamp.ts";
import { LimitName, Principal } from "./token.ts";
import { ContractVerdict, Reason } from "./verdict.ts";

/** tlog-tiles limits an entry to 2^16 - 1 bytes. */
export const LEAF_BYTES_MAX = 65_535;

/** The chain of the log itself: repairs, key rotations and redactions are journaled here, not in a run. */
export const LOG_CHAIN = "log";

/** The chain of authority: tokens issued, first used, revoked, expired, and changes of the execution mode. */
export const AUTHORITY_CHAIN = "authority";

/** The chain of the statements about a sealed run: its leaves are entries for other tools, no events. */
export function statementChainOf(run: RunId): `statements/${RunId}` {
  return `statements/${run}`;
}

/** How a run ended: `rejected` at a gate, `voided` by a person after it had stopped. */
export const RunStatus = z.enum(["completed", "failed", "denied", "violated", "rejected", "voided"]);
export type RunStatus = z.infer<typeof RunStatus>;

const decision = z.enum(["allow", "refuse"]);
const reasons = z.array(Reason).max(20);
/** Counts the holders of a run, from 1: a writer with a lower one has been overtaken. */
const fence = z.int().min(1);
/** When a fact of authority happened; it may be journaled later, by the process that holds the log. */
const occurredAt = Timestamp;

/** Ed25519 as raw bytes in standard base64: 32 of a public key, 64 of a signature. */
const rawKey = z.base64().length(44);
const rawSignature = z.base64().length(88);

const dataByType = {
  PLAN_FROZEN: z.strictObject({
    number: z.int().min(1),
    plan: Digest,
    registry: Digest,
    tasks: z.int().min(1),
    mode: Mode,
    semantics: z.literal(SEMANTICS_VERSION),
    engine: boundedText(64),
    fence,
    /** Digest of the log's last signed checkpoint when the run began; its bytes are a payload. */
    checkpoint: Digest.exactOptional(),
    /** Digest of what this session executes with, `canonic/execution-environment/v1`; its bytes are a payload. */
    environment: Digest.exactOptional(),
  }),
  TOKEN_VALIDATION: z.strictObject({
    token: Digest,
    claims: Digest.nullable(),
    user: Principal,
    trigger: boundedText(64, 0),
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
    /** Digest of the `canonic/route-decision/v1` that chose among services; its bytes are a payload. */
    route: Digest.exactOptional(),
  }),
  AUTHORIZATION_SCOPE_CHECK: z.strictObject({
    domain: z.string(),
    method: z.string(),
    token: Digest,
    policySet: Digest.nullable(),
    policies: z.array(boundedText(128)).max(64),
    decision,
    reasons,
  }),
  DRIFT_CHECK: z.strictObject({ of: TaskId, expected: Digest, found: Digest.nullable(), decision, reasons }),
  RESOURCE_LIMIT_CHECK: z.strictObject({
    token: Digest,
    limits: z
      .array(
        z.strictObject({
          limit: LimitName,
          used: z.int().min(0),
          reserved: z.int().min(0),
          need: z.int().min(0),
          max: z.int().min(0),
        }),
      )
      .length(4),
    decision,
    reasons,
  }),
  EXECUTION_STARTED: z.strictObject({
    effect: Effect,
    input: Digest,
    attempt: z.int().min(1),
    idempotencyKey: boundedText(128, 0).nullable(),
  }),
  EXECUTION_COMPLETED: z.strictObject({
    output: Digest,
    sizeBytes: z.int().min(1),
    tokens: z.int().min(0),
    contract: z.literal("satisfied"),
  }),
  EXECUTION_DENIED: z.strictObject({ stage: z.string().min(1), reasons: reasons.min(1) }),
  OPERATION_ABORTED: z.strictObject({ code: z.string().min(1), failure: Digest.nullable(), reasons }),
  BOUNDARY_VIOLATION: z.strictObject({ category: BoundaryCategory, attempted: boundedText(128) }),
  EXECUTION_SKIPPED: z.strictObject({ because: z.union([TaskId, GateName]) }),
  APPROVAL_REQUESTED: z.strictObject({ gate: GateName, plan: Digest, pins: Digest, reviewDecision: z.boolean() }),
  APPROVAL_RECORDED: z.strictObject({
    gate: GateName,
    approval: Digest,
    signer: Principal,
    decision: z.enum(["approve", "reject"]),
    plan: Digest,
    pins: Digest,
    reviewDecision: boundedText(128).nullable(),
    expiresAt: Timestamp,
  }),
  RUN_STOPPED: z.strictObject({
    code: boundedText(128),
    task: TaskId.nullable(),
    gate: GateName.nullable(),
    record: Digest,
  }),
  RUN_RESUMED: z.strictObject({
    completed: z.int().min(0),
    indeterminate: z.array(TaskId).max(1024),
    attempt: z.int().min(2),
    fence,
    environment: Digest.exactOptional(),
  }),
  RUN_VOIDED: z.strictObject({ reason: boundedText(2048), by: Principal }),
  CONTRACT_VERDICT: ContractVerdict,
  RUN_SEALED: z.strictObject({
    status: RunStatus,
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
  KEY_ROTATED: z.strictObject({
    origin: boundedText(128),
    previous: rawKey,
    next: rawKey,
    previousSignature: rawSignature,
    nextSignature: rawSignature,
  }),
  PAYLOAD_REDACTED: z.strictObject({ digest: Digest, by: Principal, reason: boundedText(2048) }),
  TOKEN_ISSUED: z.strictObject({
    token: Digest,
    claims: Digest,
    issuer: Principal,
    user: Principal,
    parent: Digest.nullable(),
    expiresAt: Timestamp,
    occurredAt,
  }),
  TOKEN_FIRST_USED: z.strictObject({ token: Digest, run: RunId, occurredAt }),
  TOKEN_REVOKED: z.strictObject({ token: Digest, by: Principal, reason: boundedText(2048), occurredAt }),
  TOKEN_EXPIRED: z.strictObject({ token: Digest, expiresAt: Timestamp, occurredAt }),
  MODE_CHANGED: z.strictObject({
    from: ExecutionMode,
    to: ExecutionMode,
    by: Principal,
    reason: boundedText(2048),
    until: Timestamp.nullable(),
    occurredAt,
  }),
} as const;

/** Events of the log's own chain. */
export const LOG_EVENT_TYPES = ["JOURNAL_REPAIRED", "KEY_ROTATED", "PAYLOAD_REDACTED"] as const;
export type LogEventType = (typeof LOG_EVENT_TYPES)[number];

/** Events of the authority chain; all others are of a run or of the log's own chain. */
export const AUTHORITY_EVENT_TYPES = [
  "MODE_CHANGED",
  "TOKEN_EXPIRED",
  "TOKEN_FIRST_USED",
  "TOKEN_ISSUED",
  "TOKEN_REVOKED",
] as const;
export type AuthorityEventType = (typeof AUTHORITY_EVENT_TYPES)[number];

export type EventType = keyof typeof dataByType;
export const EVENT_TYPES = Object.keys(dataByType).sort() as readonly EventType[];

const EventRun = z.union([RunId, z.literal(LOG_CHAIN), z.literal(AUTHORITY_CHAIN)]);

const head = {
  run: EventRun,
  seq: z.int().min(0),
  prev: Digest,
  at: Timestamp,
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
  eventOf("DRIFT_CHECK"),
  eventOf("RESOURCE_LIMIT_CHECK"),
  eventOf("EXECUTION_STARTED"),
  eventOf("EXECUTION_COMPLETED"),
  eventOf("EXECUTION_DENIED"),
  eventOf("BOUNDARY_VIOLATION"),
  eventOf("OPERATION_ABORTED"),
  eventOf("EXECUTION_SKIPPED"),
  eventOf("APPROVAL_REQUESTED"),
  eventOf("APPROVAL_RECORDED"),
  eventOf("RUN_STOPPED"),
  eventOf("RUN_RESUMED"),
  eventOf("RUN_VOIDED"),
  eventOf("CONTRACT_VERDICT"),
  eventOf("RUN_SEALED"),
  eventOf("JOURNAL_REPAIRED"),
  eventOf("KEY_ROTATED"),
  eventOf("PAYLOAD_REDACTED"),
  eventOf("TOKEN_ISSUED"),
  eventOf("TOKEN_FIRST_USED"),
  eventOf("TOKEN_REVOKED"),
  eventOf("TOKEN_EXPIRED"),
  eventOf("MODE_CHANGED"),
]);
export type RunEvent = z.infer<typeof RunEvent>;

/** What a writer says; the journal adds `seq`, `prev` and `at`. */
export type EventDraft = {
  [Type in EventType]: { readonly type: Type; readonly subject: string; readonly data: EventData<Type> };
}[EventType];
export type AuthorityEventDraft = Extract<EventDraft, { type: AuthorityEventType }>;
export type EventData<Type extends EventType> = z.infer<(typeof dataByType)[Type]>;
