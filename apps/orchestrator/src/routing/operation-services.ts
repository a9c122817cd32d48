/**
 * Services that are operations of loaded packs: what a plan can route to.
 *
 * @module
 */
import {
  contractDigestOf,
  type OperationContract,
  type ServiceContract,
  type ServiceSnapshot,
} from "@canonic/contracts";

/** The operation that a service is: its very contract where the service names one by digest; undefined where it is none of these. */
export function operationOf(
  { api }: ServiceContract,
  operations: readonly OperationContract[],
): OperationContract | undefined {
  if (api.kind !== "operation") return undefined;
  const contract = operations.find(({ operation, version }) => operation === api.operation && version === api.version);
  if (contract === undefined || api.contract === null) return contract;
  return contractDigestOf(contract) === api.contract ? contract : undefined;
}

/** The services that are one of these operations, without health: a plan holds no time. */
export function plannableServices(
  snapshot: ServiceSnapshot,
  operations: readonly OperationContract[],
): ServiceSnapshot {
  const services = snapshot.services
    .filter(({ contract }) => operationOf(contract, operations) !== undefined)
    .map((entry) => ({ ...entry, health: null }));
  return { ...snapshot, services };
}
