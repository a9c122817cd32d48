/**
 * Whose signature counts for what.
 *
 * Invariants:
 *   T1. A key has one owner and one office: who approves does not issue tokens and does not sign the log, so no one writes
 *       a plan's authority and then says yes to it with the same key.
 *   T2. Nobody is trusted who executes (`recursion.ts`).
 *
 * @module
 */
import type { KeyObject } from "node:crypto";
import type { TrustFile } from "@canonic/contracts";
import { AuthorityError, isAuthorityError } from "./errors.ts";
import { publicKeyOf } from "./keys.ts";
import { isAutomaton } from "./recursion.ts";

/** Keys by the name that a header's `kid` says; a name that changes its key has two for a while. */
export interface Trust {
  readonly issuers: ReadonlyMap<string, readonly KeyObject[]>;
  readonly approvers: ReadonlyMap<string, readonly KeyObject[]>;
}

type TrustedKey = { readonly name: string; readonly publicKey: string };

/**
 * Makes what a trust file says ready for use.
 *
 * @param file - A trust file, or those of its lists that matter; an absent list trusts nobody.
 * @throws {AuthorityError} `authority.trust-invalid` when a key is not 32 bytes of base64 or no Ed25519 key, belongs to two
 *   names, approves beside another office, or belongs to a name that executes.
 */
export function createTrust(file: Partial<Pick<TrustFile, "logs" | "issuers" | "approvers">>): Trust {
  const logs = (file.logs ?? []).flatMap(({ keys }) => keys);
  const taken = new Set([...logs, ...(file.issuers ?? [])].map(({ publicKey }) => publicKey));
  for (const [index, { publicKey }] of (file.approvers ?? []).entries()) {
    if (taken.has(publicKey)) throw invalid(`/approvers/${index}`, "a key that issues no tokens and signs no log");
  }
  return { issuers: keysOf("issuers", file.issuers ?? []), approvers: keysOf("approvers", file.approvers ?? []) };
}

function keysOf(list: string, trusted: readonly TrustedKey[]): Map<string, readonly KeyObject[]> {
  const owners = new Map<string, string>();
  const keys = new Map<string, readonly KeyObject[]>();
  for (const [index, { name, publicKey }] of trusted.entries()) {
    const pointer = `/${list}/${index}`;
    if (isAutomaton(name)) throw invalid(pointer, "a person, or a system that does not execute");
    if (owners.has(publicKey)) throw invalid(pointer, "a key that no one else in the list has");
    owners.set(publicKey, name);
    keys.set(name, [...(keys.get(name) ?? []), decode(pointer, publicKey)]);
  }
  return keys;
}

function decode(pointer: string, base64: string): KeyObject {
  const bytes = Buffer.from(base64, "base64");
  if (bytes.toString("base64") !== base64) throw invalid(pointer, "32 bytes of base64");
  try {
    return publicKeyOf(bytes);
  } catch (error) {
    if (isAuthorityError(error)) throw invalid(pointer, "an Ed25519 public key");
    throw error;
  }
}

function invalid(pointer: string, expected: string): AuthorityError<"authority.trust-invalid"> {
  return new AuthorityError("authority.trust-invalid", `whom to trust is unclear at ${pointer}: expected ${expected}`, {
    issues: [{ pointer, expected }],
  });
}
