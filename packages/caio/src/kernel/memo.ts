/**
 * What was computed once for a key, for as long as it is asked for.
 *
 * @module
 */

/**
 * Holds at most `max` values. They live in two generations: when the younger is half of that, the older is forgotten, and what
 * is asked for again moves to the younger. What it gives depends on the key alone.
 */
export class Memo<Value> {
  #young = new Map<string, Value>();
  #old = new Map<string, Value>();
  readonly #half: number;
  constructor(max: number) {
    this.#half = max / 2;
  }

  get(key: string, make: () => Value): Value {
    const known = this.#young.get(key);
    if (known !== undefined) return known;
    const value = this.#old.get(key) ?? make();
    if (this.#young.size >= this.#half) {
      this.#old = this.#young;
      this.#young = new Map();
    }
    this.#young.set(key, value);
    return value;
  }
}
