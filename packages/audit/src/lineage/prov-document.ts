/**
 * A PROV-JSON document, statement by statement.
 *
 *     entity, activity, agent     { id: attributes }; an id is a name with a prefix of the document
 *     used, wasGeneratedBy, …     { "_:u1": { "prov:activity": …, "prov:entity": … } }; relations have no names of their own
 *
 * Invariants:
 *   P1. An entity is generated once; whatever is stated twice stands once, as it was stated first.
 *   P2. A name has only characters that PROV-N writes plainly; every other byte is percent-encoded.
 *   P3. Relations are numbered in the order of their statement: equal statements give equal bytes.
 *
 * @see W3C Member Submission PROV-JSON (24 April 2013); PROV-N, section 3.7.1 for names.
 * @module
 */
import type { JsonObject, JsonValue } from "@canonic/contracts";

export type ProvElement = "entity" | "activity" | "agent";
export type ProvRelation =
  | "actedOnBehalfOf"
  | "hadMember"
  | "used"
  | "wasAssociatedWith"
  | "wasAttributedTo"
  | "wasDerivedFrom"
  | "wasGeneratedBy"
  | "wasStartedBy";

/** The letters of a relation's anonymous ids. */
const LETTERS: Readonly<Record<ProvRelation, string>> = {
  actedOnBehalfOf: "aobo",
  hadMember: "hm",
  used: "u",
  wasAssociatedWith: "waw",
  wasAttributedTo: "wat",
  wasDerivedFrom: "wdf",
  wasGeneratedBy: "wgb",
  wasStartedBy: "wsb",
};

export class ProvDocument {
  readonly #prefixes: Readonly<Record<string, string>>;
  readonly #sections = new Map<string, Record<string, JsonObject>>();
  readonly #counts = new Map<ProvRelation, number>();
  readonly #names = new Set<string>();

  /** @param prefixes - Prefix to namespace; `prov` and `xsd` are known to every reader. */
  constructor(prefixes: Readonly<Record<string, string>>) {
    this.#prefixes = prefixes;
  }

  /** States an element; returns its name. */
  state(kind: ProvElement, name: string, attributes: JsonObject = {}): string {
    if (!this.#names.has(name)) {
      this.#names.add(name);
      this.#section(kind)[name] = attributes;
    }
    return name;
  }

  relate(relation: ProvRelation, attributes: JsonObject): void {
    const count = (this.#counts.get(relation) ?? 0) + 1;
    this.#counts.set(relation, count);
    this.#section(relation)[`_:${LETTERS[relation]}${count}`] = attributes;
  }

  /** True when an element of this name was stated. */
  has(name: string): boolean {
    return this.#names.has(name);
  }

  toJson(): JsonObject {
    return { prefix: { ...this.#prefixes }, ...Object.fromEntries(this.#sections) };
  }

  #section(name: string): Record<string, JsonObject> {
    const section = this.#sections.get(name) ?? {};
    this.#sections.set(name, section);
    return section;
  }
}

/** A value that names something of the document: `{ "$": name, "type": "prov:QUALIFIED_NAME" }`. */
export function nameValue(name: string): JsonValue {
  return { $: name, type: "prov:QUALIFIED_NAME" };
}

/** Text as the local part of a name (P2). */
export function localName(text: string): string {
  return [...Buffer.from(text.toWellFormed(), "utf8")]
    .map((byte, index) => {
      const plain = String.fromCharCode(byte);
      const isPlain = /[A-Za-z0-9_]/.test(plain) || (plain === "-" && index > 0);
      return isPlain ? plain : `%${byte.toString(16).toUpperCase().padStart(2, "0")}`;
    })
    .join("");
}
