import fc from "fast-check";
import { expect, test } from "vitest";
import { MOMENT_MAX, millisecondsOf, momentAfter, timestampOf } from "../src/index.ts";

test("moments are those of the calendar from 1970 to 9999, and nothing else is one", () => {
  fc.assert(
    fc.property(fc.nat({ max: MOMENT_MAX }), (ms) => {
      expect(timestampOf(ms)).toBe(new Date(ms).toISOString());
      expect(millisecondsOf(timestampOf(ms))).toBe(ms);
    }),
    { numRuns: 2000 },
  );
  for (const text of ["1969-12-31T23:59:59.999Z", "2023-02-29T00:00:00.000Z", "2023-01-01T24:00:00.000Z"]) {
    expect(millisecondsOf(text)).toBeUndefined();
  }
});

test("a moment after another is that of the calendar, and none is before 1970 or after 9999", () => {
  fc.assert(
    fc.property(fc.nat({ max: MOMENT_MAX }), fc.maxSafeInteger(), (from, ms) => {
      const to = Math.max(0, Math.min(MOMENT_MAX, from + ms));
      expect(momentAfter(timestampOf(from), ms)).toBe(new Date(to).toISOString());
    }),
    { numRuns: 1000 },
  );
  expect(momentAfter("2026-02-30T00:00:00.000Z", 1)).toBeUndefined();
});
