/**
 * Changes as text and back: one chain, checked link by link.
 *
 * Invariants:
 *   L1. A change is taken only when its text has its digest, its revision is the next one, and its `prev` is the digest of the
 *       change before it.
 *   L2. What is read back is checked like what comes in: a store that gives something else is an error, never a guess.
 *
 * @module
 */
import { canonicalJson, type Digest, digestBytes, type JsonObject, ServiceChange } from "@canonic/contracts";
import { RegistryError } from "../errors.ts";
import type { ServicesHead, StoredServiceChange } from "./storage.ts";

/** A change with the digest that the next one names. */
export interface ChainedChange {
  readonly digest: Digest;
  readonly change: ServiceChange;
}

export function storedChange(change: ServiceChange): StoredServiceChange {
  const text = canonicalJson(change as unknown as JsonObject);
  return { revision: change.revision, digest: digestBytes(text), text };
}

/** @throws {RegistryError} `registry.history-broken` when it does not follow on `head`. */
export function readChange(stored: StoredServiceChange, head: ServicesHead): ChainedChange {
  const revision = head.revision + 1;
  if (digestBytes(stored.text) !== stored.digest) throw broken(revision, "a change that has another digest");
  let value: unknown;
  try {
    value = JSON.parse(stored.text);
  } catch {
    throw broken(revision, "a change that is no JSON");
  }
  const parsed = ServiceChange.safeParse(value);
  if (!parsed.success) throw broken(revision, "a change that is not what its schema says");
  const change = parsed.data;
  if (change.revision !== revision || stored.revision !== revision)
    throw broken(revision, "a revision that is missing");
  if (change.prev !== head.digest) throw broken(revision, "a change that does not follow on the one before it");
  return { digest: stored.digest, change };
}

export function broken(revision: number, fault: string): RegistryError<"registry.history-broken"> {
  return new RegistryError("registry.history-broken", `the history of services is broken at ${revision}: ${fault}`, {
    revision,
    fault,
  });
}
