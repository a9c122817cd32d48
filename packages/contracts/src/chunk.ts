/**
 * Chunks: the 60 cells of the grid, and the package that holds them.
 *
 * Invariants:
 *   C1. A cell for which the document says nothing is an explicit empty chunk with the record of its search.
 *   C2. The integrity root commits to the digests of the chunks in id order.
 *
 * @module
 */
import { z } from "zod";
import { Digest, digestJson } from "./digest.ts";
import { Language, Passage } from "./document.ts";
import { AreaId, ChunkId, DimensionId } from "./ids.ts";

/** What was looked for, over how many paragraphs, and how near the best came; scores are integers. */
export const SearchRecord = z.strictObject({
  method: z.string().min(1),
  terms: z.array(z.string().min(1)),
  paragraphs: z.int().min(0),
  candidates: z.int().min(0),
  bestScore: z.int().min(0),
  threshold: z.int().min(0),
});
export type SearchRecord = z.infer<typeof SearchRecord>;

const cell = {
  schema: z.literal("canonic/chunk/v1"),
  id: ChunkId,
  area: AreaId,
  dimension: DimensionId,
  language: Language,
  document: Digest,
  search: SearchRecord,
};

export const Chunk = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("found"), ...cell, passages: z.array(Passage).min(1).max(32) }),
  z.strictObject({ kind: z.literal("empty"), ...cell }),
]);
/** One cell; `document` is the digest of the normalised text that the spans point into. */
export type Chunk = z.infer<typeof Chunk>;

/** Computed, never clamped: counts and byte sums over the chunks. */
export const PolicyPackageMetrics = z.strictObject({
  chunksFound: z.int().min(0),
  chunksEmpty: z.int().min(0),
  passages: z.int().min(0),
  passageBytes: z.int().min(0),
  documentBytes: z.int().min(1),
});

/** The Canon Policy Package: every chunk by digest, in id order. */
export const PolicyPackage = z.strictObject({
  schema: z.literal("canonic/policy-package/v1"),
  document: Digest,
  chunks: z.array(z.strictObject({ id: ChunkId, digest: Digest })).min(1),
  metrics: PolicyPackageMetrics,
  integrityRoot: Digest,
});
export type PolicyPackage = z.infer<typeof PolicyPackage>;

/** The root over chunk digests, in the order given; callers give id order. */
export function integrityRootOf(chunks: readonly { readonly id: ChunkId; readonly digest: Digest }[]): Digest {
  return digestJson(chunks.map(({ id, digest }) => [id, digest]));
}
