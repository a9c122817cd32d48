import fc from "fast-check";
import { expect, test } from "vitest";
import { epochMsOf } from "../src/epoch.ts";

test("a moment is as many milliseconds from 1970 as the platform's calendar says", () => {
  fc.assert(
    fc.property(
      fc.date({
        min: new Date("0000-01-01T00:00:00.000Z"),
        max: new Date("9999-12-31T23:59:59.999Z"),
        noInvalidDate: true,
      }),
      (date) => {
        expect(epochMsOf(date.toISOString())).toBe(date.getTime());
      },
    ),
    { numRuns: 2000 },
  );
});

test.each([
  "2026-02-29T00:00:00.000Z",
  "2026-13-01T00:00:00.000Z",
  "2026-01-32T00:00:00.000Z",
  "2026-01-01T24:00:00.000Z",
  "now",
  "",
])("`%s` is no moment", (text) => {
  expect(epochMsOf(text)).toBeNaN();
});
