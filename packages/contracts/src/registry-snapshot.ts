/**
 * The frozen, digested view of what exists: one plan and one run see exactly one.
 *
 * @module
 */
import { z } from "zod";
import { type Digest, digestJson } from "./digest.ts";
import { OperationId, PayloadType, SemanticVersion } from "./ids.ts";
import { OperationContract } from "./operation-contract.ts";
import { byCodeUnit, byVersion } from "./order.ts";

/** Operations sorted by id, routes by payload type, both by code unit; each contract stands in full. */
export const RegistrySnapshot = z.strictObject({
  schema: z.literal("canonic/registry-snapshot/v1"),
  operations: z.array(OperationContract).min(1),
  routes: z
    .array(z.strictObject({ payloadType: PayloadType, operation: OperationId, version: SemanticVersion }))
    .min(1),
});
export type RegistrySnapshot = z.infer<typeof RegistrySnapshot>;

/** A snapshot's rows in the one order that its digest stands for, however they came in. */
export function sortSnapshot(snapshot: RegistrySnapshot): RegistrySnapshot {
  return {
    schema: snapshot.schema,
    operations: snapshot.operations.toSorted(byOperation),
    routes: snapshot.routes.toSorted((a, b) => byCodeUnit(a.payloadType, b.payloadType) || byOperation(a, b)),
  };
}

type Versioned = { readonly operation: string; readonly version: string };

function byOperation(a: Versioned, b: Versioned): number {
  return byCodeUnit(a.operation, b.operation) || byVersion(a.version, b.version);
}

/** The digest that plans and routing decisions name. */
export function snapshotDigestOf(snapshot: RegistrySnapshot): Digest {
  return digestJson(snapshot);
}

/** The digest that tasks and routing decisions name. */
export function contractDigestOf(contract: OperationContract): Digest {
  return digestJson(contract);
}
