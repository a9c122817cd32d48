import fc from "fast-check";
import { expect, test } from "vitest";
import { MAX, partOf, shareBy, shareOf } from "../../src/kernel/exact.ts";

const CASES = { numRuns: 5000 };
const whole = fc.oneof(
  fc.maxSafeNat(),
  fc.nat({ max: 1000 }),
  fc.nat({ max: 1000 }).map((less) => MAX - less),
  fc.nat({ max: 52 }).map((bits) => 2 ** bits),
);

test("a share is the floor of the exact quotient, at most a million (X1)", () => {
  let large = 0;
  fc.assert(
    fc.property(whole, whole, (value, reference) => {
      if (value > 9_007_199_254 && value < reference) large += 1;
      expect(shareOf(value, reference)).toBe(naiveShare(value, reference));
    }),
    CASES,
  );
  expect(large).toBeGreaterThan(500);
});

test("a share next to a whole number is not rounded over it (X1)", () => {
  fc.assert(
    fc.property(whole, fc.integer({ min: 1, max: 999_999 }), fc.integer({ min: -2, max: 2 }), (reference, ppm, off) => {
      const value = Math.min(MAX, Math.max(0, Number((BigInt(reference) * BigInt(ppm)) / 1_000_000n) + off));
      expect(shareBy(value, reference, 1_000_000 / reference)).toBe(naiveShare(value, reference));
    }),
    CASES,
  );
});

test("a part is the exact floor or ceiling, also of negative numbers, at most MAX (X1)", () => {
  const signed = fc.tuple(whole, fc.boolean()).map(([value, isNegative]) => (isNegative ? -value : value) + 0);
  let capped = 0;
  fc.assert(
    fc.property(
      signed,
      fc.nat({ max: 1_000_000_000_000 }),
      fc.constantFrom("floor", "ceil"),
      (ppm, quantity, rounding) => {
        const product = BigInt(ppm) * BigInt(quantity);
        const cut = product / 1_000_000n;
        const isWhole = product % 1_000_000n === 0n;
        const away = isWhole ? 0n : rounding === "floor" ? (product < 0n ? -1n : 0n) : product > 0n ? 1n : 0n;
        const exact = cut + away;
        if (exact > BigInt(MAX)) capped += 1;
        expect(partOf(ppm, quantity, rounding as "floor" | "ceil")).toBe(exact > BigInt(MAX) ? MAX : Number(exact));
      },
    ),
    CASES,
  );
  expect(capped).toBeGreaterThan(100);
});

function naiveShare(value: number, reference: number): number {
  if (reference === 0) return value === 0 ? 0 : 1_000_000;
  const quotient = (BigInt(value) * 1_000_000n) / BigInt(reference);
  return quotient > 1_000_000n ? 1_000_000 : Number(quotient);
}
