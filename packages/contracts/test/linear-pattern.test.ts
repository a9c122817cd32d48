import fc from "fast-check";
import { expect, test } from "vitest";
import { linearPattern } from "../src/index.ts";

const ATOMS = ["a", "b", "é", "😀", ".", "\\s", "\\S", "\\w", "\\D", "[ab]", "[^a]", "[^]", "\\p{L}", "\\u{61}", "\\n"];
const EDGES = ["^", "$", "\\b", "\\B"];
const QUANTIFIERS = ["*", "+", "?", "*?", "{2}", "{1,2}", "{2,}", "{0}", "{0,2}?"];

const pattern = fc.letrec<{ one: string; many: string }>((tie) => ({
  one: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    fc.constantFrom(...ATOMS),
    fc.constantFrom(...EDGES),
    tie("many").map((inner) => `(${inner})`),
    fc.tuple(fc.constantFrom(...ATOMS), fc.constantFrom(...QUANTIFIERS)).map((parts) => parts.join("")),
    fc.tuple(tie("many"), fc.constantFrom(...QUANTIFIERS)).map(([inner, how]) => `(?:${inner})${how}`),
    fc.tuple(tie("many"), tie("many")).map(([left, right]) => `(?<n>${left}|${right})`.replaceAll("?<n>", "?:")),
  ),
  many: fc.array(tie("one"), { maxLength: 4 }).map((parts) => parts.join("")),
})).many;
const text = fc
  .array(fc.constantFrom("a", "b", "_", " ", "\n", "\u2028", "é", "😀", "\ud83d", "1"), { maxLength: 7 })
  .map((parts) => parts.join(""));

test("answers as the platform's own RegExp does (L1)", () => {
  const seen = { matches: 0, misses: 0 };
  fc.assert(
    fc.property(pattern, fc.array(text, { minLength: 1, maxLength: 5 }), (source, texts) => {
      // V8 also looks for `\B` between the halves of a pair, where ECMA-262 (AdvanceStringIndex) never stands; led there by whole
      // characters from the start, it answers as the specification does.
      const own = new RegExp(`[^]*?(?:${source})`, "uy");
      const linear = linearPattern(source);
      for (const one of texts) {
        own.lastIndex = 0;
        const expected = own.test(one);
        seen[expected ? "matches" : "misses"] += 1;
        expect({ source, one, is: linear(one) }).toEqual({ source, one, is: expected });
      }
    }),
    { numRuns: 1000 },
  );
  expect(Math.min(seen.matches, seen.misses)).toBeGreaterThan(250);
});

test.each([
  ["^(a+)+$", `${"a".repeat(100_000)}!`],
  ["^(a|a)*$", `${"a".repeat(100_000)}!`],
  ["(.*)*x", "y".repeat(50_000)],
  ["^(a?){60}a{60}$", "a".repeat(59)],
  ["(\\w+\\s?)+:", "word ".repeat(10_000)],
])("%s takes steps that grow with the text alone (L2)", (source, long) => {
  let steps = 0;
  const linear = linearPattern(source, (more) => {
    steps += more;
  });

  expect(linear(long)).toBe(false);
  expect(steps).toBeGreaterThan(0);
  expect(steps).toBeLessThan(200 * (long.length + 1));
});

test("a test takes the same steps whatever was tested before, also when what is kept was dropped (L2, L3)", () => {
  let steps = 0;
  const linear = linearPattern("(a|b)*a(a|b){40}c", (more) => {
    steps += more;
  });
  const count = (one: string) => {
    steps = 0;
    linear(one);
    return steps;
  };
  const random = (seed: number) =>
    Array.from({ length: 3000 }, (_, at) => "ab"[(((at * at + seed) * 7919) % 5) & 1]).join("");
  const first = count(random(1));
  for (let seed = 2; seed < 12; seed += 1) count(random(seed));

  expect(count(random(1))).toBe(first);
});

test("what a listener throws ends the test", () => {
  const linear = linearPattern("(a|b)*a(a|b){400}c", (steps) => {
    if (steps > 60_000) throw new Error("enough");
  });

  expect(() => linear("ab".repeat(100_000))).toThrow("enough");
});

test.each([
  ["(?=a)"],
  ["(?<!a)b"],
  ["(a)\\1"],
  ["(?<n>a)\\k<n>"],
  ["(?i:a)"],
  ["a{1,5001}"],
  ["((a{1,100}){1,100}){1,100}"],
  ["(?:){1000000000}"],
  [`${"(".repeat(65)}a${")".repeat(65)}`],
  ["a".repeat(4097)],
  ["("],
  ["\\-"],
  ["a**"],
])("refuses %s", (source) => {
  expect(() => linearPattern(source)).toThrow(expect.objectContaining({ code: "contracts.bad-pattern" }));
});
