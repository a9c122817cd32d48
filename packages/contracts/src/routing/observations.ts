/**
 * What was measured: a receipt for each execution, and what a decision may know of them.
 *
 * @module
 */
import { z } from "zod";
import { Digest } from "../digest.ts";
import { SemanticVersion } from "../ids.ts";
import { mapOf } from "../record-schema.ts";
import { Timestamp } from "../timestamp.ts";
import { Ppm, PropertyName, ServiceId, UnitName } from "./names.ts";

/** One guarantee that was looked at in a result, with what was required and what was found, as text for people. */
export const MeasuredGuarantee = z.strictObject({
  property: PropertyName,
  verdict: z.enum(["satisfied", "violated", "unknown"]),
  required: z.string().max(512),
  actual: z.string().max(512),
});

/**
 * The measured result of one execution. `latencyUs` is from call to whole answer; `output` is the digest of the answer, null
 * where there was none; `outcome` is `violated` as soon as one guarantee was. `quantities` are what was really used.
 */
export const ExecutionReceipt = z.strictObject({
  schema: z.literal("canonic/execution-receipt/v1"),
  decision: Digest,
  service: ServiceId,
  version: SemanticVersion,
  contract: Digest,
  at: Timestamp,
  latencyUs: z.int().min(0),
  quantities: mapOf(UnitName, z.int().min(0)),
  costPicos: z.int().min(0).nullable(),
  input: Digest,
  output: Digest.nullable(),
  outcome: z.enum(["fulfilled", "violated", "failed"]),
  guarantees: z.array(MeasuredGuarantee).max(256),
});
export type ExecutionReceipt = z.infer<typeof ExecutionReceipt>;

/**
 * What verified receipts of one version of a service say at one moment. `receipts` counts all that were read; `reliabilityPpm`
 * is the lower confidence bound of the share fulfilled; latencies are upper estimates of the percentiles.
 */
export const ServiceObservation = z.strictObject({
  service: ServiceId,
  version: SemanticVersion,
  receipts: z.int().min(1),
  reliabilityPpm: Ppm,
  latencyUs: z.strictObject({ p50: z.int().min(0), p95: z.int().min(0), p99: z.int().min(0), max: z.int().min(0) }),
  costPicos: z.strictObject({ p50: z.int().min(0), p95: z.int().min(0) }).nullable(),
});
export type ServiceObservation = z.infer<typeof ServiceObservation>;

/** Sorted by service, then version. `receipts` is the digest of the canonical list of the digests of what it was made of. */
export const ObservationSnapshot = z.strictObject({
  schema: z.literal("canonic/observation-snapshot/v1"),
  at: Timestamp,
  halfLifeHours: z.int().min(1).max(87_600),
  confidencePpm: Ppm,
  receipts: Digest,
  services: z.array(ServiceObservation),
});
export type ObservationSnapshot = z.infer<typeof ObservationSnapshot>;
