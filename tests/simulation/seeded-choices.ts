/**
 * Choices that are a function of a seed: everything that the simulation leaves to chance comes from here.
 *
 * Invariants:
 *   C1. A stream of choices depends on the seed and its name alone, so that asking one stream more often moves no other.
 *
 * @see Bob Jenkins, small fast chaotic generator; Chris Doty-Humphrey's sfc32.
 * @module
 */

export interface Choices {
  /** 0..bound-1. */
  below(bound: number): number;
  /** Lowest..highest, both included. */
  between(lowest: number, highest: number): number;
  /** True in `hits` of `of` cases. */
  chance(hits: number, of: number): boolean;
  pick<T>(values: readonly T[]): T;
  /** One of the values, as often as its weight says. */
  weighted<T>(values: readonly (readonly [number, T])[]): T;
}

/** The stream with this name of this seed. */
export function choicesOf(seed: number, stream: string): Choices {
  let a = seed | 0;
  let b = 0x9e3779b9 | 0;
  let c = 0;
  for (let index = 0; index < stream.length; index += 1) c = Math.imul(c ^ stream.charCodeAt(index), 0x01000193);
  let counter = 1;
  const next = (): number => {
    const sum = (a + b + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = ((c << 21) | (c >>> 11)) + sum;
    return sum >>> 0;
  };
  for (let round = 0; round < 15; round += 1) next();
  const below = (bound: number): number => next() % bound;
  return {
    below,
    between: (lowest, highest) => lowest + below(highest - lowest + 1),
    chance: (hits, of) => below(of) < hits,
    pick: (values) => {
      if (values.length === 0) throw new Error("assertion failed: nothing to pick from");
      return values[below(values.length)] as (typeof values)[number];
    },
    weighted: (values) => {
      let left = below(values.reduce((sum, [weight]) => sum + weight, 0));
      for (const [weight, value] of values) {
        if (left < weight) return value;
        left -= weight;
      }
      throw new Error("assertion failed: the weights do not add up");
    },
  };
}
