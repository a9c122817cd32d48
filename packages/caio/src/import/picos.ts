/**
 * Prices as they are written, made whole numbers of pico-units (10^-12) without a rounding that nobody sees.
 *
 * A JSON number stands for the shortest decimal that reads back as the same double, which is what was written in any catalogue of at
 * most 15 significant digits; that decimal is scaled by moving its point.
 *
 * @see ECMA-262, Number::toString.
 * @module
 */

const DECIMAL = /^(-?)(\d+)(?:\.(\d+))?(?:e([+-]?\d{1,3}))?$/i;

/** `exact` is false where a fraction of a pico-unit was rounded up, away from what would be too cheap. */
export interface Picos {
  readonly picos: number;
  readonly exact: boolean;
}

/**
 * A price in units of a currency, `divisor` of the priced thing at a time (1,000,000 for a price per million).
 *
 * @returns Null for what is no finite number, is negative, or is more than 2^53 - 1 pico-units.
 */
export function picosOf(price: unknown, divisor = 1): Picos | null {
  const parts = DECIMAL.exec(typeof price === "number" ? String(price) : typeof price === "string" ? price : "");
  if (parts === null || parts[1] === "-") return null;
  const [, , whole = "", part = "", exponent = "0"] = parts;
  const shift = 12 + Number(exponent) - part.length;
  const digits = BigInt(whole + part);
  const numerator = shift >= 0 ? digits * 10n ** BigInt(shift) : digits;
  const denominator = (shift >= 0 ? 1n : 10n ** BigInt(-shift)) * BigInt(divisor);
  const picos = (numerator + denominator - 1n) / denominator;
  if (picos > BigInt(Number.MAX_SAFE_INTEGER)) return null;
  return { picos: Number(picos), exact: picos * denominator === numerator };
}
