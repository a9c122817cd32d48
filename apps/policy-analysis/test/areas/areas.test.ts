import { describe, expect, test } from "vitest";
import { DIMENSIONS, POLICY_AREAS } from "../../src/areas/index.ts";
import { indexTerms, stemmerOf, stemsOf, TERM_WORDS_MAX } from "../../src/rank/terms.ts";

const LANGUAGES = ["en", "es"] as const;

test("ten areas and six dimensions stand in id order (A1, D1)", () => {
  expect(POLICY_AREAS.map(({ id }) => id)).toEqual([
    "PA01",
    "PA02",
    "PA03",
    "PA04",
    "PA05",
    "PA06",
    "PA07",
    "PA08",
    "PA09",
    "PA10",
  ]);
  expect(DIMENSIONS.map(({ id }) => id)).toEqual(["DIM01", "DIM02", "DIM03", "DIM04", "DIM05", "DIM06"]);
});

describe.each(LANGUAGES)("in %s", (language) => {
  test("no core term stands in two areas, whatever its inflection (A2)", () => {
    const stemmer = stemmerOf(language);
    const owners = new Map<string, string>();
    const shared: string[] = [];
    for (const { id, lexicon } of POLICY_AREAS) {
      for (const term of new Set(lexicon[language].core.map((core) => stemsOf(core, stemmer).join(" ")))) {
        if (owners.has(term)) shared.push(`${term}: ${owners.get(term)} and ${id}`);
        owners.set(term, id);
      }
    }

    expect(owners.size).toBeGreaterThan(250);
    expect(shared).toEqual([]);
  });

  test("every term can be found: it has words, and not more than are looked at (T1)", () => {
    const terms = [...POLICY_AREAS, ...DIMENSIONS].flatMap(({ lexicon }) => [
      ...lexicon[language].core,
      ...lexicon[language].near,
    ]);
    const stemmer = stemmerOf(language);
    const lengths = terms.map((term) => stemsOf(term, stemmer).length);

    expect(terms.length).toBeGreaterThan(600);
    expect(terms.filter((_, at) => (lengths[at] ?? 0) < 1 || (lengths[at] ?? 0) > TERM_WORDS_MAX)).toEqual([]);
    expect(indexTerms(terms, stemmer).size).toBeGreaterThan(500);
  });

  test("marks are expressions that compile", () => {
    const marks = DIMENSIONS.flatMap((dimension) => dimension.marks[language]);

    expect(marks.length).toBeGreaterThan(4);
    for (const mark of marks) expect(() => new RegExp(mark, "iu")).not.toThrow();
  });
});
