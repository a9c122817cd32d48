/**
 * Chance from a seed: equal seeds draw equal things on every machine.
 *
 * @module
 */

export interface Draw {
  /** A whole number from `least` to `most`, both included; the span is below 2^32. */
  int(least: number, most: number): number;
  /** True `percent` times of a hundred. */
  chance(percent: number): boolean;
  pick<const Item>(items: readonly Item[]): Item;
}

/**
 * @param seed - Any 32-bit number.
 * @see Mulberry32, Tommy Ettinger, public domain.
 */
export function drawFrom(seed: number): Draw {
  let state = seed | 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
  const int = (least: number, most: number) => least + Math.floor(next() * (most - least + 1));
  return {
    int,
    chance: (percent) => next() * 100 < percent,
    pick: <Item>(items: readonly Item[]) => items[int(0, items.length - 1)] as Item,
  };
}
