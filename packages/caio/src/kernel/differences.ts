/**
 * Where two JSON values differ, field by field.
 *
 * @module
 */
import { byCodeUnit, canonicalJson, type JsonObject, type JsonValue, pointerStep } from "@canonic/contracts";

/** A field that differs; undefined where one of the values has no such field. */
export interface Difference {
  readonly pointer: string;
  readonly before: JsonValue | undefined;
  readonly after: JsonValue | undefined;
}

/** The differing fields as JSON Pointers, in document order with keys by code unit, at most `max`; lists of other lengths differ as a whole. */
export function differencesOf(before: JsonValue, after: JsonValue, max: number): Difference[] {
  const found: Difference[] = [];
  collect(before, after, "", max, found);
  return found;
}

function collect(
  before: JsonValue | undefined,
  after: JsonValue | undefined,
  pointer: string,
  max: number,
  found: Difference[],
): void {
  if (found.length >= max) return;
  if (Array.isArray(before) && Array.isArray(after) && before.length === after.length) {
    before.forEach((item: JsonValue, index) => {
      collect(item, after[index], `${pointer}/${index}`, max, found);
    });
  } else if (isObject(before) && isObject(after)) {
    const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort(byCodeUnit);
    for (const key of keys) {
      collect(own(before, key), own(after, key), `${pointer}/${pointerStep(key)}`, max, found);
    }
  } else if (!isSame(before, after)) found.push({ pointer, before, after });
}

function own(object: JsonObject, key: string): JsonValue | undefined {
  return Object.hasOwn(object, key) ? object[key] : undefined;
}

function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isSame(before: JsonValue | undefined, after: JsonValue | undefined): boolean {
  if (before === undefined || after === undefined) return before === after;
  return canonicalJson(before) === canonicalJson(after);
}
