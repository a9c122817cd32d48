/**
 * Pins: values that a task of a bound plan gives and later tasks take, written once.
 *
 * @see RFC 6901 for pointers.
 * @module
 */

import type { JsonValue } from "./canonical-json.ts";
import { nameOfStep, pointerStep } from "./json-pointer.ts";

/** The value at a JSON Pointer; undefined where there is none. */
export function valueAtPointer(value: JsonValue, pointer: string): JsonValue | undefined {
  if (pointer === "") return value;
  if (!pointer.startsWith("/")) return undefined;
  let found: JsonValue | undefined = value;
  for (const step of pointer.slice(1).split("/")) {
    const key = nameOfStep(step);
    if (Array.isArray(found)) found = /^(0|[1-9][0-9]*)$/.test(key) ? found[Number(key)] : undefined;
    else if (typeof found === "object" && found !== null && Object.hasOwn(found, key))
      found = (found as { readonly [name: string]: JsonValue })[key];
    else return undefined;
  }
  return found;
}

const SECRET_SHAPES = ["password", "passwd", "secret", "token", "dsn", "apikey", "privatekey"];

/** The pointers of all keys that are named like a secret; such a value must not be pinned. */
export function secretShapedKeys(value: JsonValue, at = ""): string[] {
  if (typeof value !== "object" || value === null) return [];
  const entries: [string, JsonValue][] = Array.isArray(value)
    ? value.map((item, index) => [String(index), item])
    : Object.entries(value);
  return entries.flatMap(([key, item]) => {
    const pointer = `${at}/${pointerStep(key)}`;
    const below = secretShapedKeys(item, pointer);
    return !Array.isArray(value) && isSecretShaped(key) ? [pointer, ...below] : below;
  });
}

function isSecretShaped(key: string): boolean {
  const plain = key.toLowerCase().replaceAll(/[^a-z]/g, "");
  return SECRET_SHAPES.some((shape) => plain.includes(shape));
}
