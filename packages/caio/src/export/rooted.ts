/**
 * A schema moved to a place inside a larger document, where `#` is no longer its own root.
 *
 * @see JSON Schema 2020-12, core, 8.2.3.1.
 * @module
 */
import type { JsonValue } from "@canonic/contracts";
import { objectOf } from "../import/names.ts";
import { SCHEMA_MAPS, SCHEMA_VALUES } from "../import/schema-keywords.ts";

/**
 * The schema with its references to itself made references to its new place; `$ref` as a property's name, or inside a value, stays.
 *
 * @param move - The new place of a JSON Pointer into the schema.
 */
export function rooted(schema: JsonValue, move: (pointer: string) => string): JsonValue {
  if (Array.isArray(schema)) return schema.map((item) => rooted(item, move));
  const keywords = objectOf(schema);
  if (keywords === null) return schema;
  const entries = Object.entries(keywords).map(([key, value]) => {
    const child = value as JsonValue;
    if (key === "$ref" && typeof child === "string" && child.startsWith("#"))
      return [key, `#${move(child.slice(1))}`] as const;
    if (SCHEMA_VALUES.has(key)) return [key, child] as const;
    return [key, SCHEMA_MAPS.has(key) ? rootedMap(child, move) : rooted(child, move)] as const;
  });
  return Object.fromEntries(entries);
}

function rootedMap(map: JsonValue, move: (pointer: string) => string): JsonValue {
  const entries = Object.entries(objectOf(map) ?? {});
  return Object.fromEntries(entries.map(([key, schema]) => [key, rooted(schema as JsonValue, move)]));
}
