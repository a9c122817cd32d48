export type { ChunkedDocument, RankableDocument } from "./chunks.ts";
export { chunkDocument, PASSAGES_MAX, SEARCH_METHOD } from "./chunks.ts";
export type { Candidate, RankedText, Ranking } from "./rank-paragraphs.ts";
export { POINTS_MIN, rankParagraphs, THRESHOLD } from "./rank-paragraphs.ts";
