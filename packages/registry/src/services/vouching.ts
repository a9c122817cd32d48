/**
 * Who vouches: how much trust a contract may claim, and who may let it in as active.
 *
 * Invariants:
 *   U1. A contract claims no more trust than was shown: 0 nobody, 1 an owner is named, 2 the owner signed with a key that is
 *       bound to it here, 3 the keeper of the registry registers it. More is refused, never lowered: its digest is what was signed.
 *   U2. A signature that does not verify is refused, also where none was needed.
 *   U3. It begins on probation unless it asks to be active and its owner signed it, or the keeper registers it.
 *   U4. A new version of a service is its owner's, and signed where the newest before it was; only the keeper may change that.
 *
 * @module
 */
import type { ServiceContract } from "@canonic/contracts";
import { RegistryError } from "../errors.ts";
import { type OwnerKey, publicKeyOf, verifyContractSignature } from "./signature.ts";
import type { ServiceStanding } from "./standing.ts";

/** Whose word counts: the keys of owners, and the principals who keep the registry. The caller says who calls (`by`). */
export interface ServiceTrust {
  readonly owners: readonly OwnerKey[];
  readonly keepers: readonly string[];
}

/** A private copy, each key read once. @throws {RegistryError} `registry.key-invalid`. */
export function readTrust(trust: ServiceTrust | undefined): ServiceTrust {
  const owners = (trust?.owners ?? []).map(({ owner, publicKey }) => ({
    owner,
    publicKey: Uint8Array.from(publicKey),
  }));
  for (const { publicKey } of owners) publicKeyOf(publicKey);
  return { owners, keepers: [...(trust?.keepers ?? [])] };
}

/**
 * Judges a registration.
 *
 * @param newest - The greatest version of the service that stands, retired or not.
 * @returns The key that signed it, verified; null where it is not signed.
 * @throws {RegistryError} `registry.signature-invalid`, `registry.trust-unproven`, `registry.not-vouched`.
 */
export function vouchedBy(
  contract: ServiceContract,
  wanted: "active" | "probation",
  by: string,
  newest: ServiceStanding | undefined,
  trust: ServiceTrust,
): string | null {
  const { service, version, owner } = contract;
  const isKeeper = trust.keepers.includes(by);
  const verdict = verifyContractSignature(contract, trust.owners);
  if (verdict.kind === "invalid") {
    const { keyId, fault } = verdict;
    const message = `the signature of \`${service}@${version}\` does not hold: ${fault}`;
    throw new RegistryError("registry.signature-invalid", message, { service, version, keyId, fault });
  }
  const signedBy = verdict.kind === "valid" ? verdict.keyId : null;
  const shown = isKeeper ? 3 : signedBy !== null ? 2 : owner !== null ? 1 : 0;
  const claimed = contract.security.trust;
  if (claimed > shown) {
    const message = `\`${service}@${version}\` claims trust ${claimed} and shows ${shown}`;
    throw new RegistryError("registry.trust-unproven", message, { service, version, claimed, shown });
  }
  if (isKeeper) return signedBy;
  if (wanted === "active" && signedBy === null) throw notVouched(contract, "active", by);
  if (newest !== undefined && newest.owner !== owner) throw notVouched(contract, "owner", by);
  if (newest !== undefined && newest.signedBy !== null && signedBy === null)
    throw notVouched(contract, "signature", by);
  return signedBy;
}

/** @throws {RegistryError} `registry.not-vouched` unless a keeper calls. */
export function assertKeeper(
  service: { readonly service: string; readonly version: string },
  by: string,
  trust: ServiceTrust,
): void {
  if (!trust.keepers.includes(by)) throw notVouched(service, "promote", by);
}

function notVouched(
  { service, version }: { readonly service: string; readonly version: string },
  wanted: "active" | "promote" | "owner" | "signature",
  by: string,
): RegistryError {
  const message = `nobody vouches for \`${service}@${version}\`: \`${wanted}\` needs the keeper, or the owner's signature`;
  return new RegistryError("registry.not-vouched", message, { service, version, wanted, by });
}
