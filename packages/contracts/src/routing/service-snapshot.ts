/**
 * The services that one decision sees: frozen, sorted, by digest.
 *
 * @module
 */
import { z } from "zod";
import { type Digest, digestJson } from "../digest.ts";
import { byServiceAndVersion } from "../order.ts";
import { Timestamp } from "../timestamp.ts";
import { ServiceContract } from "./service-contract.ts";

/** New on probation, then active; draining takes no new decision, retired is only remembered. */
export const ServiceState = z.enum(["active", "probation", "draining", "retired"]);
export type ServiceState = z.infer<typeof ServiceState>;

/** What was last seen, and until when it may be believed. */
export const ServiceHealth = z.strictObject({ status: z.enum(["healthy", "unhealthy"]), expiresAt: Timestamp });
export type ServiceHealth = z.infer<typeof ServiceHealth>;

export const ServiceEntry = z.strictObject({
  contract: ServiceContract,
  state: ServiceState,
  health: ServiceHealth.nullable(),
});
export type ServiceEntry = z.infer<typeof ServiceEntry>;

/** Sorted by service id, then version, one entry of each; `revision` counts the changes of the registry it came from. */
export const ServiceSnapshot = z.strictObject({
  schema: z.literal("canonic/service-snapshot/v1"),
  revision: z.int().min(0),
  services: z.array(ServiceEntry),
});
export type ServiceSnapshot = z.infer<typeof ServiceSnapshot>;

/** Entries in the one order that a snapshot's digest stands for. */
export function sortServices(entries: readonly ServiceEntry[]): ServiceEntry[] {
  return entries.toSorted(({ contract: a }, { contract: b }) => byServiceAndVersion(a, b));
}

export function serviceSnapshotDigestOf(snapshot: ServiceSnapshot): Digest {
  return digestJson(snapshot);
}
