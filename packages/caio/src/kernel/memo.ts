/**
 * What was computed once for a key, for as long as it is asked for.
 *
 * @module
 */

/** Holds at most `max` values; the one that was not asked for the longest leaves first. What it gives depends on the key alone. */
export class Memo<Value> {
  readonly #values = new Map<string, Value>();
  readonly #max: number;
  constructor(max: number) {
    this.#max = max;
  }

  get(key: string, make: () => Value): Value {
    const known = this.#values.get(key);
    if (known !== undefined) {
      this.#values.delete(key);
      this.#values.set(key, known);
      return known;
    }
    const made = make();
    if (this.#values.size >= this.#max) {
      for (const oldest of this.#values.keys()) {
        this.#values.delete(oldest);
        break;
      }
    }
    this.#values.set(key, made);
    return made;
  }
}
