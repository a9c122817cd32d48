/**
 * Randomness that is a function of a digest: frozen, because runs are replayed on other machines and in other years. The
 * golden numbers were computed apart, with another language's SHA-256.
 */
import fc from "fast-check";
import { expect, test } from "vitest";
import { digestJson, expectedReplay } from "../src/index.ts";
import { permuted, seededRandom } from "../src/random.ts";
import { soundRun } from "./run-fixture.ts";

test("the stream of a seed is what it was in the first release", () => {
  const random = seededRandom(digestJson("golden"));

  expect(Array.from({ length: 10 }, random)).toEqual([
    688233189, 2091287675, 511585308, 3495755543, 3074849930, 2993026654, 2392027141, 2562341284, 1302208361,
    2537248989,
  ]);
});

test("the replay order of a plan is what it was in the first release", () => {
  const positions = Array.from({ length: 20 }, (_, index) => index);
  const seed = digestJson({ plan: digestJson("golden"), purpose: "replay" });

  expect(permuted(positions, seed).slice(0, 8)).toEqual([11, 10, 19, 16, 0, 14, 8, 5]);
});

test("which tasks are replayed, and in which order, follows from the plan's digest alone (Y1)", () => {
  const { plan, snapshot } = soundRun();
  const expecting = (replay: number, seed = 42) =>
    expectedReplay({ ...plan, seed, expect: { ...plan.expect, replay } }, snapshot);
  const order = expecting(30);

  expect(expecting(30)).toEqual(order);
  expect(expecting(30, 43)).not.toEqual(order);
  expect(new Set(order).size).toBe(30);
  expect(order).not.toEqual([...order].sort((a, b) => a - b));
  expect(expecting(999).sort((a, b) => a - b)).toEqual(plan.tasks.map(({ position }) => position));
  expect(expecting(0)).toEqual([]);
});

test("writes and recorded operations are no candidates (Y2)", () => {
  for (const change of [{ effect: "write" }, { determinism: "recorded" }] as const) {
    const { plan, snapshot } = soundRun();
    const operations = snapshot.operations.map((contract) => ({ ...contract, ...change, version: "2.0.0" }));
    const tasks = plan.tasks.map((task, position) => (position < 290 ? { ...task, version: "2.0.0" } : task));
    const both = { ...snapshot, operations: [...operations, ...snapshot.operations] };

    expect(expectedReplay({ ...plan, tasks, expect: { ...plan.expect, replay: 99 } }, both).sort()).toEqual(
      Array.from({ length: 10 }, (_, index) => 290 + index),
    );
  }
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
