/**
 * What a price is in pico-units, read off its text digit by digit: a second way for tests.
 *
 * @module
 */

/**
 * The price as a whole number of pico-units, rounded up.
 *
 * @param text - A decimal, with or without an exponent.
 * @param per - How many powers of ten of the unit it is for (6 for a price per million).
 */
export function unquoted(text: string, per: number): number {
  const [mantissa = "", exponent = "0"] = text.toLowerCase().split("e");
  const [whole = "", part = ""] = mantissa.split(".");
  const point = whole.length + Number(exponent) + 12 - per;
  const digits = `${whole}${part}`;
  const before = point <= 0 ? "0" : digits.slice(0, point).padEnd(point, "0");
  const after = point <= 0 ? digits : digits.slice(point);
  return Number(before) + (/[1-9]/.test(after) ? 1 : 0);
}
