/**
 * Artifacts: the values that tasks name by digest, kept beside the plan.
 *
 * Invariants:
 *   A1. A value's copy is frozen and has its keys in canonical order, so that nothing of how the caller wrote it
 *       (key order, later changes, shared references) reaches an operation.
 *   A2. Each object is digested once, however many tasks name it.
 *
 * @module
 */
import { byCodeUnit, canonicalJson, type Digest, digestBytes, freezeDeep, type JsonValue } from "@canonic/contracts";

/** Collects values by digest while a plan is made. */
export class ArtifactSet {
  readonly #values = new Map<Digest, JsonValue>();
  readonly #digests = new Map<object, Digest>();

  /** Keeps a value and names it; throws `contracts.not-json` for what is none. */
  add(value: JsonValue): Digest {
    if (typeof value !== "object" || value === null) return this.#keep(value);
    const known = this.#digests.get(value);
    if (known !== undefined) return known;
    const digest = this.#keep(value);
    this.#digests.set(value, digest);
    return digest;
  }

  /** The values by digest, digests in code-unit order. */
  sorted(): ReadonlyMap<Digest, JsonValue> {
    return sortArtifacts(this.#values);
  }

  #keep(value: JsonValue): Digest {
    const { digest, copy } = canonicalCopy(value);
    if (!this.#values.has(digest)) this.#values.set(digest, copy);
    return digest;
  }
}

/** A frozen copy with canonical key order, and the digest of the bytes that it was read from. */
export function canonicalCopy<T extends JsonValue>(value: T): { readonly digest: Digest; readonly copy: T } {
  const text = canonicalJson(value);
  return { digest: digestBytes(text), copy: freezeDeep(JSON.parse(text) as T) };
}

export function sortArtifacts(values: ReadonlyMap<Digest, JsonValue>): ReadonlyMap<Digest, JsonValue> {
  return new Map([...values].sort(([a], [b]) => byCodeUnit(a, b)));
}
