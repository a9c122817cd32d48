import fc from "fast-check";
import { expect, test } from "vitest";
import { cutText } from "../src/index.ts";

test("text that is cut is text still, as long as it may be, and nothing of it is changed", () => {
  const text = fc.string({ unit: fc.constantFrom("a", "ñ", "😀", "\u0001") });
  fc.assert(
    fc.property(text, fc.nat(12), (whole, max) => {
      const cut = cutText(whole, max);
      expect(cut.isWellFormed()).toBe(true);
      expect(whole.startsWith(cut)).toBe(true);
      expect(cut.length).toBeLessThanOrEqual(max);
      expect(cut.length).toBeGreaterThanOrEqual(Math.min(whole.length, max) - 1);
    }),
  );
  expect(cutText("a😀b", 2)).toBe("a");
  expect(cutText("a😀b", 3)).toBe("a😀");
  expect(cutText("a\ud83db", 3).isWellFormed()).toBe(true);
});
