import fc from "fast-check";
import { expect, test } from "vitest";
import { countTerms, indexTerms, occurrencesOf, stemmerOf, stemsOf, type TermIndex } from "../../src/rank/terms.ts";

const stemmer = stemmerOf("en");
const count = (stems: readonly string[], index: TermIndex) => countTerms(occurrencesOf(stems, index), index);
const word = fc.constantFrom("school", "schools", "health", "care", "rural", "road", "the");
const term = fc.array(word, { minLength: 1, maxLength: 4 }).map((words) => words.join(" "));
const text = fc.array(word, { maxLength: 40 }).map((words) => words.join(" "));

/** Looks for each term at each place. */
function naiveCounts(stems: readonly string[], terms: readonly string[]): ReadonlyMap<number, number> {
  const counts = new Map<number, number>();
  const seen = new Set<string>();
  terms.forEach((one, position) => {
    const wanted = stemsOf(one, stemmer);
    if (seen.has(wanted.join(" "))) return;
    seen.add(wanted.join(" "));
    const hits = stems.filter((_, at) => wanted.every((stem, offset) => stems[at + offset] === stem)).length;
    if (hits > 0) counts.set(position, hits);
  });
  return counts;
}

test("counts what a search term by term counts (T1)", () => {
  fc.assert(
    fc.property(text, fc.array(term, { minLength: 1, maxLength: 12 }), (words, terms) => {
      const stems = stemsOf(words, stemmer);

      const counts = count(stems, indexTerms(terms, stemmer));

      expect(new Map([...counts].sort())).toEqual(new Map([...naiveCounts(stems, terms)].sort()));
    }),
  );
});

test("a term finds its inflections, in both languages (T1)", () => {
  const spanish = stemmerOf("es");

  expect(count(stemsOf("Two hospitals and a HOSPITAL", stemmer), indexTerms(["hospital"], stemmer)).get(0)).toBe(2);
  expect(count(stemsOf("nuevas viviendas de la vivienda", spanish), indexTerms(["vivienda"], spanish)).get(0)).toBe(2);
});

test("composed and decomposed accents are one word", () => {
  const spanish = stemmerOf("es");

  expect(stemsOf("educacio\u0301n", spanish)).toEqual(stemsOf("educación", spanish));
});
