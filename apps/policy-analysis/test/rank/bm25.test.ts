import fc from "fast-check";
import { expect, test } from "vitest";
import { log2Fixed, rarity, SCALE, termScore } from "../../src/rank/bm25.ts";

const quotient = fc
  .tuple(fc.integer({ min: 1, max: 100_000 }), fc.integer({ min: 0, max: 1_000_000 }))
  .map(([denominator, more]) => ({ numerator: denominator + more, denominator }));

test("the logarithm is within one step of the platform's, which is not trusted with the last digit (B1)", () => {
  fc.assert(
    fc.property(quotient, ({ numerator, denominator }) => {
      const ours = log2Fixed(numerator, denominator);

      expect(Number.isSafeInteger(ours)).toBe(true);
      expect(Math.abs(ours - Math.log2(numerator / denominator) * SCALE)).toBeLessThanOrEqual(1.01);
    }),
    { numRuns: 2000 },
  );
});

test("powers of two are exact (B1)", () => {
  for (let power = 0; power < 31; power += 1) expect(log2Fixed(2 ** power, 1)).toBe(power * SCALE);
});

test("a rarer term never weighs less (B2)", () => {
  fc.assert(
    fc.property(fc.integer({ min: 2, max: 5000 }), fc.nat(), (total, pick) => {
      const frequency = 1 + (pick % (total - 1));

      expect(rarity(total, frequency)).toBeGreaterThanOrEqual(rarity(total, frequency + 1));
    }),
  );
});

test("one occurrence more never scores less, and a longer text never more (B2)", () => {
  const text = fc.record({
    words: fc.integer({ min: 1, max: 500 }),
    texts: fc.integer({ min: 1, max: 5000 }),
    wordsTotal: fc.integer({ min: 500, max: 500_000 }),
  });
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 20_000 }), fc.integer({ min: 1, max: 100 }), text, (weight, times, of) => {
      const score = termScore(weight, times, of);

      expect(Number.isSafeInteger(score)).toBe(true);
      expect(termScore(weight, times + 1, of)).toBeGreaterThanOrEqual(score);
      expect(termScore(weight, times, { ...of, words: of.words + 1 })).toBeLessThanOrEqual(score);
    }),
  );
});

test("scores are those of the published formula, floored", () => {
  // tf = 2, length 30, average 20, k1 = 1.2, b = 0.75: 2 * 2.2 / (2 + 1.2 * (0.25 + 0.75 * 1.5)) = 1.20547...
  expect(termScore(1000, 2, { words: 30, wordsTotal: 2000, texts: 100 })).toBe(1205);
});
