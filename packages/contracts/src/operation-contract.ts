/**
 * Operation contracts: what an operation owes, stated before it runs.
 *
 * @module
 */
import { z } from "zod";
import { Capability } from "./capability.ts";
import { Digest } from "./digest.ts";
import { OperationId, SemanticVersion } from "./ids.ts";
import { JsonMap } from "./record-schema.ts";
import { SignalNeed } from "./signal.ts";

/** A pure or read operation may run again after a crash; a write needs a durable intent and an idempotency key. */
export const Effect = z.enum(["pure", "read", "write"]);
export type Effect = z.infer<typeof Effect>;

/** An operation is registered per mode; a live run cannot resolve to a dry-run operation. */
export const Mode = z.enum(["dryrun", "live"]);
export type Mode = z.infer<typeof Mode>;

export const Determinism = z.enum(["deterministic", "seeded", "recorded"]);
export type Determinism = z.infer<typeof Determinism>;

/** A side of an operation at which values are a person's. */
export const PersonalSide = z.enum(["input", "output"]);
export type PersonalSide = z.infer<typeof PersonalSide>;

/** Limits that the runner enforces: wall time 1 ms..1 h, canonical output bytes, worker heap 16..8192 MB. */
export const Termination = z.strictObject({
  timeoutMs: z.int().min(1).max(3_600_000),
  outputBytesMax: z
    .int()
    .min(2)
    .max(64 * 1024 * 1024),
  memoryLimitMb: z.int().min(16).max(8192),
  condition: z.string().min(1),
});
export type Termination = z.infer<typeof Termination>;

/**
 * `input` and `output` are JSON Schema 2020-12 documents. Success criteria, failure modes, termination and verification
 * are the four statements that the freeze policy asks of every operation.
 */
export const OperationContract = z.strictObject({
  schema: z.literal("canonic/operation-contract/v1"),
  operation: OperationId,
  version: SemanticVersion,
  description: z.string().min(1),
  input: JsonMap,
  output: JsonMap,
  effect: Effect,
  mode: Mode,
  determinism: Determinism,
  idempotent: z.boolean(),
  successCriteria: z.array(z.strictObject({ id: z.string().min(1), statement: z.string().min(1) })).min(1),
  failureModes: z.array(z.strictObject({ code: z.string().min(1), when: z.string().min(1) })).min(1),
  termination: Termination,
  verification: z.strictObject({
    strategy: z.enum(["schema", "recompute", "second-principal", "receipt"]),
    statement: z.string().min(1),
  }),
  crossDomainDeps: z.array(OperationId),
  /** What it does beyond its input; absent is nothing. A token must allow each by name. */
  capabilities: z.array(Capability).exactOptional(),
  /** The most tokens of a model that one response costs; absent is none. */
  tokensMax: z.int().min(0).exactOptional(),
  /** `untrusted` runs in a process without environment, file, network, thread or process rights; absent is `trusted`. */
  isolation: z.enum(["trusted", "untrusted"]).exactOptional(),
  /**
   * Which sides carry personal values; absent is neither. Their payloads are salted, so that nothing in the log can be
   * guessed once they are redacted. With `input`, a task has no parameters: a plan is never redacted.
   */
  personal: z.array(PersonalSide).min(1).max(2).exactOptional(),
  signals: z.strictObject({ required: z.array(SignalNeed), optional: z.array(SignalNeed) }),
  /** The digest of the one `canonic/service-contract/v1` that it executes; absent is none. A task routed to that service is this operation's. */
  service: Digest.exactOptional(),
});
export type OperationContract = z.infer<typeof OperationContract>;
