/**
 * Makes the 60 chunks and the policy package of a document.
 *
 * Invariants:
 *   K1. Chunks stand in id order, PA01-DIM01 to PA10-DIM06; a cell without candidates is an explicit empty chunk.
 *   K2. A passage is bytes of the document: its digest is the SHA-256 of exactly those, its text their UTF-8.
 *   K3. Metrics are counted, never clamped.
 *
 * @module
 */
import {
  type Chunk,
  type ChunkId,
  digestBytes,
  digestJson,
  integrityRootOf,
  type Passage,
  type PolicyPackage,
} from "@canonic/contracts";
import { type ReadDocument, sliceBytes } from "../document/index.ts";
import { type Ranking, rankParagraphs, THRESHOLD } from "./rank-paragraphs.ts";

/** The most passages that a cell takes. */
export const PASSAGES_MAX = 10;

/** Named in every search record: the rule of `rankParagraphs`, by version. */
export const SEARCH_METHOD = "canonic/lexicon-bm25/v1";

/** What ranking needs of a document. */
export type RankableDocument = Pick<ReadDocument, "bytes" | "language" | "paragraphs">;

export type ChunkedDocument = { readonly chunks: readonly Chunk[]; readonly policyPackage: PolicyPackage };

/** Ranks a document's paragraphs and cuts it into its 60 chunks, each with its passages best first. */
export function chunkDocument(document: RankableDocument): ChunkedDocument {
  const decoder = new TextDecoder();
  const texts = document.paragraphs.map(({ start, end, kind, heading }) => ({
    text: decoder.decode(sliceBytes(document.bytes, { start, end })),
    heading,
    isHeading: kind === "heading",
  }));
  const source = digestBytes(document.bytes);
  const chunks = rankParagraphs(texts, document.language).map((ranking): Chunk => {
    const passages = passagesOf(ranking, document, texts);
    const cell = {
      schema: "canonic/chunk/v1" as const,
      id: `${ranking.area}-${ranking.dimension}` as ChunkId,
      area: ranking.area,
      dimension: ranking.dimension,
      language: document.language,
      document: source,
      search: {
        method: SEARCH_METHOD,
        terms: [...ranking.terms],
        paragraphs: texts.length,
        candidates: ranking.candidates.length,
        bestScore: ranking.bestScore,
        threshold: THRESHOLD,
      },
    };
    return passages.length > 0 ? { kind: "found", ...cell, passages } : { kind: "empty", ...cell };
  });
  return { chunks, policyPackage: packageOf(chunks, document) };
}

function passagesOf(
  ranking: Ranking,
  document: RankableDocument,
  texts: readonly { readonly text: string }[],
): Passage[] {
  return ranking.candidates.slice(0, PASSAGES_MAX).map(({ paragraph, score }) => {
    const place = document.paragraphs[paragraph];
    const text = texts[paragraph]?.text;
    if (place === undefined || text === undefined)
      throw new Error(`paragraph ${paragraph} was ranked and is not there`);
    const span = { start: place.start, end: place.end };
    return { span, digest: digestBytes(sliceBytes(document.bytes, span)), score, text };
  });
}

function packageOf(chunks: readonly Chunk[], document: RankableDocument): PolicyPackage {
  const listed = chunks.map((chunk) => ({ id: chunk.id, digest: digestJson(chunk) }));
  const found = chunks.filter((chunk) => chunk.kind === "found");
  const passages = found.flatMap((chunk) => chunk.passages);
  return {
    schema: "canonic/policy-package/v1",
    document: digestBytes(document.bytes),
    chunks: listed,
    metrics: {
      chunksFound: found.length,
      chunksEmpty: chunks.length - found.length,
      passages: passages.length,
      passageBytes: passages.reduce((sum, { span }) => sum + span.end - span.start, 0),
      documentBytes: document.bytes.length,
    },
    integrityRoot: integrityRootOf(listed),
  };
}
