/**
 * A memory that forgets what was asked least recently.
 *
 * @module
 */

export class Recent<Value> {
  readonly #values = new Map<string, Value>();
  readonly #max: number;

  /** @param max - How many values are kept; at least 1. */
  constructor(max: number) {
    this.#max = max;
  }

  get size(): number {
    return this.#values.size;
  }

  /** The value of a key, made where it is not known. */
  get(key: string, make: () => Value): Value {
    const known = this.#values.get(key);
    if (known !== undefined) {
      this.#values.delete(key);
      this.#values.set(key, known);
      return known;
    }
    const value = make();
    this.#values.set(key, value);
    if (this.#values.size > this.#max) {
      for (const oldest of this.#values.keys()) {
        this.#values.delete(oldest);
        break;
      }
    }
    return value;
  }
}
