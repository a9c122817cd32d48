import fc from "fast-check";
import { expect, test } from "vitest";
import { indexBytes, sliceBytes } from "../../src/document/index.ts";

const unicode = fc.string({ unit: "binary", maxLength: 60 }).map((text) => text.toWellFormed());
const onBoundary = (text: string, unit: number): boolean => !/[\ud800-\udbff]/.test(text.charAt(unit - 1));

test("agrees with encoding every prefix (B1)", () => {
  fc.assert(
    fc.property(unicode, (text) => {
      const index = indexBytes(text);

      for (let unit = 0; unit <= text.length; unit += 1) {
        if (onBoundary(text, unit)) expect(index.byteAt(unit)).toBe(Buffer.byteLength(text.slice(0, unit)));
      }
      expect(index.sizeBytes).toBe(Buffer.byteLength(text));
    }),
  );
});

test("goes back to the index it came from (B2)", () => {
  fc.assert(
    fc.property(unicode, (text) => {
      const index = indexBytes(text);

      for (let unit = 0; unit <= text.length; unit += 1) {
        if (onBoundary(text, unit)) expect(index.unitAt(index.byteAt(unit))).toBe(unit);
      }
    }),
  );
});

test("takes an offset inside a character for the character's start", () => {
  const index = indexBytes("a😀b");

  expect([0, 1, 2, 3, 4, 5, 6].map((byte) => index.unitAt(byte))).toEqual([0, 1, 1, 1, 1, 3, 4]);
  expect(index.byteAt(2)).toBe(1);
});

test("refuses offsets outside the text", () => {
  const index = indexBytes("año");

  expect(() => index.byteAt(4)).toThrow(RangeError);
  expect(() => index.unitAt(5)).toThrow(RangeError);
  expect(() => index.unitAt(-1)).toThrow(RangeError);
  expect(() => sliceBytes(new Uint8Array(4), { start: 3, end: 5 })).toThrow(RangeError);
  expect(() => sliceBytes(new Uint8Array(4), { start: 3, end: 2 })).toThrow(RangeError);
});

test("indexes four million characters in seconds, not minutes", () => {
  const text = "añó😀 policy ".repeat(330_000);
  const start = performance.now();

  const index = indexBytes(text);

  expect(index.sizeBytes).toBe(Buffer.byteLength(text));
  expect(performance.now() - start).toBeLessThan(5_000);
});
