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
  pick<Item>(items: readonly Item[]): Item;
  /** A subset in the order of `items`, each item with `percent`. */
  some<Item>(items: readonly Item[], percent: number): Item[];
  /** What `make` makes, `percent` times of a hundred; else null. */
  maybe<Item>(percent: number, make: () => Item): Item | null;
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
  const draw: Draw = {
    int: (least, most) => least + Math.floor(next() * (most - least + 1)),
    chance: (percent) => next() * 100 < percent,
    pick: <Item>(items: readonly Item[]) => {
      const item = items[draw.int(0, items.length - 1)];
      if (item === undefined) throw new Error("nothing to pick from");
      return item;
    },
    some: (items, percent) => items.filter(() => draw.chance(percent)),
    maybe: (percent, make) => (draw.chance(percent) ? make() : null),
  };
  return draw;
}

/** Items in another order, by Fisher and Yates. */
export function shuffled<Item>(items: readonly Item[], draw: Draw): Item[] {
  const turned = [...items];
  for (let last = turned.length - 1; last > 0; last -= 1) {
    const other = draw.int(0, last);
    [turned[last], turned[other]] = [turned[other] as Item, turned[last] as Item];
  }
  return turned;
}
