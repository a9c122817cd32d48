/**
 * Private copies of JSON values, with the bytes that they were read back from.
 *
 * @module
 */
import { canonicalJson, digestBytes, freezeDeep, type JsonValue, type Payload } from "@canonic/contracts";

/** A value frozen in depth, and its canonical bytes under their digest. */
export type JsonCopy = { readonly value: JsonValue; readonly payload: Payload };

/**
 * Copies a value through its canonical bytes: what is used is what was digested.
 *
 * @throws {ContractsError} `contracts.not-json`.
 */
export function copyOf(value: JsonValue): JsonCopy {
  const text = canonicalJson(value);
  const bytes = Buffer.from(text, "utf8");
  return { value: freezeDeep(JSON.parse(text) as JsonValue), payload: { digest: digestBytes(bytes), bytes } };
}

/** True when nothing that can be reached from the value can be changed. */
export function isFrozenDeep(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return true;
  return Object.isFrozen(value) && Object.values(value).every(isFrozenDeep);
}
