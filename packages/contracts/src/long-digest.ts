/**
 * The digest of an object with one long array, printed some elements at a time: its text is never held whole.
 *
 * Invariants:
 *   L1. It is `digestJson` of the object, and refuses what that refuses, by the same error.
 *
 * @see RFC 8785: a canonical text is put together from canonical parts, members in the order of their names.
 * @module
 */
import { createHash } from "node:crypto";
import { canonicalJson, type JsonObject, type JsonValue } from "./canonical-json.ts";
import { type Digest, digestJson } from "./digest.ts";

/** Their text stays small enough for the engine to free it soon. */
const ELEMENTS_AT_ONCE = 128;

/** @param member - The name of the array; an object in which it is short, or no array, is printed whole. */
export function digestLongJson(object: JsonObject, member: string): Digest {
  const elements = object[member];
  if (!Array.isArray(elements) || elements.length <= ELEMENTS_AT_ONCE || !isPlain(object, elements))
    return digestJson(object);
  try {
    return digestInParts(object, member, elements as readonly JsonValue[]);
  } catch {
    // The error of the whole names the offender by its place there.
    return digestJson(object);
  }
}

/** False for what a copy in parts would not show: another class of object, symbols, names on an array. */
function isPlain(object: JsonObject, elements: readonly unknown[]): boolean {
  const prototype: unknown = Object.getPrototypeOf(object);
  return (
    (prototype === Object.prototype || prototype === null) &&
    Object.getOwnPropertySymbols(object).length === 0 &&
    Object.keys(elements).length === elements.length
  );
}

function digestInParts(object: JsonObject, member: string, elements: readonly JsonValue[]): Digest {
  const names = Object.keys(object);
  const before = membersOf(
    object,
    names.filter((name) => name < member),
  );
  const behind = membersOf(
    object,
    names.filter((name) => name > member),
  );
  const hash = createHash("sha256").update(`{${before}${before && ","}${canonicalJson(member)}:[`);
  for (let from = 0; from < elements.length; from += ELEMENTS_AT_ONCE) {
    // As deep as in the whole: nesting has a limit.
    const text = canonicalJson([elements.slice(from, from + ELEMENTS_AT_ONCE)]);
    hash.update(from === 0 ? "" : ",").update(text.slice(2, -2));
  }
  return `sha256:${hash.update(`]${behind && ","}${behind}}`).digest("hex")}` as Digest;
}

/** The text of some members, without the braces. */
function membersOf(object: JsonObject, names: readonly string[]): string {
  return canonicalJson(Object.fromEntries(names.map((name) => [name, object[name] as JsonValue]))).slice(1, -1);
}
