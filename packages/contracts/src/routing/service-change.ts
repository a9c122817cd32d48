/**
 * Changes of a service registry: append-only, each chained to the one before it. The registry at a revision is what the
 * changes up to it make of nothing.
 *
 * @module
 */
import { z } from "zod";
import { Digest, type Digest as DigestType, digestJson } from "../digest.ts";
import { SemanticVersion } from "../ids.ts";
import { Timestamp } from "../timestamp.ts";
import { Principal } from "../token.ts";
import { ServiceId } from "./names.ts";
import { ContractSignature } from "./service-contract.ts";
import { ServiceHealth } from "./service-snapshot.ts";

const reference = { service: ServiceId, version: SemanticVersion };

/** What happened to one version of one service. */
export const ServiceAction = z.discriminatedUnion("kind", [
  /** `signedBy` is the key whose signature was verified; `owner` is the contract's. */
  z.strictObject({
    kind: z.literal("register"),
    ...reference,
    contract: Digest,
    owner: Principal.nullable(),
    signedBy: ContractSignature.shape.keyId.nullable(),
    state: z.enum(["active", "probation"]),
  }),
  z.strictObject({ kind: z.literal("drain"), ...reference }),
  /** Back to what it was before it drained. */
  z.strictObject({ kind: z.literal("resume"), ...reference }),
  z.strictObject({ kind: z.literal("retire"), ...reference }),
  /** `receipts` are how many fulfilled ones were shown, and the digest of the list of their digests; null when the keeper vouched. */
  z.strictObject({
    kind: z.literal("promote"),
    ...reference,
    receipts: z.strictObject({ count: z.int().min(1), digest: Digest }).nullable(),
  }),
  z.strictObject({ kind: z.literal("health"), ...reference, health: ServiceHealth }),
]);
export type ServiceAction = z.infer<typeof ServiceAction>;

/** One revision: all of its actions or none. `prev` is the digest of the change before it, null for the first. */
export const ServiceChange = z.strictObject({
  schema: z.literal("canonic/service-change/v1"),
  revision: z.int().min(1),
  prev: Digest.nullable(),
  at: Timestamp,
  by: Principal,
  actions: z.array(ServiceAction).min(1).max(10_000),
});
export type ServiceChange = z.infer<typeof ServiceChange>;

export function serviceChangeDigestOf(change: ServiceChange): DigestType {
  return digestJson(change);
}
