import fc from "fast-check";
import { expect, test } from "vitest";
import { picosOf } from "../../src/import/picos.ts";

/** What a decimal text is in pico-units, by another way: digits and zeros as text, no arithmetic but one division at the end. */
function oracle(text: string, divisor: bigint): { picos: bigint; exact: boolean } {
  const [mantissa = "", exponent = "0"] = text.toLowerCase().split("e");
  const [whole = "", part = ""] = mantissa.split(".");
  const places = 60;
  const point = whole.length + Number(exponent) + 12;
  const digits = `${whole}${part}`;
  const shifted = digits.padStart(digits.length + places, "0").padEnd(digits.length + places * 2, "0");
  const scaled = BigInt(shifted.slice(0, point + places + places));
  const unit = 10n ** BigInt(places) * divisor;
  return { picos: scaled / unit + (scaled % unit === 0n ? 0n : 1n), exact: scaled % unit === 0n };
}

test("makes a price of up to 15 digits the pico-units of its decimal, rounded up and never down", () => {
  const price = fc.tuple(fc.bigInt({ min: 0n, max: 999_999_999_999_999n }), fc.integer({ min: -30, max: -12 }));
  let rounded = 0;

  fc.assert(
    fc.property(price, fc.constantFrom(1, 1_000, 1_000_000), ([digits, exponent], divisor) => {
      const text = `${digits}e${exponent}`;
      const { picos, exact } = oracle(text, BigInt(divisor));
      if (!exact) rounded += 1;
      expect(picosOf(Number(text), divisor)).toEqual({ picos: Number(picos), exact });
      expect(picosOf(text, divisor)).toEqual({ picos: Number(picos), exact });
    }),
    { numRuns: 3_000 },
  );
  expect(rounded).toBeGreaterThan(100);
});

test("reads prices of real catalogues exactly, where multiplying doubles does not", () => {
  expect(picosOf(1.35e-7)).toEqual({ picos: 135_000, exact: true });
  expect(picosOf(2.8e-7)).toEqual({ picos: 280_000, exact: true });
  expect(8e-9 * 1e12).not.toBe(8_000);
  expect(picosOf(8e-9)).toEqual({ picos: 8_000, exact: true });
  expect(picosOf(0.27, 1_000_000)).toEqual({ picos: 270_000, exact: true });
  expect(picosOf(0)).toEqual({ picos: 0, exact: true });
});

test("says where a fraction of a pico-unit was rounded up", () => {
  expect(picosOf(1.5e-13)).toEqual({ picos: 1, exact: false });
  expect(picosOf(2.80000000001e-7)).toEqual({ picos: 280_001, exact: false });
});

test.each([Number.NaN, Number.POSITIVE_INFINITY, -1e-7, 9_008, "", "1,5", "0x10", " 1", "1e-9999", null, true])(
  "has no pico-units for %s",
  (price) => {
    expect(picosOf(price)).toBeNull();
  },
);
