/**
 * Ranks the paragraphs of a document for the 60 cells of the grid.
 *
 * A cell takes a paragraph when both its area and its dimension reach {@link POINTS_MIN} points of their lexicons: one
 * core term and a near one, or four near ones. The smaller of the two decides, so neither makes up for the other; among equals
 * BM25 over the terms of both decides. The heading above a paragraph counts for its area, at most one core term's worth.
 *
 * Invariants:
 *   R1. Scores are integers and a function of the paragraphs alone: equal documents rank equally on every machine.
 *   R2. `score >= THRESHOLD` if and only if the paragraph is a candidate of the cell.
 *   R3. Ties fall to the earlier paragraph.
 *   R4. An area far weaker than the paragraph's strongest one (less than half of its points) has no points there.
 *
 * @module
 */
import type { AreaId, DimensionId, Language } from "@canonic/contracts";
import { CORE_POINTS, DIMENSIONS, NEAR_POINTS, POLICY_AREAS } from "../areas/index.ts";
import { rarity, SCALE, termScore } from "./bm25.ts";
import { countTerms, indexTerms, occurrencesOf, type Stemmer, stemmerOf, stemsOf, type TermIndex } from "./terms.ts";

export const POINTS_MIN = 4;
const POINTS_MAX = 12;

/** The least score of a candidate: {@link POINTS_MIN} points, in 1/{@link SCALE}ths. */
export const THRESHOLD = POINTS_MIN * SCALE;

/** A paragraph as text; `heading` is the nearest heading above it. */
export type RankedText = { readonly text: string; readonly heading: string | null; readonly isHeading: boolean };

export type Candidate = { readonly paragraph: number; readonly score: number };

/** `candidates` best first; `bestScore` is over all paragraphs, candidates or not. */
export type Ranking = {
  readonly area: AreaId;
  readonly dimension: DimensionId;
  readonly terms: readonly string[];
  readonly candidates: readonly Candidate[];
  readonly bestScore: number;
};

type Field = {
  readonly terms: readonly string[];
  readonly core: number;
  readonly index: TermIndex;
  readonly marks: readonly RegExp[];
};

/** One field's view of one paragraph; `order` is its BM25 score in 1/{@link SCALE}ths. */
type Reading = { readonly points: number; readonly counts: ReadonlyMap<number, number> };
type RankedReading = Reading & { readonly order: number };

/**
 * Ranks every paragraph for every cell, in id order of the cells.
 *
 * @param paragraphs - In document order; headings lend their words to what follows and are no passages themselves.
 */
export function rankParagraphs(paragraphs: readonly RankedText[], language: Language): readonly Ranking[] {
  const stemmer = stemmerOf(language);
  const areas = POLICY_AREAS.map(({ lexicon }) => fieldOf(lexicon[language], [], stemmer));
  const dimensions = DIMENSIONS.map(({ lexicon, marks }) => fieldOf(lexicon[language], marks[language], stemmer));
  const known = new Set([...areas, ...dimensions].flatMap(({ index }) => [...index.keys()]));
  const bodies = paragraphs.flatMap(({ text, heading, isHeading }, paragraph) => {
    if (isHeading) return [];
    const stems = stemsOf(text, stemmer);
    const lent = occurrencesOf(stemsOf(heading ?? "", stemmer), known);
    return [{ paragraph, text, words: stems.length, found: occurrencesOf(stems, known), lent }];
  });
  const inAreas = bodies.map(({ found, lent }) => {
    const readings = areas.map((area) => readArea(area, found, lent));
    const strongest = Math.max(...readings.map(({ points }) => points));
    return readings.map((reading) => (reading.points * 2 < strongest ? { ...reading, points: 0 } : reading));
  });
  const words = bodies.map((body) => body.words);
  const byArea = areas.map((_, a) =>
    rankReadings(
      inAreas.map((readings) => readings[a] ?? NOTHING),
      words,
    ),
  );
  const byDimension = dimensions.map((field) =>
    rankReadings(
      bodies.map(({ found, text }) => read(field, found, text)),
      words,
    ),
  );

  return POLICY_AREAS.flatMap((area, a) =>
    DIMENSIONS.map((dimension, d) => {
      const scored = bodies.map(({ paragraph }, at) => {
        return { paragraph, score: scoreOf(byArea[a]?.[at], byDimension[d]?.[at]) };
      });
      return {
        area: area.id,
        dimension: dimension.id,
        terms: [...new Set([...(areas[a]?.terms ?? []), ...(dimensions[d]?.terms ?? [])])],
        candidates: scored
          .filter(({ score }) => score >= THRESHOLD)
          .sort((left, right) => right.score - left.score || left.paragraph - right.paragraph),
        bestScore: scored.reduce((best, { score }) => Math.max(best, score), 0),
      };
    }),
  );
}

const NOTHING: Reading = { points: 0, counts: new Map() };

/** Whole points in {@link SCALE}ths, and below them the order: it never makes a point. */
function scoreOf(ours: RankedReading | undefined, theirs: RankedReading | undefined): number {
  const points = Math.min(ours?.points ?? 0, theirs?.points ?? 0, POINTS_MAX);
  if (points === 0) return 0;
  const order = Math.floor(((ours?.order ?? 0) + (theirs?.order ?? 0)) / 64);
  return points * SCALE + Math.min(SCALE - 1, order);
}

function fieldOf(
  lexicon: { readonly core: readonly string[]; readonly near: readonly string[] },
  marks: readonly string[],
  stemmer: Stemmer,
): Field {
  const terms = [...lexicon.core, ...lexicon.near];
  return {
    terms,
    core: lexicon.core.length,
    index: indexTerms(terms, stemmer),
    marks: marks.map((mark) => new RegExp(mark, "iu")),
  };
}

function read(field: Field, found: readonly string[], text: string): Reading {
  const counts = countTerms(found, field.index);
  const marks = field.marks.filter((mark) => mark.test(text)).length;
  return { points: pointsOf(field, counts) + marks * CORE_POINTS, counts };
}

function readArea(field: Field, found: readonly string[], lent: readonly string[]): Reading {
  const counts = countTerms(found, field.index);
  const borrowed = Math.min(CORE_POINTS, pointsOf(field, countTerms(lent, field.index)));
  return { points: pointsOf(field, counts) + borrowed, counts };
}

/** Distinct terms count; saying one of them often does not. */
function pointsOf(field: Field, counts: ReadonlyMap<number, number>): number {
  let points = 0;
  for (const term of counts.keys()) points += term < field.core ? CORE_POINTS : NEAR_POINTS;
  return points;
}

/** Adds to each paragraph's reading of one field its BM25 score among all of them. */
function rankReadings(readings: readonly Reading[], words: readonly number[]): readonly RankedReading[] {
  const frequencies = new Map<number, number>();
  for (const { counts } of readings) {
    for (const term of counts.keys()) frequencies.set(term, (frequencies.get(term) ?? 0) + 1);
  }
  const weights = new Map([...frequencies].map(([term, frequency]) => [term, rarity(readings.length, frequency)]));
  const wordsTotal = Math.max(
    1,
    words.reduce((sum, one) => sum + one, 0),
  );
  return readings.map((reading, at) => {
    const text = { words: words[at] ?? 0, wordsTotal, texts: readings.length };
    let order = 0;
    for (const [term, times] of reading.counts) order += termScore(weights.get(term) ?? 0, times, text);
    return { ...reading, order };
  });
}
