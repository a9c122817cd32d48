/**
 * Schemas of open maps and of any JSON.
 *
 * zod's own `record` and `json` leave a `__proto__` key out of what they return, silently: a value would change between
 * being signed and being read. Here such a key is refused in a map, and kept untouched inside free JSON.
 *
 * @module
 */
import { z } from "zod";
import { assertJson, type JsonObject, type JsonValue } from "./canonical-json.ts";

/** Any JSON value, untouched. */
export const Json = z.custom<JsonValue>(isJson, { error: "not JSON" });

/** Any JSON object, untouched; a JSON Schema document, for example. */
export const JsonMap = z
  .custom<JsonObject>(
    (value) => typeof value === "object" && value !== null && !Array.isArray(value) && isJson(value),
    {
      error: "not a JSON object",
    },
  )
  .meta({ type: "object" });

/** A map with keys of a closed pattern, none of them `__proto__`. */
export function mapOf<Key extends z.ZodType<string, string>, Value extends z.ZodType>(key: Key, value: Value) {
  return z
    .custom<Record<string, unknown>>(hasNoPrototypeKey, { error: "no `__proto__` key" })
    .pipe(z.record(key, value));
}

function hasNoPrototypeKey(value: unknown): boolean {
  return typeof value !== "object" || value === null || !Object.hasOwn(value, "__proto__");
}

function isJson(value: unknown): boolean {
  try {
    assertJson(value);
    return true;
  } catch {
    return false;
  }
}
