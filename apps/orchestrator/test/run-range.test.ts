import type { RunSummary } from "@canonic/audit";
import type { Digest, RunId } from "@canonic/contracts";
import { describe, expect, test } from "vitest";
import { isRange, type RangeOptions, rangeOf } from "../src/run-range.ts";

const runs = ["2026-01-01T00:00:00.000Z", "2026-01-31T12:00:00.000Z", "2026-02-01T00:00:00.000Z"].map(
  (startedAt, index): RunSummary => ({
    run: "run_0123456789abcdef0123" as RunId,
    number: index + 1,
    plan: "" as Digest,
    startedAt,
    events: 2,
    status: "completed",
  }),
);

describe("the runs of an export", () => {
  test.each([
    [{ runs: "2..3" }, { from: 2, to: 3 }],
    [{ runs: "3..3" }, { from: 3, to: 3 }],
    [{ since: "2026-01-31" }, { from: 2, to: 3 }],
    [{ until: "2026-02-01" }, { from: 1, to: 2 }],
    [
      { since: "2026-01-31T12:00:00Z", until: "2026-01-31T12:00:00.001Z" },
      { from: 2, to: 2 },
    ],
  ])("asked for by %j are %j", (options, range) => {
    expect(isRange(options)).toBe(true);
    expect(rangeOf(options, runs)).toEqual(range);
  });

  const refused: [string, RangeOptions][] = [
    ["a day that there is not", { since: "2026-02-30" }],
    ["a word", { until: "yesterday" }],
    ["a moment of another zone", { since: "2026-01-31T12:00:00+01:00" }],
    ["a period that ends before it begins", { since: "2026-02-01", until: "2026-01-01" }],
    ["a period without a run", { until: "2001-01-01" }],
    ["numbers in the wrong order", { runs: "2..1" }],
    ["a number of nothing", { runs: "0..1" }],
    ["numbers of runs that there are not yet", { runs: "2..4" }],
    ["numbers and a period", { runs: "1..2", since: "2020-01-01" }],
  ];
  test.each(refused)("asked for by %s are refused", (_title, options) => {
    expect(() => rangeOf(options, runs)).toThrow(expect.objectContaining({ code: "orchestrator.option-invalid" }));
  });

  test("are refused under the name of the option that was given", () => {
    expect(() => rangeOf({ until: "2001-01-01" }, runs)).toThrow(
      expect.objectContaining({ details: expect.objectContaining({ option: "--until" }) }),
    );
  });

  test("are not asked for by nothing", () => {
    expect(isRange({})).toBe(false);
  });
});
