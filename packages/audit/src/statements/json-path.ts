/**
 * Looks into JSON from outside without trusting its shape. What decides is never this: whoever reads a document here
 * prints it again from what was found and compares.
 *
 * @module
 */
import type { JsonValue } from "@canonic/contracts";

/** The value at a path of keys and positions; undefined where there is none. */
export function valueAt(value: JsonValue, path: readonly (string | number)[]): JsonValue | undefined {
  let at: unknown = value;
  for (const step of path) at = isObject(at) && Object.hasOwn(at, step) ? at[step] : undefined;
  return at as JsonValue | undefined;
}

/** The text at a path; undefined where there is another value, or none. */
export function textAt(value: JsonValue, path: readonly (string | number)[]): string | undefined {
  const found = valueAt(value, path);
  return typeof found === "string" ? found : undefined;
}

function isObject(value: unknown): value is Record<string | number, unknown> {
  return typeof value === "object" && value !== null;
}
