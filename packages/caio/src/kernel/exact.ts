/**
 * Whole-number arithmetic that is exact where a double's product is not.
 *
 * Invariants:
 *   X1. Every result is the mathematical one, capped at {@link MAX}.
 *   X2. A product or sum of non-negative doubles is exact whenever it prints at most MAX, because rounding never
 *       brings a number of 2^53 or more below 2^53.
 *   X3. `Math.floor(a / b)` of whole 0 <= a <= MAX and 1 <= b <= MAX is exact: what is no multiple of b lies at least
 *       1 / b away from the next whole number, which is more than rounding moves it.
 *
 * @module
 */

/** The greatest number that values of this format hold: 2^53 - 1. */
export const MAX = Number.MAX_SAFE_INTEGER;

const MILLION = 1_000_000;
const HALF = 2 ** 27;
const NEAR = 1e-6;

/** The sum of two whole numbers of 0 to MAX, at most MAX; NaN stays NaN. */
export function cappedSum(a: number, b: number): number {
  const sum = a + b;
  return Math.min(sum, MAX);
}

/** min(1,000,000, floor(1,000,000 x value / reference)) of whole numbers of 0 to MAX; by nothing, 0 is 0 and all else a million. */
export function shareOf(value: number, reference: number): number {
  return shareBy(value, reference, MILLION / reference);
}

/**
 * {@link shareOf} with `scale`, 1,000,000 / reference, computed once for many. Three roundings move the product by less than
 * a millionth of one, so its floor is sure unless it lies that near to a whole number; there the rest decides, computed in
 * halves that are exact.
 */
export function shareBy(value: number, reference: number, scale: number): number {
  if (value >= reference) return value === 0 ? 0 : MILLION;
  const share = value * scale;
  const guess = Math.floor(share);
  const part = share - guess;
  return part > NEAR && part < 1 - NEAR ? guess : exactly(value, reference, Math.round(share));
}

/** The share, of which `near` is off by one at most. */
function exactly(value: number, reference: number, near: number): number {
  const [valueHigh, referenceHigh] = [Math.floor(value / HALF), Math.floor(reference / HALF)];
  const high = valueHigh * MILLION - referenceHigh * near;
  const low = (value - valueHigh * HALF) * MILLION - (reference - referenceHigh * HALF) * near;
  return high * HALF + low < 0 ? near - 1 : near;
}

/** floor (or ceil) of ppm x quantity / 1,000,000, at most MAX; `ppm` is any safe integer, `quantity` 0 to MAX. */
export function partOf(ppm: number, quantity: number, rounding: "floor" | "ceil"): number {
  const product = ppm * quantity;
  if (Math.abs(product) <= MAX) {
    const whole = rounding === "floor" ? Math.floor(product / MILLION) : Math.ceil(product / MILLION);
    return whole + 0;
  }
  const exact = BigInt(ppm) * BigInt(quantity);
  const million = BigInt(MILLION);
  const quotient = exact / million;
  const rest = exact % million;
  const whole = quotient + (rounding === "floor" ? (rest < 0n ? -1n : 0n) : rest > 0n ? 1n : 0n);
  return whole > BigInt(MAX) ? MAX : Number(whole);
}
