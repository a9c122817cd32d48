/**
 * Questions: 30 slots asked of 10 areas, resolved to one language.
 *
 * Invariants:
 *   Q1. `Q001..Q300` follow the `numeric/v1` ordering: 30(area-1) + 5(dimension-1) + q. Ids compare as numbers,
 *       never as strings: "PA10" sorts before "PA2" and would renumber 270 questions.
 *
 * @module
 */
import { z } from "zod";
import { Language } from "./document.ts";
import { AreaId, DimensionId, PayloadType, QuestionId } from "./ids.ts";
import { SignalNeed } from "./signal.ts";

/** How elements found become a score 0..3; declared by the question, never guessed. */
export const ScoringModality = z.enum(["count", "required-then-count", "presence", "strongest"]);
export type ScoringModality = z.infer<typeof ScoringModality>;

/** Something that a good answer shows; `patterns` are regular expressions (flags `iu`) checked against ReDoS. */
export const ExpectedElement = z.strictObject({
  id: z.string().regex(/^[a-z][a-z0-9-]{0,62}$/),
  label: z.string().min(1),
  required: z.boolean(),
  patterns: z.array(z.string().min(1)),
  signals: z.array(z.string().regex(/^[a-z-]+(:[a-z][A-Za-z0-9-]*)?$/)),
});
export type ExpectedElement = z.infer<typeof ExpectedElement>;

export const FailureContract = z.strictObject({
  abortIf: z.array(z.enum(["chunk-digest-mismatch", "signal-missing", "signal-invalid", "language-mismatch"])).min(1),
  code: z.string().regex(/^[a-z][a-z0-9-]*\.[a-z][a-z0-9-]*$/),
});

export type FailureContract = z.infer<typeof FailureContract>;

export const Question = z.strictObject({
  schema: z.literal("canonic/question/v1"),
  id: QuestionId,
  ordering: z.literal("numeric/v1"),
  slot: z.string().regex(/^DIM0[1-6]-Q[1-5]$/),
  area: AreaId,
  dimension: DimensionId,
  q: z.int().min(1).max(5),
  language: Language,
  text: z.string().min(1),
  payloadType: PayloadType,
  terms: z.array(z.string().min(1)),
  elements: z.array(ExpectedElement).min(1),
  modality: ScoringModality,
  signals: z.strictObject({ required: z.array(SignalNeed).min(1), optional: z.array(SignalNeed) }),
  failure: FailureContract,
});
export type Question = z.infer<typeof Question>;

/** The position 1..300 of a question under `numeric/v1`; `area` 1..10, `dimension` 1..6, `q` 1..5. */
export function questionNumber(area: number, dimension: number, q: number): number {
  return 30 * (area - 1) + 5 * (dimension - 1) + q;
}
