import fc from "fast-check";
import { expect, test } from "vitest";
import { confidenceText, percentOf } from "../../src/report/numbers.ts";

test("cuts a percentage, so that it never says more than the fraction (N1)", () => {
  expect(percentOf({ numerator: 254, denominator: 300 }, "en")).toBe("84.6\u00a0%");
  expect(percentOf({ numerator: 255, denominator: 300 }, "es")).toBe("85\u00a0%");
  expect(percentOf({ numerator: 2999, denominator: 3000 }, "es")).toBe("99,9\u00a0%");
  expect(percentOf({ numerator: 0, denominator: 0 }, "en")).toBe("0\u00a0%");
});

test("says 100 % of the whole alone (N1)", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 1_000_000 }), fc.nat(1_000_000), (denominator, part) => {
      const numerator = Math.min(part, denominator);

      expect(percentOf({ numerator, denominator }, "en") === "100\u00a0%").toBe(numerator === denominator);
    }),
  );
});

test("prints every step of confidence with two decimals, in the language's way", () => {
  const steps = Array.from({ length: 101 }, (_, index) => index);

  expect(steps.map((step) => confidenceText(step / 100, "en"))).toEqual(steps.map((step) => (step / 100).toFixed(2)));
  expect(confidenceText(0.29, "es")).toBe("0,29");
});
