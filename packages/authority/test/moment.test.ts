import fc from "fast-check";
import { expect, test } from "vitest";
import { isAuthorityError, secondsOf, timestampOf } from "../src/index.ts";
import { shifted } from "../src/moment.ts";

const LAST_MS = 253_402_300_799_999;

test("reads and prints every millisecond of 1970 to 9999 as the engine's calendar does", () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: LAST_MS }), (ms) => {
      const text = new Date(ms).toISOString();

      expect(secondsOf(text)).toBe(Math.floor(ms / 1000));
      expect(timestampOf(secondsOf(text))).toBe(new Date(Math.floor(ms / 1000) * 1000).toISOString());
    }),
    { numRuns: 2000 },
  );
});

test("moves by seconds and milliseconds, and never before 1970", () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 4e12 }), fc.integer({ min: -4000, max: 4000 }), (ms, seconds) => {
      const text = new Date(ms).toISOString();

      expect(shifted(text, seconds, 1)).toBe(new Date(Math.max(0, ms + seconds * 1000 + 1)).toISOString());
    }),
  );
});

test.each([
  "2026-02-30T00:00:00.000Z",
  "2026-13-01T00:00:00.000Z",
  "2026-01-01T24:00:00.000Z",
  "2026-01-01T00:00:00Z",
  "2026-01-01T00:00:00.000z",
  "1969-12-31T23:59:59.999Z",
  "",
])("refuses `%s`", (text) => {
  expect(() => secondsOf(text)).toThrow(expect.toSatisfy(isAuthorityError));
});
