/**
 * Random numbers that are a function of a digest: SHA-256 in counter mode.
 *
 * @module
 */
import { type Digest, digestBytes } from "./digest.ts";

/** A stream of unsigned 32-bit integers; equal seeds give equal streams on every machine. */
export function seededRandom(seed: Digest): () => number {
  let block = 0;
  let words: number[] = [];
  return () => {
    if (words.length === 0) {
      const hex = digestBytes(`${seed}/${block}`).slice(7);
      words = Array.from({ length: 8 }, (_, index) => Number.parseInt(hex.slice(8 * index, 8 * index + 8), 16));
      block += 1;
    }
    return words.shift() as number;
  };
}

/** A permutation of `values`: Fisher-Yates, each choice drawn without modulo bias. */
export function permuted<T>(values: readonly T[], seed: Digest): T[] {
  const random = seededRandom(seed);
  const result = [...values];
  for (let last = result.length - 1; last > 0; last -= 1) {
    const chosen = below(last + 1, random);
    [result[last], result[chosen]] = [result[chosen] as T, result[last] as T];
  }
  return result;
}

/** A number in 0..bound-1; draws from the incomplete last stretch of 2^32 are thrown away. */
function below(bound: number, random: () => number): number {
  const limit = 2 ** 32 - (2 ** 32 % bound);
  for (;;) {
    const drawn = random();
    if (drawn < limit) return drawn % bound;
  }
}
