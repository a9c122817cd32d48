/**
 * Randomness that is a function of a digest: frozen, because runs are replayed on other machines and in other years. The
 * golden numbers were computed apart, with another language's SHA-256.
 */
import { digestJson } from "@canonic/contracts";
import fc from "fast-check";
import { expect, test } from "vitest";
import { replayOrder } from "../src/index.ts";
import { permuted, seededRandom } from "../src/random.ts";

test("the stream of a seed is what it was in the first release", () => {
  const random = seededRandom(digestJson("golden"));

  expect(Array.from({ length: 10 }, random)).toEqual([
    688233189, 2091287675, 511585308, 3495755543, 3074849930, 2993026654, 2392027141, 2562341284, 1302208361,
    2537248989,
  ]);
});

test("the replay order of a plan is what it was in the first release", () => {
  const positions = Array.from({ length: 20 }, (_, index) => index);

  expect(replayOrder(digestJson("golden"), positions, 8)).toEqual([11, 10, 19, 16, 0, 14, 8, 5]);
});

test("a permutation keeps every value, and every seed has its own", () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.integer(), { maxLength: 50 }), fc.string(), (values, seed) => {
      const turned = permuted(values, digestJson(seed));
      expect([...turned].sort((a, b) => a - b)).toEqual([...values].sort((a, b) => a - b));
    }),
  );
  const orders = new Set(Array.from({ length: 200 }, (_, seed) => permuted([1, 2, 3, 4], digestJson(seed)).join("")));
  expect(orders.size).toBe(24);
});
