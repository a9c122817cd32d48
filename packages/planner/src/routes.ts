/**
 * Where each payload type of a request goes, from the snapshot as a value; refused by name when it goes nowhere.
 *
 * @module
 */
import {
  byCodeUnit,
  CoreContractViolation,
  contractDigestOf,
  type Digest,
  type OperationContract,
  type Reason,
  type RegistrySnapshot,
} from "@canonic/contracts";

export type Target = { readonly contract: OperationContract; readonly digest: Digest };

/**
 * Resolves every payload type once.
 *
 * @throws {CoreContractViolation} named RoutingViolation, with each unknown, ambiguous or dangling payload type.
 */
export function routeAll(snapshot: RegistrySnapshot, payloadTypes: Iterable<string>): ReadonlyMap<string, Target> {
  const contracts = new Map(snapshot.operations.map((contract) => [keyOf(contract), contract]));
  const routes = new Map<string, string[]>();
  for (const route of snapshot.routes) {
    routes.set(route.payloadType, [...(routes.get(route.payloadType) ?? []), keyOf(route)]);
  }
  const targets = new Map<string, Target>();
  const reasons: Reason[] = [];
  for (const payloadType of [...new Set(payloadTypes)].sort(byCodeUnit)) {
    const [key, second] = routes.get(payloadType) ?? [];
    const contract = key === undefined ? undefined : contracts.get(key);
    if (key === undefined) reasons.push(reason("payload-type-unknown", payloadType, "has no route"));
    else if (second !== undefined) reasons.push(reason("route-ambiguous", payloadType, "has more than one route"));
    else if (contract === undefined) reasons.push(reason("route-dangling", payloadType, `goes to absent \`${key}\``));
    else targets.set(payloadType, { contract, digest: contractDigestOf(contract) });
  }
  if (reasons.length > 0) throw new CoreContractViolation("routing", reasons);
  return targets;
}

/** The target of a payload type that {@link routeAll} resolved, or it had thrown. */
export function targetOf(payloadType: string, targets: ReadonlyMap<string, Target>): Target {
  const target = targets.get(payloadType);
  if (target === undefined) throw new Error(`assertion: payload type ${payloadType} was routed`);
  return target;
}

function keyOf(of: { readonly operation: string; readonly version: string }): string {
  return `${of.operation}@${of.version}`;
}

function reason(code: string, payloadType: string, message: string): Reason {
  const name = String(payloadType).slice(0, 128);
  return { code, place: name, message: `payload type \`${name}\` ${message}` };
}
