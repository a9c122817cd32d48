/**
 * Values with their keys in canonical order, so that the engine's own `JSON.stringify` prints RFC 8785.
 *
 * The engine prints numbers and strings as RFC 8785 asks; only the order of keys is missing. Most values come in order
 * already, for they were read from canonical text, and are printed as they are.
 *
 * Invariants:
 *   O1. What is returned prints, with `JSON.stringify`, exactly as the canonical-JSON library prints the value.
 *   O2. An object that cannot hold that order gives undefined: a key that begins with a digit may be an array index,
 *       which engines put first, and `__proto__` is no ordinary key to assign.
 *
 * @see RFC 8785, 3.2.3 (sorting by UTF-16 code units). ECMA-262, OrdinaryOwnPropertyKeys.
 * @module
 */
import type { JsonObject, JsonValue } from "./canonical-json.ts";

/** The value itself when it is in order, else a copy of what is not; the value must be JSON (see `assertJson`). */
export function inKeyOrder(value: JsonValue): JsonValue | undefined {
  if (typeof value !== "object" || value === null) return value;
  return Array.isArray(value) ? itemsInOrder(value) : entriesInOrder(value as JsonObject);
}

function itemsInOrder(items: readonly JsonValue[]): readonly JsonValue[] | undefined {
  let copy: JsonValue[] | undefined;
  for (let index = 0; index < items.length; index += 1) {
    const item = items[index] as JsonValue;
    const ordered = inKeyOrder(item);
    if (ordered === undefined) return undefined;
    if (ordered === item) continue;
    copy ??= items.slice();
    copy[index] = ordered;
  }
  return copy ?? items;
}

function entriesInOrder(object: JsonObject): JsonObject | undefined {
  const keys = Object.keys(object);
  let isOrdered = true;
  for (let index = 0; index < keys.length; index += 1) {
    const key = keys[index] as string;
    if (isIndexLike(key) || key === "__proto__") return undefined;
    if (index > 0 && (keys[index - 1] as string) > key) isOrdered = false;
  }
  if (!isOrdered) keys.sort();
  let copy: Record<string, JsonValue> | undefined = isOrdered ? undefined : {};
  for (const key of keys) {
    const item = object[key] as JsonValue;
    const ordered = inKeyOrder(item);
    if (ordered === undefined) return undefined;
    if (copy === undefined && ordered !== item) copy = { ...object };
    if (copy !== undefined) copy[key] = ordered;
  }
  return copy ?? object;
}

function isIndexLike(key: string): boolean {
  const first = key.charCodeAt(0);
  return first >= 48 && first <= 57;
}
