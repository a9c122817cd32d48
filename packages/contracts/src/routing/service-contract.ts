/**
 * Service contracts: what a provider of capabilities states about itself, in one canonical form.
 *
 * Every number is a whole number: money in pico-units of the currency (10^-12), time in microseconds, shares in parts of a
 * million. What an importer had to assume is listed in `assumed` and satisfies no hard demand.
 *
 * @module
 */
import { z } from "zod";
import { canonicalJson, type JsonObject } from "../canonical-json.ts";
import { type Digest, digestJson } from "../digest.ts";
import { OperationId, SemanticVersion } from "../ids.ts";
import { byServiceAndVersion } from "../order.ts";
import { JsonMap, mapOf } from "../record-schema.ts";
import { boundedText } from "../text.ts";
import { Principal } from "../token.ts";
import {
  CapabilityName,
  Locality,
  PermissionName,
  PropertyName,
  Scalar,
  ServiceId,
  TraitName,
  TrustLevel,
  UnitName,
} from "./names.ts";

/**
 * One statement. `equality`, `min` and `max` give `value` in `unit`; `relative_max` and `min_multiple` give it in parts of a
 * million of the request's quantity `of` (output-token at most twice input-token: 2,000,000 of `input-token`).
 */
export const Guarantee = z.strictObject({
  property: PropertyName,
  bound: z.enum(["equality", "min", "max", "relative_max", "min_multiple"]),
  value: Scalar,
  unit: UnitName,
  of: UnitName.nullable(),
  basis: z.enum(["declared", "measured", "assumed"]),
});
export type Guarantee = z.infer<typeof Guarantee>;

/** Permissions as a tree; `{ all: [] }` asks for none, `{ any: [] }` is never met. */
export type PermissionExpression = { has: string } | { all: PermissionExpression[] } | { any: PermissionExpression[] };
export const PermissionExpression: z.ZodType<PermissionExpression> = z.lazy(() =>
  z.union([
    z.strictObject({ has: PermissionName }),
    z.strictObject({ all: z.array(PermissionExpression).max(16) }),
    z.strictObject({ any: z.array(PermissionExpression).max(16) }),
  ]),
);

/** What may be sent in one request; null is not stated. */
export const ServiceConstraints = z.strictObject({
  inputTokensMax: z.int().min(0).nullable(),
  outputTokensMax: z.int().min(0).nullable(),
  totalTokensMax: z.int().min(0).nullable(),
});

/** Prices in pico-units per unit, sorted by unit; null where no price is known, an empty list where it is free. */
export const ServiceCost = z.strictObject({
  currency: z.string().regex(/^[A-Z]{3}$/),
  prices: z.array(z.strictObject({ unit: UnitName, picos: z.int().min(0) })).max(64),
});

/** Null is not stated, and unknown is never private enough. `retentionDays` 0 keeps nothing. */
export const ServicePrivacy = z.strictObject({
  locality: Locality.nullable(),
  regions: z.array(boundedText(64)).max(256),
  retentionDays: z.int().min(0).nullable(),
  encryptedInTransit: z.boolean().nullable(),
  encryptedAtRest: z.boolean().nullable(),
  trainsOnData: z.boolean().nullable(),
});

/** How the service is called; `none` is a catalogue entry without an address. */
export const ServiceApi = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("none") }),
  z.strictObject({
    kind: z.literal("operation"),
    operation: OperationId,
    version: SemanticVersion,
    contract: z.string().nullable(),
  }),
  z.strictObject({
    kind: z.literal("http"),
    url: boundedText(2048),
    method: z.enum(["GET", "POST", "PUT", "PATCH", "DELETE"]),
    operationId: boundedText(256).nullable(),
  }),
  z.strictObject({
    kind: z.literal("mcp"),
    transport: z.discriminatedUnion("kind", [
      z.strictObject({
        kind: z.literal("stdio"),
        command: boundedText(1024),
        args: z.array(boundedText(1024, 0)).max(64),
      }),
      z.strictObject({ kind: z.literal("http"), url: boundedText(2048) }),
    ]),
    tool: boundedText(256).nullable(),
  }),
  z.strictObject({ kind: z.literal("openai"), baseUrl: boundedText(2048).nullable(), model: boundedText(256) }),
  z.strictObject({ kind: z.literal("a2a"), url: boundedText(2048), skill: boundedText(256).nullable() }),
]);
export type ServiceApi = z.infer<typeof ServiceApi>;

/** An Ed25519 signature over {@link contractSigningBytes}; `keyId` is the SHA-256 of the raw public key. */
export const ContractSignature = z.strictObject({
  keyId: z.string().regex(/^sha256:[0-9a-f]{64}$/),
  algorithm: z.literal("Ed25519"),
  value: z.string().regex(/^[A-Za-z0-9_-]{86}$/),
});

/**
 * `capabilities`, `traits`' keys, `assumed` and price units are sorted by code unit and unique; guarantees are sorted by
 * property, then bound, one of each. `invariants` are CEL expressions over `input` and `output` that a result must meet;
 * `assumed` are JSON Pointers (RFC 6901) into this contract.
 */
export const ServiceContract = z.strictObject({
  schema: z.literal("canonic/service-contract/v1"),
  service: ServiceId,
  version: SemanticVersion,
  name: boundedText(256),
  description: boundedText(4096, 0),
  capabilities: z.array(CapabilityName).min(1).max(1024),
  guarantees: z.array(Guarantee).max(256),
  constraints: ServiceConstraints,
  cost: ServiceCost.nullable(),
  privacy: ServicePrivacy,
  security: z.strictObject({
    permission: PermissionExpression.nullable(),
    trustRequired: TrustLevel,
    trust: TrustLevel,
  }),
  traits: mapOf(TraitName, Scalar),
  api: ServiceApi,
  input: JsonMap.nullable(),
  output: JsonMap.nullable(),
  determinism: z.enum(["deterministic", "seeded", "recorded"]),
  effect: z.enum(["pure", "read", "write"]),
  invariants: z.array(z.strictObject({ id: PropertyName, expression: boundedText(2048) })).max(64),
  owner: Principal.nullable(),
  source: boundedText(2048).nullable(),
  assumed: z.array(boundedText(512, 0)).max(256),
  signature: ContractSignature.nullable(),
});
export type ServiceContract = z.infer<typeof ServiceContract>;

/** Contracts by service id, then version: the order of snapshots and imports. */
export function sortContracts(contracts: readonly ServiceContract[]): ServiceContract[] {
  return contracts.toSorted(byServiceAndVersion);
}

/** The digest that snapshots, decisions and receipts name; the signature is part of it. */
export function serviceContractDigestOf(contract: ServiceContract): Digest {
  return digestJson(contract);
}

/** The bytes that an owner signs: the domain, a newline, and the canonical contract with `signature: null`. */
export function contractSigningBytes(contract: ServiceContract): Uint8Array {
  return Buffer.from(
    `canonic/service-contract/v1\n${canonicalJson({ ...contract, signature: null } as JsonObject)}`,
    "utf8",
  );
}
