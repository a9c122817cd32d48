/**
 * One number for each service, and the services for which it is at least, or at most, what is asked.
 *
 * The answers depend only on how many of the distinct numbers lie below what is asked, so a column of a few hundred
 * distinct numbers has a few hundred different answers, however many requests there are.
 *
 * @module
 */
import { type Answers, answersOf, SATISFIED, UNKNOWN, VIOLATED } from "./bits.ts";
import type { Memo } from "./memo.ts";

/** NaN where nothing is known; `steps` are the distinct numbers, ascending; `name` is unique within one world. */
export interface Bounds {
  readonly name: string;
  readonly values: Float64Array;
  readonly steps: Float64Array;
}

export function boundsOf(name: string, values: Float64Array): Bounds {
  const known = values.filter((value) => !Number.isNaN(value)).sort();
  return { name, values, steps: known.filter((value, index) => index === 0 || value !== known[index - 1]) };
}

/** Satisfied where the number is at least `asked`, violated where it is less, unknown where there is none. */
export function atLeast(memo: Memo<Answers>, { name, values, steps }: Bounds, asked: number): Answers {
  const below = countBelow(steps, asked);
  return memo.get(`${name}>=${below}`, () =>
    answersOf(values.length, (index) => {
      const value = values[index] as number;
      return value >= asked ? SATISFIED : value < asked ? VIOLATED : UNKNOWN;
    }),
  );
}

/** Satisfied where the number is at most `asked`, violated where it is more, unknown where there is none. */
export function atMost(memo: Memo<Answers>, { name, values, steps }: Bounds, asked: number): Answers {
  const below = countBelow(steps, asked);
  const upTo = steps[below] === asked ? below + 1 : below;
  return memo.get(`${name}<=${upTo}`, () =>
    answersOf(values.length, (index) => {
      const value = values[index] as number;
      return value <= asked ? SATISFIED : value > asked ? VIOLATED : UNKNOWN;
    }),
  );
}

function countBelow(steps: Float64Array, asked: number): number {
  let low = 0;
  let high = steps.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((steps[middle] as number) < asked) low = middle + 1;
    else high = middle;
  }
  return low;
}
