/**
 * A request as text: YAML 1.2 or JSON into a plain value, and where in the text each part of it stands.
 *
 * Invariants:
 *   D1. What is read is a tree of plain JSON: anchors, aliases, tags, merge keys, repeated keys, keys that are no text and
 *       numbers that have no canonical form are faults, so that no text means more than it shows.
 *   D2. Every fault has a line and a column, both from 1; all of them are found at once.
 *
 * @see https://yaml.org/spec/1.2.2/
 * @module
 */
import { type JsonValue, pointerStep } from "@canonic/contracts";
import {
  type Document,
  isAlias,
  isMap,
  isPair,
  isScalar,
  isSeq,
  LineCounter,
  parseAllDocuments,
  type Range,
} from "yaml";
import type { FileFault } from "../errors.ts";

export type RequestDocument = {
  /** How faults call the whole, such as `the request`. */
  readonly name: string;
  /** Undefined where no value could be read. */
  readonly value: JsonValue | undefined;
  readonly faults: readonly FileFault[];
  /** A fault at a pointer into the value; `key` puts it at the key instead of its value. */
  readonly faultAt: (pointer: string, message: string, key?: boolean) => FileFault;
};

const BYTES_MAX = 1024 * 1024;
const DEPTH_MAX = 64;
const FAULTS_MAX = 100;

/**
 * Reads a request's bytes, or those of another document that a person writes; never throws.
 *
 * @param name - How faults call the whole.
 */
export function readRequestDocument(bytes: Uint8Array, name = "the request"): RequestDocument {
  if (bytes.length > BYTES_MAX) return unreadable(name, `has ${bytes.length} bytes, the most is ${BYTES_MAX}`);
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return unreadable(name, "is not UTF-8");
  }
  const lines = new LineCounter();
  let documents: readonly Document.Parsed[];
  try {
    const parsed = parseAllDocuments(text, {
      version: "1.2",
      schema: "core",
      merge: false,
      uniqueKeys: true,
      prettyErrors: false,
      lineCounter: lines,
    });
    documents = Array.isArray(parsed) ? parsed : [];
  } catch {
    return unreadable(name, `is nested more than ${DEPTH_MAX} levels deep, or is no YAML`);
  }
  return new Reader(name, lines, documents).read();
}

/** Where the parser's words are not about the text, or less clear than ours. */
const OWN_WORDS: Readonly<Record<string, string>> = {
  DUPLICATE_KEY: "this key is there already: expected each key once",
  IMPOSSIBLE: "this cannot be read as YAML",
  RESOURCE_EXHAUSTION: `this is nested more than ${DEPTH_MAX} levels deep`,
};

class Reader {
  readonly #places = new Map<string, { readonly value: number; readonly key: number }>();
  readonly #faults: { readonly offset: number; readonly message: string }[] = [];
  readonly #name: string;
  readonly #lines: LineCounter;
  readonly #documents: readonly Document.Parsed[];

  constructor(name: string, lines: LineCounter, documents: readonly Document.Parsed[]) {
    this.#name = name;
    this.#lines = lines;
    this.#documents = documents;
  }

  read(): RequestDocument {
    const [document, second] = this.#documents;
    if (document === undefined || document.contents === null) return unreadable(this.#name, "is empty");
    for (const { pos, message, code } of document.errors) {
      const own = OWN_WORDS[code];
      this.#fault(pos[0], own ?? message);
    }
    const { yaml, tags } = document.directives;
    if (yaml.explicit === true || Object.keys(tags).length > 1)
      this.#fault(0, "directives are not read: expected none");
    if (second !== undefined) this.#fault(second.range[0], "a second document begins here: expected one");
    const value = this.#valueOf(document.contents, "", 0, 0);
    const faults = this.#faults
      .toSorted((a, b) => a.offset - b.offset)
      .slice(0, FAULTS_MAX)
      .map(({ offset, message }) => this.#at(offset, message));
    return {
      name: this.#name,
      value,
      faults,
      faultAt: (pointer, message, key = false) => this.#at(this.#offsetOf(pointer, key), message),
    };
  }

  #fault(offset: number, message: string): undefined {
    this.#faults.push({ offset, message });
    return undefined;
  }

  #at(offset: number, message: string): FileFault {
    const { line, col } = this.#lines.linePos(offset);
    return { line: Math.max(line, 1), column: Math.max(col, 1), message };
  }

  /** What is absent stands where the nearest part around it does. */
  #offsetOf(pointer: string, key: boolean): number {
    const place = this.#places.get(pointer);
    if (place !== undefined) return key ? place.key : place.value;
    return pointer === "" ? 0 : this.#offsetOf(pointer.slice(0, pointer.lastIndexOf("/")), key);
  }

  #valueOf(node: unknown, pointer: string, keyOffset: number, depth: number): JsonValue | undefined {
    const offset = offsetOf(node) ?? keyOffset;
    this.#places.set(pointer, { value: offset, key: keyOffset });
    if (depth > DEPTH_MAX) return this.#fault(offset, `this is nested more than ${DEPTH_MAX} levels deep`);
    if (isAlias(node)) return this.#fault(offset, "aliases are not read: expected the value itself");
    if (node === null || node === undefined) return null;
    if (!isMap(node) && !isSeq(node) && !isScalar(node)) return this.#fault(offset, "expected a value");
    if (node.anchor !== undefined) this.#fault(offset, "anchors are not read: expected the value alone");
    if (node.tag !== undefined) this.#fault(offset, "tags are not read: expected the value alone");
    if (isScalar(node)) return this.#scalarOf(node.value, offset);
    if (isSeq(node)) {
      return node.items.map((item, index) => this.#valueOf(item, `${pointer}/${index}`, offset, depth + 1) ?? null);
    }
    const entries: [string, JsonValue][] = [];
    for (const pair of node.items) {
      if (!isPair(pair)) continue;
      const name = isScalar(pair.key) ? pair.key.value : undefined;
      const at = offsetOf(pair.key) ?? offset;
      if (isScalar(pair.key) && (pair.key.anchor !== undefined || pair.key.tag !== undefined)) {
        this.#fault(at, "anchors and tags are not read: expected the key alone");
      }
      if (typeof name !== "string") {
        this.#fault(at, "expected a key that is text");
        continue;
      }
      if (name === "__proto__") {
        this.#fault(at, "`__proto__` is no key here");
        continue;
      }
      entries.push([name, this.#valueOf(pair.value, `${pointer}/${pointerStep(name)}`, at, depth + 1) ?? null]);
    }
    return Object.fromEntries(entries);
  }

  #scalarOf(value: unknown, offset: number): JsonValue | undefined {
    if (typeof value === "string") {
      return value.isWellFormed() ? value : this.#fault(offset, "expected text without lone surrogates");
    }
    if (value === null || typeof value === "boolean") return value;
    if (typeof value !== "number" || !Number.isFinite(value) || Object.is(value, -0)) {
      return this.#fault(offset, "expected a finite number, text, true, false or null");
    }
    if (Number.isInteger(value) && !Number.isSafeInteger(value)) {
      return this.#fault(offset, "expected a whole number between -(2^53 - 1) and 2^53 - 1");
    }
    return value;
  }
}

function unreadable(name: string, what: string): RequestDocument {
  const fault = { line: 1, column: 1, message: `${name} ${what}` };
  return { name, value: undefined, faults: [fault], faultAt: (_, message) => ({ line: 1, column: 1, message }) };
}

function offsetOf(node: unknown): number | undefined {
  const range = typeof node === "object" && node !== null && "range" in node ? (node.range as Range | null) : null;
  return range?.[0];
}
