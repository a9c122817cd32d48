/**
 * Outputs of the policy pipeline: one per question, answered or honestly not.
 *
 * @module
 */
import { z } from "zod";
import { SearchRecord } from "./chunk.ts";
import { Digest } from "./digest.ts";
import { AreaId, ChunkId, DimensionId, QuestionId, TaskId } from "./ids.ts";
import { ScoringModality } from "./question.ts";
import { Consumption } from "./signal.ts";
import { Span } from "./span.ts";

/** Bytes of the document that support an element; relevance is an integer 0..100. */
export const Evidence = z.strictObject({
  chunk: ChunkId,
  span: Span,
  digest: Digest,
  relevance: z.int().min(0).max(100),
  elements: z.array(z.string().min(1)),
});
export type Evidence = z.infer<typeof Evidence>;

const common = {
  schema: z.literal("canonic/output/v1"),
  task: TaskId,
  question: QuestionId,
  area: AreaId,
  dimension: DimensionId,
  chunk: ChunkId,
  chunkDigest: Digest,
  modality: ScoringModality,
  elements: z.array(z.strictObject({ id: z.string().min(1), met: z.boolean() })),
  signals: z.array(Consumption),
};

/** `score` 0..3 by the question's modality; `confidence` 0..1 in steps of 0.01. No evidence is an answer, with the search that found none. */
export const Output = z.discriminatedUnion("status", [
  z.strictObject({
    status: z.literal("answered"),
    ...common,
    score: z.int().min(0).max(3),
    confidence: z.number().min(0).max(1),
    evidence: z.array(Evidence).min(1).max(5),
  }),
  z.strictObject({
    status: z.literal("no_evidence"),
    ...common,
    score: z.literal(0),
    confidence: z.number().min(0).max(1),
    evidence: z.array(Evidence).max(0),
    search: SearchRecord,
  }),
]);
export type Output = z.infer<typeof Output>;
