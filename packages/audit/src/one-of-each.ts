/**
 * Lets equal values be one value, so that a long list of similar things takes the memory of what differs.
 *
 * Invariants:
 *   P1. What is given equals what was put in, and nobody may change it: it is others' too.
 *   P2. At most {@link PIECES_MAX} of each kind are remembered: a list without anything in common costs no more for it.
 *
 * @module
 */

const PIECES_MAX = 16_384;

export class OneOfEach {
  readonly #texts = new Map<string, string>();
  readonly #records = new Map<string, Readonly<Record<string, unknown>>>();

  text<Text extends string>(text: Text): Text {
    return remembered(this.#texts, text, text) as Text;
  }

  /** A map from names to texts, such as digests by name. */
  texts<Value extends string>(record: Readonly<Record<string, Value>>): Readonly<Record<string, Value>> {
    const names = Object.keys(record);
    const key = names.map((name) => JSON.stringify([name, record[name]])).join();
    const known = this.#records.get(key);
    if (known !== undefined) return known as Readonly<Record<string, Value>>;
    const shared = Object.freeze(
      Object.fromEntries(names.map((name) => [this.text(name), this.text(record[name] as Value)])),
    );
    return remembered(this.#records, key, shared) as Readonly<Record<string, Value>>;
  }
}

function remembered<Value>(known: Map<string, Value>, key: string, value: Value): Value {
  const found = known.get(key);
  if (found !== undefined) return found;
  if (known.size < PIECES_MAX) known.set(key, value);
  return value;
}
