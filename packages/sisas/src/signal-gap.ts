/**
 * Gaps: what was not measured, why, and who can mend it.
 *
 * @module
 */
import { ChunkId, SignalKind } from "@canonic/contracts";
import { z } from "zod";

export const GapReason = z.enum([
  "unsupported-language",
  "annotator-failed",
  "garbled-text",
  "stale-vocabulary",
  "passage-mismatch",
  "nothing-searched",
]);
export type GapReason = z.infer<typeof GapReason>;

/** Who can mend each gap. */
export const GAP_OWNERS: Readonly<Record<GapReason, string>> = {
  "unsupported-language": "document",
  "annotator-failed": "annotator",
  "garbled-text": "document",
  "stale-vocabulary": "vocabulary",
  "passage-mismatch": "chunk",
  "nothing-searched": "chunk",
};

/** What was not measured, and why. */
export const SignalGap = z.strictObject({
  chunk: ChunkId,
  kind: SignalKind,
  reason: GapReason,
  owner: z.string().min(1),
});
export type SignalGap = z.infer<typeof SignalGap>;
