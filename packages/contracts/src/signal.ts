/**
 * Signals: what was derived about a chunk. A signal informs a task; it never commands one.
 *
 * Invariants:
 *   S1. Every link names the pattern that found it, the span, the digest of the span's bytes and the link before.
 *   S2. Absence measured over a stated scope is a signal (value 0, scope recorded); what was not measured is not.
 *
 * @module
 */
import { z } from "zod";
import { Digest } from "./digest.ts";
import { Language } from "./document.ts";
import { ChunkId } from "./ids.ts";
import { mapOf } from "./record-schema.ts";
import { Span } from "./span.ts";
import { boundedText } from "./text.ts";

export const SignalKind = z.enum([
  "structural-marker",
  "quantitative-triplet",
  "normative-reference",
  "programmatic-hierarchy",
  "financial-chain",
  "population-disaggregation",
  "temporal-consistency",
  "causal-verbs",
  "institutional-network",
  "semantic-relationship",
]);
export type SignalKind = z.infer<typeof SignalKind>;

/** One finding: `attributes` are strings as normalised by the annotator, for example `{ "unit": "percent", "value": "12.5" }`. */
export const Annotation = z.strictObject({
  pattern: boundedText(64),
  span: Span,
  digest: Digest,
  attributes: mapOf(z.string().regex(/^[a-z][A-Za-z0-9]{0,31}$/), boundedText(512, 0)),
});
export type Annotation = z.infer<typeof Annotation>;

/** `strength` is an integer 0..100; 0 is a measured absence over `scope`. */
export const Signal = z.strictObject({
  schema: z.literal("canonic/signal/v1"),
  kind: SignalKind,
  chunk: ChunkId,
  chunkDigest: Digest,
  language: Language,
  publisher: boundedText(64),
  version: boundedText(32),
  vocabulary: Digest,
  scope: z.strictObject({ passages: z.int().min(0), bytes: z.int().min(0) }),
  strength: z.int().min(0).max(100),
  annotations: z.array(Annotation).max(200),
});
export type Signal = z.infer<typeof Signal>;

/** What a question slot asks of signals: mandatory ones must be resolved, valid, and at least this strong (0 accepts a measured absence). */
export const SignalNeed = z.strictObject({ kind: SignalKind, strengthMin: z.int().min(0).max(100) });
export type SignalNeed = z.infer<typeof SignalNeed>;

/** One link of a consumption proof; `previous` is the digest of the link before, or of the signal for the first. */
export const ConsumptionLink = z.strictObject({
  pattern: boundedText(64),
  span: Span.nullable(),
  chunkDigest: Digest,
  previous: Digest,
});
export type ConsumptionLink = z.infer<typeof ConsumptionLink>;

/** The record that a task really read a signal; all links are kept. */
export const Consumption = z.strictObject({
  signal: Digest,
  kind: SignalKind,
  links: z.array(ConsumptionLink).min(1).max(201),
});
export type Consumption = z.infer<typeof Consumption>;
