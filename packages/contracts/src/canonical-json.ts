/**
 * Canonical JSON (RFC 8785) behind a typed door.
 *
 * Invariants:
 *   J1. A value that is not JSON never gets bytes: undefined, holes, NaN, the
 *       infinities, -0, lone surrogates, bigint, and every object that is not
 *       a plain one are refused with the JSON Pointer of the offender.
 *   J2. `canonicalJson(JSON.parse(text)) === text` for every text made here.
 *   J3. What is read back is accepted only when printing it again gives the
 *       same bytes; duplicate keys, other spellings and spaces all fall here.
 *
 * @see RFC 8785, JSON Canonicalization Scheme. RFC 6901, JSON Pointer.
 * @module
 */

import canonicalize from "canonicalize";
import { ContractsError } from "./errors.ts";
import { pointerTo } from "./json-pointer.ts";
import { inKeyOrder } from "./key-order.ts";

export type JsonValue = null | boolean | number | string | readonly JsonValue[] | JsonObject;
export type JsonObject = { readonly [key: string]: JsonValue };

/** Nesting above this is refused: a hostile document must not exhaust the stack. */
export const JSON_DEPTH_MAX = 256;

/**
 * Prints a JSON value in its one canonical form.
 *
 * @returns RFC 8785 text; encode as UTF-8 for bytes.
 * @throws {ContractsError} `contracts.not-json` with the pointer of the first offender in document order.
 */
export function canonicalJson(value: JsonValue): string {
  assertJson(value);
  const ordered = inKeyOrder(value);
  return ordered === undefined ? (canonicalize(value) as string) : JSON.stringify(ordered);
}

/** {@link canonicalJson} as UTF-8 bytes. */
export function canonicalBytes(value: JsonValue): Uint8Array {
  return Buffer.from(canonicalJson(value), "utf8");
}

/**
 * Reads canonical JSON strictly.
 *
 * @param input - Text, or UTF-8 bytes (invalid UTF-8 is refused).
 * @throws {ContractsError} `contracts.not-canonical` when the input is not exactly what {@link canonicalJson} prints,
 *   `contracts.not-json` when it spells something that has no canonical form, such as `-0`.
 */
export function parseCanonicalJson(input: string | Uint8Array): JsonValue {
  const text = typeof input === "string" ? input : decodeUtf8(input);
  let value: JsonValue;
  try {
    value = JSON.parse(text) as JsonValue;
  } catch {
    throw new ContractsError("contracts.not-canonical", "not JSON", { offset: 0 });
  }
  const again = canonicalJson(value);
  if (again !== text) {
    const offset = firstDifference(again, text);
    throw new ContractsError("contracts.not-canonical", `not canonical JSON from character ${offset}`, { offset });
  }
  return value;
}

/** Throws `contracts.not-json` unless `value` is JSON that survives a round trip unchanged. */
export function assertJson(value: unknown): asserts value is JsonValue {
  check(value, [], 0);
}

/** A private copy of a JSON value, frozen in depth: nothing that is done to it or to the original reaches the other. */
export function frozenJson<T extends JsonValue>(value: T): T {
  return freezeDeep(JSON.parse(JSON.stringify(value)) as T);
}

/** Freezes a JSON value in depth, in place, and returns it. */
export function freezeDeep<T>(value: T): T {
  if (typeof value === "object" && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const key of Object.keys(value)) freezeDeep((value as Record<string, unknown>)[key]);
  }
  return value;
}

function check(value: unknown, path: readonly (string | number)[], depth: number): void {
  switch (typeof value) {
    case "boolean":
      return;
    case "string":
      if (!value.isWellFormed()) refuse(path, "a string with a lone surrogate");
      return;
    case "number":
      if (!Number.isFinite(value)) refuse(path, `the number ${value}`);
      if (Object.is(value, -0)) refuse(path, "negative zero");
      return;
    case "object":
      break;
    default:
      refuse(path, typeof value);
  }
  if (value === null) return;
  if (depth >= JSON_DEPTH_MAX) refuse(path, `nesting deeper than ${JSON_DEPTH_MAX}`);
  if (Array.isArray(value)) {
    for (let index = 0; index < value.length; index += 1) {
      if (!(index in value)) refuse([...path, index], "a hole in an array");
      checkChild(value[index], path, index, depth);
    }
    if (Object.keys(value).length !== value.length) refuse(path, "an array with named properties");
    return;
  }
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) refuse(path, "an object that is not plain");
  if (Object.getOwnPropertySymbols(value as object).length > 0) refuse(path, "an object with symbol keys");
  const record = value as Record<string, unknown>;
  if (typeof record["toJSON"] === "function") refuse([...path, "toJSON"], "function");
  for (const key of Object.keys(record)) {
    if (!key.isWellFormed()) refuse(path, "a key with a lone surrogate");
    checkChild(record[key], path, key, depth);
  }
}

/** Scalars are checked without building their path: most of a document is scalars, and most are fine. */
function checkChild(child: unknown, path: readonly (string | number)[], step: string | number, depth: number): void {
  if (child === null || child === true || child === false) return;
  if (typeof child === "string" && child.isWellFormed()) return;
  if (typeof child === "number" && Number.isFinite(child) && !Object.is(child, -0)) return;
  check(child, [...path, step], depth + 1);
}

function refuse(path: readonly (string | number)[], found: string): never {
  const pointer = pointerTo(path);
  throw new ContractsError("contracts.not-json", `\`${pointer}\` holds ${found}, which is not JSON`, {
    pointer,
    found,
  });
}

function decodeUtf8(bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new ContractsError("contracts.not-canonical", "not UTF-8", { offset: 0 });
  }
}

function firstDifference(a: string, b: string): number {
  let index = 0;
  while (index < a.length && a[index] === b[index]) index += 1;
  return index;
}
