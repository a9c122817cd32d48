/**
 * The one order of those that passed.
 *
 * Score, greater first; cost, less first; latency, less first; then the place in the order by id and newer version. What is
 * not known comes last, and a cost that an importer assumed is not known.
 *
 * @see docs/routing.md, section 6.
 * @module
 */
import { hasBit } from "./bits.ts";

/** What places are compared by; costs and latencies are NaN where they are not known, `costAssumed` are bits. */
export interface Ordered {
  readonly scores: Float64Array;
  readonly costs: Float64Array;
  readonly costAssumed: Int32Array;
  readonly latencies: Float64Array;
  readonly places: Int32Array;
}

/** The head of the order, and how many have the score of the first. */
export interface Head {
  readonly first: readonly number[];
  readonly tied: number;
}

/** The first `max` of those alive, in order: one pass, and an insertion for each that is better than the worst of them. */
export function headOf(ordered: Ordered, alive: Int32Array, max: number): Head {
  const { scores } = ordered;
  const first: number[] = [];
  let best = Number.NEGATIVE_INFINITY;
  let worst = best;
  let tied = 0;
  for (let word = 0; word < alive.length; word += 1) {
    let bits = alive[word] as number;
    while (bits !== 0) {
      const low = bits & -bits;
      bits ^= low;
      const index = word * 32 + 31 - Math.clz32(low);
      const score = scores[index] as number;
      if (score > best) {
        best = score;
        tied = 1;
      } else if (score === best) tied += 1;
      if (first.length < max || score >= worst) {
        insert(ordered, first, index, max);
        worst = scores[first[first.length - 1] as number] as number;
      }
    }
  }
  return { first, tied };
}

function insert(ordered: Ordered, first: number[], index: number, max: number): void {
  let place = first.length;
  if (place === max) {
    if (!isBefore(ordered, index, first[max - 1] as number)) return;
    place -= 1;
  }
  while (place > 0 && isBefore(ordered, index, first[place - 1] as number)) {
    first[place] = first[place - 1] as number;
    place -= 1;
  }
  first[place] = index;
}

function isBefore({ scores, costs, costAssumed, latencies, places }: Ordered, a: number, b: number): boolean {
  const difference = (scores[a] as number) - (scores[b] as number);
  if (difference !== 0) return difference > 0;
  const costOf = (index: number) => (hasBit(costAssumed, index) ? Number.NaN : (costs[index] as number));
  const byCost = lessFirst(costOf(a), costOf(b));
  if (byCost !== 0) return byCost < 0;
  const byLatency = lessFirst(latencies[a] as number, latencies[b] as number);
  return byLatency !== 0 ? byLatency < 0 : (places[a] as number) < (places[b] as number);
}

function lessFirst(a: number, b: number): number {
  if (a < b) return -1;
  if (a > b) return 1;
  return Number(Number.isNaN(a)) - Number(Number.isNaN(b));
}
