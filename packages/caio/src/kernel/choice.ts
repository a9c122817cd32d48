/**
 * The one order of those that passed.
 *
 * Score, greater first; cost, less first; latency, less first; then the place in the order by id and newer version. What is
 * not known comes last.
 *
 * @see docs/routing.md, section 6.
 * @module
 */
import { eachBit } from "./bits.ts";

/** What places are compared by; costs and latencies are NaN where they are not known. */
export interface Ordered {
  readonly scores: Float64Array;
  readonly costs: Float64Array;
  readonly latencies: Float64Array;
  readonly places: Int32Array;
}

/** The head of the order: takes services one after the other, each after its score was written. */
export class Head {
  /** The first of those that were offered, in order, at most `max`. */
  readonly first: number[] = [];
  /** How many have the score of the first. */
  tied = 0;
  /** Whoever has less than this changes nothing: the score of the last, once there are `max`. */
  least = Number.NEGATIVE_INFINITY;
  readonly #ordered: Ordered;
  readonly #max: number;
  #best = Number.NEGATIVE_INFINITY;

  /** `max` is at least 1. */
  constructor(ordered: Ordered, max: number) {
    this.#ordered = ordered;
    this.#max = max;
  }

  offer(index: number): void {
    const { scores } = this.#ordered;
    const score = scores[index] as number;
    if (score > this.#best) {
      this.#best = score;
      this.tied = 1;
    } else if (score === this.#best) this.tied += 1;
    if (score < this.least) return;
    insert(this.#ordered, this.first, index, this.#max);
    if (this.first.length === this.#max) this.least = scores[this.first[this.#max - 1] as number] as number;
  }
}

/** The head of all that are alive: one pass, and an insertion for each that is better than the last of them. */
export function headOf(ordered: Ordered, alive: Int32Array, max: number): Head {
  const head = new Head(ordered, max);
  eachBit(alive, (index) => head.offer(index));
  return head;
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

function isBefore({ scores, costs, latencies, places }: Ordered, a: number, b: number): boolean {
  const difference = (scores[a] as number) - (scores[b] as number);
  if (difference !== 0) return difference > 0;
  const byCost = lessFirst(costs[a] as number, costs[b] as number);
  if (byCost !== 0) return byCost < 0;
  const byLatency = lessFirst(latencies[a] as number, latencies[b] as number);
  return byLatency !== 0 ? byLatency < 0 : (places[a] as number) < (places[b] as number);
}

function lessFirst(a: number, b: number): number {
  if (a < b) return -1;
  if (a > b) return 1;
  return Number(Number.isNaN(a)) - Number(Number.isNaN(b));
}
