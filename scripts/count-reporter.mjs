/**
 * Prints `N passed, N failed, N skipped` when a Vitest run ends, and writes the
 * same counts to the file that `CANONIC_TEST_COUNTS` names, so that the caller
 * can tell "all passed" from "nothing ran" and from "the runner died".
 *
 * An error outside any test, or a test file that could not be loaded, counts as
 * one failure each: a run is never green because its tests were not found.
 *
 * @module
 */
import { writeFileSync } from "node:fs";

/** @typedef {{ passed: number, failed: number, skipped: number }} Counts */

export default class CountReporter {
  /**
   * @param {ReadonlyArray<import("vitest/node").TestModule>} modules
   * @param {ReadonlyArray<unknown>} strayErrors
   */
  onTestRunEnd(modules, strayErrors) {
    const counts = countTests(modules, strayErrors);
    console.log(`\n${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`);
    const file = process.env.CANONIC_TEST_COUNTS;
    if (file) writeFileSync(file, JSON.stringify(counts));
  }
}

/**
 * @param {ReadonlyArray<import("vitest/node").TestModule>} modules
 * @param {ReadonlyArray<unknown>} strayErrors
 * @returns {Counts}
 */
export function countTests(modules, strayErrors) {
  const counts = { passed: 0, failed: strayErrors.length, skipped: 0 };
  for (const module of modules) {
    const failedBefore = counts.failed;
    for (const test of module.children.allTests()) {
      const { state } = test.result();
      if (state === "passed") counts.passed += 1;
      else if (state === "skipped") counts.skipped += 1;
      else counts.failed += 1;
    }
    if (!module.ok() && counts.failed === failedBefore) counts.failed += 1;
  }
  return counts;
}
