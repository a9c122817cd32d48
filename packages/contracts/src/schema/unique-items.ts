/**
 * `uniqueItems` in time linear in the size of the array.
 *
 * Invariants:
 *   U1. Two items are equal as JSON Schema says: numbers by value, objects whatever the order of their keys, and nothing across
 *       types.
 *
 * @see JSON Schema, draft 2020-12, 4.2.2 (instance equality).
 * @module
 */
import type { JsonObject, JsonValue } from "../canonical-json.ts";

/** The first item that equals an earlier one, behind the index of that; `undefined` when all differ. */
export function firstDuplicate(items: readonly JsonValue[]): readonly [earlier: number, later: number] | undefined {
  const scalars = new Map<JsonValue, number>();
  const compounds = new Map<string, number>();
  for (const [later, item] of items.entries()) {
    const isCompound = typeof item === "object" && item !== null;
    const key = isCompound ? keyOf(item) : item;
    const seen = isCompound ? compounds.get(key as string) : scalars.get(key);
    if (seen !== undefined) return [seen, later];
    if (isCompound) compounds.set(key as string, later);
    else scalars.set(key, later);
  }
  return undefined;
}

/** One text for equal values, another for others. `-0` prints as `0`, which it equals. */
function keyOf(value: JsonValue): string {
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(keyOf).join()}]`;
  const object = value as JsonObject;
  const members = Object.keys(object)
    .sort()
    .map((key) => `${JSON.stringify(key)}:${keyOf(object[key] as JsonValue)}`);
  return `{${members.join()}}`;
}
