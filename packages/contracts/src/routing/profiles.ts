/**
 * The versioned profiles that a decision is made under: how it weighs, what privacy asks, and who is permitted.
 *
 * @module
 */
import { z } from "zod";
import { Digest } from "../digest.ts";
import { SemanticVersion } from "../ids.ts";
import { boundedText } from "../text.ts";
import { DataClass, Locality, Ppm, ServiceId } from "./names.ts";

/** Weights in parts of a million, and what counts as much where a request names no bound of its own. */
export const ScoreProfile = z.strictObject({
  schema: z.literal("canonic/score-profile/v1"),
  name: boundedText(64),
  version: SemanticVersion,
  weights: z.strictObject({
    intent: Ppm,
    attention: Ppm,
    learned: Ppm,
    resonance: Ppm,
    cost: Ppm,
    risk: Ppm,
    latency: Ppm,
  }),
  costReferencePicos: z.int().min(1),
  latencyReferenceUs: z.int().min(1),
});
export type ScoreProfile = z.infer<typeof ScoreProfile>;

/** The specification's weights: .30 .20 .20 .10 for, .10 .05 .05 against; one US dollar and ten seconds are much. */
export const DEFAULT_SCORE_PROFILE: ScoreProfile = {
  schema: "canonic/score-profile/v1",
  name: "default",
  version: "1.0.0",
  weights: {
    intent: 300_000,
    attention: 200_000,
    learned: 200_000,
    resonance: 100_000,
    cost: 100_000,
    risk: 50_000,
    latency: 50_000,
  },
  costReferencePicos: 1_000_000_000_000,
  latencyReferenceUs: 10_000_000,
};

/** Every weight is 0: what is admissible is chosen by cost alone, then latency, then id. */
export const CHEAPEST_SCORE_PROFILE: ScoreProfile = {
  ...DEFAULT_SCORE_PROFILE,
  name: "cheapest",
  weights: { intent: 0, attention: 0, learned: 0, resonance: 0, cost: 0, risk: 0, latency: 0 },
};

/** What a data class asks of a service; null asks nothing. */
export const PrivacyDemand = z.strictObject({
  dataClass: DataClass,
  localityMax: Locality.nullable(),
  retentionDaysMax: z.int().min(0).nullable(),
  encryptedInTransit: z.boolean(),
  encryptedAtRest: z.boolean(),
  mayTrain: z.boolean(),
});

/** One demand for each data class, in the order of the lattice; each asks at least what the one before it asks. */
export const PrivacyProfile = z.strictObject({
  schema: z.literal("canonic/privacy-profile/v1"),
  name: boundedText(64),
  version: SemanticVersion,
  demands: z.array(PrivacyDemand).length(4),
});
export type PrivacyProfile = z.infer<typeof PrivacyProfile>;

export const DEFAULT_PRIVACY_PROFILE: PrivacyProfile = {
  schema: "canonic/privacy-profile/v1",
  name: "default",
  version: "1.0.0",
  demands: [
    {
      dataClass: "public",
      localityMax: null,
      retentionDaysMax: null,
      encryptedInTransit: false,
      encryptedAtRest: false,
      mayTrain: true,
    },
    {
      dataClass: "internal",
      localityMax: null,
      retentionDaysMax: null,
      encryptedInTransit: true,
      encryptedAtRest: false,
      mayTrain: false,
    },
    {
      dataClass: "confidential",
      localityMax: "region",
      retentionDaysMax: 30,
      encryptedInTransit: true,
      encryptedAtRest: true,
      mayTrain: false,
    },
    {
      dataClass: "restricted",
      localityMax: "local",
      retentionDaysMax: 0,
      encryptedInTransit: true,
      encryptedAtRest: true,
      mayTrain: false,
    },
  ],
};

/**
 * What a policy engine answered for one identity, one data class and every service: the engine is asked once per distinct
 * security profile, before the decision, and its answers are part of the decision's world. `refused` is sorted.
 */
export const AuthorizationTable = z.strictObject({
  schema: z.literal("canonic/authorization-table/v1"),
  policies: Digest,
  identity: Digest.nullable(),
  dataClass: DataClass,
  snapshot: Digest,
  profiles: z.int().min(0),
  refused: z.array(
    z.strictObject({ service: ServiceId, version: SemanticVersion, policies: z.array(boundedText(128)).max(64) }),
  ),
});
export type AuthorizationTable = z.infer<typeof AuthorizationTable>;
