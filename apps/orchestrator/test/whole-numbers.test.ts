import { availableParallelism } from "node:os";
import { expect, test } from "vitest";
import { jobsOf, secondsOf } from "../src/whole-numbers.ts";

const invalid = { code: "orchestrator.option-invalid" };

test("seconds are digits from 1 to the most, or what is taken when nothing is said", () => {
  expect([secondsOf("--for", "1", 60), secondsOf("--for", "60", 60)]).toEqual([1, 60]);
  expect([secondsOf("--for", undefined, 60), secondsOf("--for", undefined, 60, 5)]).toEqual([60, 5]);
});

test.each(["", "0", "-1", "+1", "01", "1.0", "1e1", "61", " 1", "1 ", "0x1", "9".repeat(30)])(
  "`%s` is no seconds",
  (text) => {
    expect(() => secondsOf("--for", text, 60)).toThrow(expect.objectContaining(invalid));
  },
);

test("jobs are at most the cores, and all of them when nothing is said", () => {
  const cores = availableParallelism();
  expect([jobsOf(undefined), jobsOf("1"), jobsOf(String(cores))]).toEqual([cores, 1, cores]);
  for (const text of ["0", String(cores + 1), "many"]) {
    expect(() => jobsOf(text)).toThrow(
      expect.objectContaining({
        ...invalid,
        details: { option: "--jobs", expected: `a whole number from 1 to ${cores}` },
      }),
    );
  }
});
