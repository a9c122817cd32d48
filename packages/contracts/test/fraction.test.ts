import fc from "fast-check";
import { expect, test } from "vitest";
import { compareFractions, fraction, isContractsError } from "../src/index.ts";

const counts = fc.record({
  numerator: fc.maxSafeNat(),
  denominator: fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }),
});

test("orders fractions exactly, also where doubles would round", () => {
  expect(compareFractions(fraction(255, 300), fraction(85, 100))).toBe(0);
  expect(compareFractions(fraction(254, 300), fraction(85, 100))).toBe(-1);
  expect(compareFractions(fraction(9007199254740990, 9007199254740991), fraction(1, 1))).toBe(-1);
  fc.assert(
    fc.property(counts, counts, (a, b) => {
      const order = BigInt(a.numerator) * BigInt(b.denominator) - BigInt(b.numerator) * BigInt(a.denominator);

      expect(Math.sign(compareFractions(a, b))).toBe(order < 0n ? -1 : order > 0n ? 1 : 0);
      expect(compareFractions(a, b) + compareFractions(b, a)).toBe(0);
    }),
  );
});

test.each([
  [1, 0],
  [-1, 2],
  [0.5, 2],
  [1, Number.NaN],
])("refuses %s/%s", (numerator, denominator) => {
  try {
    fraction(numerator, denominator);
    expect.unreachable();
  } catch (error) {
    expect(isContractsError(error) && error.code).toBe("contracts.bad-fraction");
  }
});
