/**
 * Exact fractions: what is compared is never a rounded double.
 *
 * @module
 */
import { z } from "zod";
import { ContractsError } from "./errors.ts";

/** A non-negative fraction as counted: 254 of 300 stays 254/300. */
export const Fraction = z.strictObject({
  numerator: z.int().min(0),
  denominator: z.int().min(1),
});
export type Fraction = z.infer<typeof Fraction>;

/**
 * Makes a fraction of two counts.
 *
 * @throws {ContractsError} `contracts.bad-fraction` unless both are safe integers, the first >= 0, the second >= 1.
 */
export function fraction(numerator: number, denominator: number): Fraction {
  const parsed = Fraction.safeParse({ numerator, denominator });
  if (parsed.success) return parsed.data;
  throw new ContractsError("contracts.bad-fraction", `${numerator}/${denominator} is not a fraction of two counts`, {
    numerator: String(numerator),
    denominator: String(denominator),
  });
}

/** Negative, zero or positive as `a` is less than, equal to or greater than `b`; exact for all safe integers. */
export function compareFractions(a: Fraction, b: Fraction): number {
  const left = BigInt(a.numerator) * BigInt(b.denominator);
  const right = BigInt(b.numerator) * BigInt(a.denominator);
  return left < right ? -1 : left > right ? 1 : 0;
}
