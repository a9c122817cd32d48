/**
 * Signal coverage over a frozen denominator, as exact fractions.
 *
 * @module
 */
import { z } from "zod";
import { Digest } from "./digest.ts";
import { Fraction } from "./fraction.ts";
import { QuestionId } from "./ids.ts";
import { SignalKind } from "./signal.ts";

export const CoverageGap = z.strictObject({
  question: QuestionId,
  kind: SignalKind,
  stage: z.enum(["declared", "wired", "emitted", "valid", "fresh", "consumed"]),
  reason: z.string().min(1),
  owner: z.string().min(1),
});
export type CoverageGap = z.infer<typeof CoverageGap>;

/** Counts of (task, mandatory signal) pairs that reached each stage; `decisive` is null when it was not measured. */
export const CoverageFunnel = z.strictObject({
  declared: z.int().min(0),
  wired: z.int().min(0),
  emitted: z.int().min(0),
  valid: z.int().min(0),
  fresh: z.int().min(0),
  consumed: z.int().min(0),
  decisive: z.int().min(0).nullable(),
});
export type CoverageFunnel = z.infer<typeof CoverageFunnel>;

/** `denominator` digests the sorted task ids that coverage is counted over. */
export const Coverage = z.strictObject({
  schema: z.literal("canonic/coverage/v1"),
  denominator: Digest,
  planned: Fraction,
  consumed: Fraction,
  minimumByArea: z.strictObject({ planned: Fraction, consumed: Fraction }),
  minimumByDimension: z.strictObject({ planned: Fraction, consumed: Fraction }),
  funnel: CoverageFunnel,
  gaps: z.array(CoverageGap),
});
export type Coverage = z.infer<typeof Coverage>;
