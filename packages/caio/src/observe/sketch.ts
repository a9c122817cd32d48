/**
 * Percentiles of many numbers in little room.
 *
 * Numbers are counted in buckets that keep eight significant bits.
 *
 * Invariants:
 *   S1. A percentile is at least the exact one (nearest rank), and at most 1/128 more; below 256 it is exact, and the greatest always.
 *   S2. The order of numbers and of merges changes nothing.
 *
 * @see Tene, HdrHistogram; Masson, Rim, Lee, DDSketch, VLDB 2019.
 * @module
 */

const SIGNIFICANT = 256;
const HALF = 128;

export class Sketch {
  #count = 0;
  #max = 0;
  readonly #buckets = new Map<number, number>();

  get count(): number {
    return this.#count;
  }

  /** The greatest number; 0 when there is none. */
  get max(): number {
    return this.#max;
  }

  /** @param value - A whole number of 0 to 2^53 - 1. */
  add(value: number): void {
    const bucket = bucketOf(value);
    this.#buckets.set(bucket, (this.#buckets.get(bucket) ?? 0) + 1);
    this.#count += 1;
    this.#max = Math.max(this.#max, value);
  }

  merge(other: Sketch): void {
    for (const [bucket, count] of other.#buckets) this.#buckets.set(bucket, (this.#buckets.get(bucket) ?? 0) + count);
    this.#count += other.#count;
    this.#max = Math.max(this.#max, other.#max);
  }

  /** An upper estimate of the number at this rank; 0 of nothing. @param percent - A whole number of 1 to 100. */
  percentile(percent: number): number {
    const rank = Math.floor((this.#count * percent + 99) / 100);
    let seen = 0;
    for (const bucket of [...this.#buckets.keys()].sort((a, b) => a - b)) {
      seen += this.#buckets.get(bucket) ?? 0;
      if (seen >= rank) return Math.min(this.#max, greatestOf(bucket));
    }
    return 0;
  }
}

/** The number itself below 256; above, its eight leading bits, behind how many others there are. */
function bucketOf(value: number): number {
  let leading = value;
  let shift = 0;
  for (; leading >= SIGNIFICANT; shift += 1) leading = Math.floor(leading / 2);
  return shift * HALF + leading;
}

function greatestOf(bucket: number): number {
  const shift = Math.max(0, Math.floor(bucket / HALF) - 1);
  let next = bucket - shift * HALF + 1;
  for (let times = 0; times < shift; times += 1) next *= 2;
  return next - 1;
}
