/** The odd seeds. Two files, so that two processes share the work. */
import { describe, expect, test } from "vitest";
import { Coverage } from "./coverage.ts";
import { EXPECTED, EXPECTED_ONCE } from "./expected.ts";
import { onlySeed, SEEDS_FOR_COVERAGE, seeds, simulateMany, TIMES_EACH } from "./many-seeds.ts";

const timeout = 60_000 + seeds * 60;

describe.skipIf(onlySeed !== null)("the odd seeds", () => {
  const coverage = new Coverage();

  test("break no invariant, whatever fails, waits, wakes up or comes twice (V1..V16)", { timeout }, async () => {
    await simulateMany(1, 2, coverage);

    expect(coverage.of("seeds")).toBeGreaterThanOrEqual(Math.floor(seeds / 2));
  });

  test.skipIf(seeds < SEEDS_FOR_COVERAGE)("bring about every event, status, stop code, fault and lie", () => {
    expect(coverage.rare(EXPECTED, TIMES_EACH)).toEqual([]);
    expect(coverage.rare(EXPECTED_ONCE, 1)).toEqual([]);
  });
});
