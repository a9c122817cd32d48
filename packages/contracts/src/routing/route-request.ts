/**
 * Routing requests: what is wanted, and within which bounds. Who asks is never in it: identity comes from a verified token.
 *
 * @module
 */
import { z } from "zod";
import { Digest } from "../digest.ts";
import { mapOf } from "../record-schema.ts";
import { boundedText } from "../text.ts";
import { Principal } from "../token.ts";
import {
  CapabilityName,
  DataClass,
  Locality,
  PermissionName,
  PropertyName,
  Scalar,
  TraitName,
  TrustLevel,
  UnitName,
} from "./names.ts";

/** A hard demand; `measured` is met by observations alone. `value` of the relative bounds is in parts of a million of `of`. */
export const RequiredGuarantee = z.strictObject({
  property: PropertyName,
  bound: z.enum(["equality", "min", "max", "relative_max", "min_multiple"]),
  value: Scalar,
  unit: UnitName,
  of: UnitName.nullable(),
  basis: z.enum(["declared", "measured"]),
});
export type RequiredGuarantee = z.infer<typeof RequiredGuarantee>;

/** What a trait must be; `min` and `max` speak of whole numbers. */
export const TraitClause = z.discriminatedUnion("bound", [
  z.strictObject({ trait: TraitName, bound: z.literal("equality"), value: Scalar }),
  z.strictObject({ trait: TraitName, bound: z.literal("min"), value: z.int() }),
  z.strictObject({ trait: TraitName, bound: z.literal("max"), value: z.int() }),
  z.strictObject({ trait: TraitName, bound: z.literal("one_of"), value: z.array(Scalar).min(1).max(64) }),
]);
export type TraitClause = z.infer<typeof TraitClause>;

/**
 * `capabilities` are sorted and unique; all are needed. `quantities` say how much of each priced unit the request will use
 * (an upper bound; a unit that is not there is not used). Guarantees and traits are demands, `preferences` wishes.
 */
export const RouteRequest = z.strictObject({
  schema: z.literal("canonic/route-request/v1"),
  intent: boundedText(4096, 0),
  capabilities: z.array(CapabilityName).min(1).max(64),
  guarantees: z.array(RequiredGuarantee).max(64),
  quantities: mapOf(UnitName, z.int().min(0).max(1_000_000_000_000)),
  traits: z.array(TraitClause).max(64),
  preferences: z.array(TraitClause).max(64),
  dataClass: DataClass,
  localityMax: Locality.nullable(),
  regions: z.array(boundedText(64)).max(64),
  retentionDaysMax: z.int().min(0).nullable(),
  serviceTrustMin: TrustLevel,
  budgetPicos: z.int().min(0).nullable(),
  latency: z.strictObject({ percentile: z.enum(["max", "p50", "p95", "p99"]), maxUs: z.int().min(1) }).nullable(),
  health: z.enum(["any", "required"]),
  probation: z.enum(["allow", "exclude"]),
});
export type RouteRequest = z.infer<typeof RouteRequest>;

/** Who asks, as a verified token says; null in a world where nobody presented one. Permissions are sorted and unique. */
export const RouteIdentity = z.strictObject({
  subject: Principal,
  permissions: z.array(PermissionName).max(1024),
  trust: TrustLevel,
  token: Digest,
});
export type RouteIdentity = z.infer<typeof RouteIdentity>;
