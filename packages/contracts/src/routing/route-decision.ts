/**
 * Routing decisions: the verdict of every candidate under one root, one choice, and all that it was made from, by digest.
 *
 * @module
 */
import { z } from "zod";
import type { JsonObject } from "../canonical-json.ts";
import { Digest, type Digest as DigestType, digestJson } from "../digest.ts";
import { SemanticVersion } from "../ids.ts";
import { Json, mapOf } from "../record-schema.ts";
import { boundedText } from "../text.ts";
import { Timestamp } from "../timestamp.ts";
import { PropertyName, ServiceId, UnitName } from "./names.ts";
import { Guarantee } from "./service-contract.ts";

/** The version of the meaning of decisions that this code writes; `docs/routing.md` says what it means. */
export const ROUTING_SEMANTICS_VERSION = 1;

/** The stages at which a service can fall, in order. */
export const RouteStage = z.enum(["match", "rules", "security", "traits"]);
export type RouteStage = z.infer<typeof RouteStage>;

/** One letter for each clause: satisfied, violated or unknown. */
export const ClauseStates = z.string().regex(/^[svu]*$/);

/** One question that every service was asked; `clause` names it, such as `capability` or `guarantee/accuracy/min`. */
export const RouteClause = z.strictObject({ stage: RouteStage, clause: boundedText(256), required: Json });
export type RouteClause = z.infer<typeof RouteClause>;

/** Terms of the score in parts of a million. */
export const ScoreTerms = z.strictObject({
  intent: z.int(),
  attention: z.int(),
  learned: z.int(),
  resonance: z.int(),
  cost: z.int(),
  risk: z.int(),
  latency: z.int(),
});
export type ScoreTerms = z.infer<typeof ScoreTerms>;

/** The leaf of one service: the states of all clauses in their order, and what it scored where all let it pass. */
export const ServiceVerdict = z.strictObject({
  service: ServiceId,
  version: SemanticVersion,
  contract: Digest,
  states: ClauseStates,
  costPicos: z.int().min(0).nullable(),
  latencyUs: z.int().min(0).nullable(),
  score: z.int().nullable(),
});
export type ServiceVerdict = z.infer<typeof ServiceVerdict>;

/** A service that passed, with how it came to its place. */
export const RankedService = z.strictObject({
  service: ServiceId,
  version: SemanticVersion,
  contract: Digest,
  score: z.int(),
  terms: ScoreTerms,
  costPicos: z.int().min(0).nullable(),
  latencyUs: z.int().min(0).nullable(),
});
export type RankedService = z.infer<typeof RankedService>;

/** Nobody left, by the first stage that left nobody. */
export const RouteRefusal = z.enum([
  "caio.no-match",
  "caio.no-rule-satisfying",
  "caio.no-secure",
  "caio.no-trait-satisfying",
]);
export type RouteRefusal = z.infer<typeof RouteRefusal>;

/** Adjustments that the caller may apply; each within the bounds that `docs/routing.md` gives. */
export const ControlSignal = z.strictObject({
  temperaturePpm: z.int().min(0).max(1_000_000),
  outputTokensMax: z.int().min(0).nullable(),
  concurrencyMax: z.int().min(1).max(64),
  deadlineUs: z.int().min(1),
  energyPpm: z.int().min(0).max(1_000_000),
});
export type ControlSignal = z.infer<typeof ControlSignal>;

/**
 * `world` names all inputs beside the request; `features` is the field state. `clauses` are the questions, in order; `counts`
 * say how many services were left after each stage; `root` is the RFC 6962 tree hash over the canonical bytes of every
 * {@link ServiceVerdict}, in the snapshot's order. `ties` are those with the score of the first, in order, at most 64, `tied` all.
 * `ranking` is the head of the total order, at most 8: the chosen one and its fallbacks.
 */
export const RouteDecision = z.strictObject({
  schema: z.literal("canonic/route-decision/v1"),
  semantics: z.literal(ROUTING_SEMANTICS_VERSION),
  at: Timestamp,
  request: Digest,
  world: z.strictObject({
    snapshot: Digest,
    identity: Digest.nullable(),
    rules: Digest,
    observations: Digest.nullable(),
    scoreProfile: Digest,
    privacyProfile: Digest,
    authorization: Digest.nullable(),
  }),
  features: z.strictObject({ intentWords: z.array(z.string()).max(64), quantities: mapOf(UnitName, z.int().min(0)) }),
  clauses: z.array(RouteClause),
  counts: z.strictObject({
    services: z.int().min(0),
    match: z.int().min(0),
    rules: z.int().min(0),
    security: z.int().min(0),
    traits: z.int().min(0),
  }),
  warnings: z.array(z.strictObject({ rule: PropertyName, services: z.int().min(1) })),
  outcome: z.discriminatedUnion("kind", [
    z.strictObject({ kind: z.literal("chosen"), service: ServiceId, version: SemanticVersion, contract: Digest }),
    z.strictObject({ kind: z.literal("refused"), code: RouteRefusal }),
  ]),
  tied: z.int().min(0),
  ties: z.array(z.strictObject({ service: ServiceId, version: SemanticVersion })).max(64),
  ranking: z.array(RankedService).max(8),
  control: ControlSignal.nullable(),
  guarantees: z.array(Guarantee),
  root: Digest,
});
export type RouteDecision = z.infer<typeof RouteDecision>;

/** The digest that events, receipts and traces name. */
export function routeDecisionDigestOf(decision: RouteDecision): DigestType {
  return digestJson(decision as unknown as JsonObject);
}
