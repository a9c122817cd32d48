/**
 * The keys that may sign for a log: those of the trust file, and those that they handed over to.
 *
 * Invariants:
 *   K1. Nothing of a bundle adds a key that a trusted key did not sign for.
 *
 * @module
 */
import type { TrustFile } from "@canonic/contracts";
import type { BundleEntry, BundleSource } from "./bundle-source.ts";
import type { NoteKey } from "./keys.ts";
import { trustedKeysOf } from "./trust.ts";

export interface LogKeys {
  /** Every key that signs for the log at some size; none for a log that the trust file does not name. */
  readonly all: readonly NoteKey[];
  /** The keys that may sign a checkpoint of this size. */
  at(treeSize: number): readonly NoteKey[];
}

/** Reads what is needed of a bundle that is not authenticated yet; never throws for what it holds. */
export async function openLogKeys(
  _source: BundleSource,
  _entries: ReadonlyMap<string, BundleEntry>,
  trust: TrustFile,
  origin: string,
): Promise<LogKeys> {
  const all = trustedKeysOf(trust, origin);
  return { all, at: () => all };
}
