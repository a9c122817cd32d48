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
import { countTerms, indexTerms, type Stemmer, stemmerOf, stemsOf } from "./terms.ts";

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
  readonly count: (stems: readonly string[]) => ReadonlyMap<number, number>;
  readonly marks: readonly RegExp[];
};

/** One field's view of one paragraph. */
type Reading = { readonly points: number; readonly counts: ReadonlyMap<number, number> };

type Rarities = ReadonlyMap<number, number>;

/**
 * Ranks every paragraph for every cell, in id order of the cells.
 *
 * @param paragraphs - In document order; headings lend their words to what follows and are no passages themselves.
 */
export function rankParagraphs(paragraphs: readonly RankedText[], language: Language): readonly Ranking[] {
  const stemmer = stemmerOf(language);
  const areas = POLICY_AREAS.map(({ lexicon }) => fieldOf(lexicon[language], [], stemmer));
  const dimensions = DIMENSIONS.map(({ lexicon, marks }) => fieldOf(lexicon[language], marks[language], stemmer));
  const stems = paragraphs.map(({ text }) => stemsOf(text, stemmer));
  const bodies = paragraphs.flatMap((paragraph, index) => (paragraph.isHeading ? [] : [index]));
  const byArea = areas.map(() => new Map<number, Reading>());
  for (const index of bodies) {
    const heading = stemsOf(paragraphs[index]?.heading ?? "", stemmer);
    const readings = areas.map((area) => readArea(area, stems[index] ?? [], heading));
    const strongest = Math.max(...readings.map(({ points }) => points));
    readings.forEach((reading, at) => {
      byArea[at]?.set(index, reading.points * 2 < strongest ? { ...reading, points: 0 } : reading);
    });
  }
  const byDimension = dimensions.map(
    (field) => new Map(bodies.map((index) => [index, read(field, stems[index] ?? [], paragraphs[index]?.text ?? "")])),
  );
  const rarities = [...byArea, ...byDimension].map((readings) => raritiesOf(readings));
  const wordsTotal = Math.max(
    1,
    bodies.reduce((sum, index) => sum + (stems[index]?.length ?? 0), 0),
  );

  return POLICY_AREAS.flatMap((area, a) =>
    DIMENSIONS.map((dimension, d) => {
      let bestScore = 0;
      const candidates: Candidate[] = [];
      for (const index of bodies) {
        const ours = byArea[a]?.get(index);
        const theirs = byDimension[d]?.get(index);
        if (ours === undefined || theirs === undefined) continue;
        const text = { words: stems[index]?.length ?? 0, wordsTotal, texts: bodies.length };
        const points = Math.min(ours.points, theirs.points, POINTS_MAX);
        const order = points === 0 ? 0 : bm25(ours, rarities[a], text) + bm25(theirs, rarities[areas.length + d], text);
        const score = points * SCALE + Math.min(SCALE - 1, Math.floor(order / 64));
        bestScore = Math.max(bestScore, score);
        if (score >= THRESHOLD) candidates.push({ paragraph: index, score });
      }
      candidates.sort((left, right) => right.score - left.score || left.paragraph - right.paragraph);
      const terms = [...new Set([...(areas[a]?.terms ?? []), ...(dimensions[d]?.terms ?? [])])];
      return { area: area.id, dimension: dimension.id, terms, candidates, bestScore };
    }),
  );
}

function fieldOf(
  lexicon: { readonly core: readonly string[]; readonly near: readonly string[] },
  marks: readonly string[],
  stemmer: Stemmer,
): Field {
  const terms = [...lexicon.core, ...lexicon.near];
  const index = indexTerms(terms, stemmer);
  return {
    terms,
    core: lexicon.core.length,
    count: (stems) => countTerms(stems, index),
    marks: marks.map((mark) => new RegExp(mark, "iu")),
  };
}

function read(field: Field, stems: readonly string[], text: string): Reading {
  const counts = field.count(stems);
  const marks = field.marks.filter((mark) => mark.test(text)).length;
  return { points: pointsOf(field, counts) + marks * CORE_POINTS, counts };
}

function readArea(field: Field, stems: readonly string[], heading: readonly string[]): Reading {
  const counts = field.count(stems);
  const lent = Math.min(CORE_POINTS, pointsOf(field, field.count(heading)));
  return { points: pointsOf(field, counts) + lent, counts };
}

/** Distinct terms count; saying one of them often does not. */
function pointsOf(field: Field, counts: ReadonlyMap<number, number>): number {
  let points = 0;
  for (const term of counts.keys()) points += term < field.core ? CORE_POINTS : NEAR_POINTS;
  return points;
}

function raritiesOf(readings: ReadonlyMap<number, Reading>): Rarities {
  const frequencies = new Map<number, number>();
  for (const { counts } of readings.values()) {
    for (const term of counts.keys()) frequencies.set(term, (frequencies.get(term) ?? 0) + 1);
  }
  return new Map([...frequencies].map(([term, frequency]) => [term, rarity(readings.size, frequency)]));
}

function bm25(
  reading: Reading,
  rarities: Rarities | undefined,
  text: { readonly words: number; readonly wordsTotal: number; readonly texts: number },
): number {
  let score = 0;
  for (const [term, occurrences] of reading.counts) score += termScore(rarities?.get(term) ?? 0, occurrences, text);
  return score;
}
