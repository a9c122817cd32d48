/**
 * Whole numbers without an end: everything that the oracle counts is a BigInt until it stands in a record.
 *
 * @module
 */

/** 2^53 - 1: sums and products of the specification end here. */
export const MAX = 9_007_199_254_740_991n;
export const MILLION = 1_000_000n;

/** Towards minus infinity; `divisor` is positive. */
export function floorDivide(dividend: bigint, divisor: bigint): bigint {
  const quotient = dividend / divisor;
  return dividend % divisor < 0n ? quotient - 1n : quotient;
}

/** Towards plus infinity; `divisor` is positive. */
export function ceilDivide(dividend: bigint, divisor: bigint): bigint {
  return -floorDivide(-dividend, divisor);
}

export function lesser(a: bigint, b: bigint): bigint {
  return a < b ? a : b;
}

export function greater(a: bigint, b: bigint): bigint {
  return a > b ? a : b;
}

export function atMostMax(value: bigint): bigint {
  return lesser(value, MAX);
}

/** A number for a record; our own mistake where it is not a safe integer. */
export function toNumber(value: bigint): number {
  if (value > MAX || value < -MAX) throw new Error(`${value} does not fit a record`);
  return Number(value);
}
