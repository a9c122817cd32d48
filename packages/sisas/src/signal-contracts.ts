/**
 * Signal contracts: who may publish which kind and how much, who consumes what and how fast, and what joins them.
 *
 * @module
 */
import { Digest, Language, SignalKind } from "@canonic/contracts";
import { z } from "zod";

const Name = z.string().regex(/^[@a-z][a-z0-9@/._-]{0,63}$/);

/** A publisher may emit these kinds under this vocabulary, at most `signalsPerChunkMax` of a kind for one chunk. */
export const PublicationContract = z.strictObject({
  schema: z.literal("canonic/publication-contract/v1"),
  publisher: Name,
  kinds: z.array(SignalKind).min(1),
  vocabulary: Digest,
  signalsPerChunkMax: z.int().min(1),
});
export type PublicationContract = z.infer<typeof PublicationContract>;

/**
 * A consumer needs these kinds, can read these languages and this vocabulary. `acceptsAbsence` lets a measured absence
 * through whatever `strengthMin` says. `withinMs` null: no deadline. With `acknowledge` a delivery counts only once the
 * consumer has said so.
 */
export const ConsumptionContract = z.strictObject({
  schema: z.literal("canonic/consumption-contract/v1"),
  consumer: Name,
  needs: z
    .array(z.strictObject({ kind: SignalKind, strengthMin: z.int().min(0).max(100), acceptsAbsence: z.boolean() }))
    .min(1),
  languages: z.array(Language).min(1),
  vocabulary: Digest,
  withinMs: z.int().min(1).nullable(),
  acknowledge: z.boolean(),
});
export type ConsumptionContract = z.infer<typeof ConsumptionContract>;

/** Source to publishers to consumers; it waters only while it is active. */
export const IrrigationContract = z.strictObject({
  schema: z.literal("canonic/irrigation-contract/v1"),
  name: Name,
  active: z.boolean(),
  source: Digest,
  vocabulary: Digest,
  publishers: z.array(Name).min(1),
  consumers: z.array(Name).min(1),
});
export type IrrigationContract = z.infer<typeof IrrigationContract>;
