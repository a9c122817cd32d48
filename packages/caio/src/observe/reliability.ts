/**
 * Reliability: the share of executions that were fulfilled, at least, where old ones count less.
 *
 * Invariants:
 *   R1. More successes never give less, more failures never more.
 *   R2. Between whole numbers the bound is never above what it is at the whole numbers of failures below and of successes
 *       above: weights of successes are rounded down, of failures up, and failures are read from the next two whole
 *       numbers, where the bound is convex.
 *   R3. Equal on every machine: square roots and basic operations alone.
 *
 * @module
 */
import { GRID, shareLowerBound } from "./beta.ts";

/** Weights are counted in parts of this. */
export const WEIGHT = 1_048_576;

const FORGOTTEN_HALF_LIVES = 64;
const MILLION = 1_000_000;

/** 2^(-1/2), 2^(-1/4), 2^(-1/8) and so on: each the square root of the one before. */
const ROOTS: readonly number[] = Array.from({ length: 24 }, (_, place) => {
  let root = 0.5;
  for (let times = 0; times <= place; times += 1) root = Math.sqrt(root);
  return root;
});

/** 2^(-age / half-life), 0 to 1; nothing behind 64 half-lives. */
export function weightOf(ageMs: number, halfLifeMs: number): number {
  const whole = Math.floor(ageMs / halfLifeMs);
  if (whole >= FORGOTTEN_HALF_LIVES) return 0;
  let weight = 1;
  for (let times = 0; times < whole; times += 1) weight /= 2;
  let rest = (ageMs - whole * halfLifeMs) / halfLifeMs;
  for (const root of ROOTS) {
    rest *= 2;
    if (rest >= 1) {
      rest -= 1;
      weight *= root;
    }
  }
  return weight;
}

/** How many parts of {@link WEIGHT} an execution of this weight counts. */
export function countOf(weight: number, isSuccess: boolean): number {
  return isSuccess ? Math.floor(weight * WEIGHT) : Math.ceil(weight * WEIGHT);
}

/**
 * The lower confidence bound in parts of a million.
 *
 * @param successes - In parts of {@link WEIGHT}, as failures.
 * @param confidencePpm - 1 to 999,999.
 */
export function reliabilityPpm(successes: number, failures: number, confidencePpm: number): number {
  const whole = Math.floor(successes / WEIGHT);
  const rest = successes - whole * WEIGHT;
  const below = boundFor(whole, failures, confidencePpm);
  const above = rest === 0 ? below : boundFor(whole + 1, failures, confidencePpm);
  const bound = below + Math.floor((rest * (above - below)) / WEIGHT);
  return Math.floor((bound * MILLION) / GRID);
}

/** Whole successes, parts of failures. */
function boundFor(successes: number, failures: number, confidencePpm: number): number {
  const whole = Math.floor(failures / WEIGHT);
  const rest = failures - whole * WEIGHT;
  const fewer = shareLowerBound(successes, whole, confidencePpm);
  if (rest === 0) return fewer;
  const more = shareLowerBound(successes, whole + 1, confidencePpm);
  const most = shareLowerBound(successes, whole + 2, confidencePpm);
  return Math.min(fewer, more + Math.floor(((WEIGHT - rest) * (more - most)) / WEIGHT));
}
