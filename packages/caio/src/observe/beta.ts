/**
 * The lower confidence bound of a share, from whole numbers of successes and failures.
 *
 * The posterior under the uniform prior (Bayes, Laplace) is Beta(s + 1, f + 1); its bound at confidence c is the x with
 * I_x(s + 1, f + 1) = 1 - c, and I_x is the upper tail of a binomial distribution of s + f + 1 trials.
 *
 * Invariants:
 *   B1. Equal on every machine: doubles are added, multiplied and divided, nothing else, and IEEE 754 fixes all three.
 *   B2. Up to {@link EXACT_TRIALS_MAX} trials the answer is the greatest multiple of 2^-30 whose tail is at most 1 - c, exactly: where
 *       doubles are too near to tell, whole numbers decide. Beyond, it is that one or the one below.
 *
 * @see Bayes, An Essay towards solving a Problem in the Doctrine of Chances, 1763; DLMF 8.17.5 for tail and incomplete beta.
 * @module
 */

/** The bound is counted in parts of this. */
export const GRID = 1_073_741_824;
const GRID_BITS = 30n;

export const EXACT_TRIALS_MAX = 2000;

const MILLION = 1_000_000;
/** Far more than rounding can do to a sum of these terms. */
const NEAR = 1e-9;
/** Terms below this part of the greatest are nothing to the sum. */
const NOTHING = 1e-30;

/**
 * @param confidencePpm - 1 to 999,999.
 * @returns Parts of {@link GRID}.
 */
export function shareLowerBound(successes: number, failures: number, confidencePpm: number): number {
  let low = 0;
  let high = GRID;
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (isTailWithin(middle, successes, failures, MILLION - confidencePpm)) low = middle;
    else high = middle;
  }
  return low;
}

/** True when at least s + 1 of s + f + 1 trials of chance `part` / GRID succeed with chance `alphaPpm` or less. */
function isTailWithin(part: number, successes: number, failures: number, alphaPpm: number): boolean {
  const { tail, all } = sums(part, successes + 1, successes + failures + 1);
  const allowed = all * (alphaPpm / MILLION);
  if (Math.abs(tail - allowed) > NEAR * all) return tail < allowed;
  return successes + failures + 1 <= EXACT_TRIALS_MAX && isExactlyWithin(part, successes, failures, alphaPpm);
}

/** The terms of the distribution relative to its greatest, so that none overflows: all, and those from `from` on. */
function sums(part: number, from: number, trials: number): { readonly tail: number; readonly all: number } {
  const odds = part / (GRID - part);
  const mode = Math.min(trials, Math.floor((trials + 1) * (part / GRID)));
  let [tail, head] = mode >= from ? [1, 0] : [0, 1];
  let term = 1;
  for (let k = mode; k < trials && term > NOTHING; k += 1) {
    term *= ((trials - k) / (k + 1)) * odds;
    if (k + 1 >= from) tail += term;
    else head += term;
  }
  term = 1;
  for (let k = mode; k > 0 && term > NOTHING; k -= 1) {
    term *= k / (trials - k + 1) / odds;
    if (k - 1 >= from) tail += term;
    else head += term;
  }
  return { tail, all: tail + head };
}

function isExactlyWithin(part: number, successes: number, failures: number, alphaPpm: number): boolean {
  const trials = successes + failures + 1;
  const [yes, no] = [BigInt(part), BigInt(GRID - part)];
  let tail = 0n;
  let ways = 1n;
  let power = yes ** BigInt(trials);
  for (let k = trials; k > successes; k -= 1) {
    tail += ways * power;
    ways = (ways * BigInt(k)) / BigInt(trials - k + 1);
    power = (power / yes) * no;
  }
  return tail * BigInt(MILLION) <= BigInt(alphaPpm) << (GRID_BITS * BigInt(trials));
}
