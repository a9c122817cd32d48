/**
 * Services that are operations of loaded packs, or executed by them: what a plan can route to.
 *
 * @module
 */
import {
  contractDigestOf,
  type OperationContract,
  type ServiceContract,
  type ServiceSnapshot,
  serviceContractDigestOf,
} from "@canonic/contracts";

/**
 * The operation that a service is, or that executes it: its very contract where one of both names the other by digest; undefined where
 * none of these does. Of several that execute one service, the last: in a snapshot the newest version.
 */
export function operationOf(
  service: ServiceContract,
  operations: readonly OperationContract[],
): OperationContract | undefined {
  const { api } = service;
  if (api.kind !== "operation") return executorOf(service, operations);
  const contract = operations.find(({ operation, version }) => operation === api.operation && version === api.version);
  if (contract === undefined || api.contract === null) return contract;
  return contractDigestOf(contract) === api.contract ? contract : undefined;
}

function executorOf(service: ServiceContract, operations: readonly OperationContract[]): OperationContract | undefined {
  const executors = operations.filter((contract) => contract.service !== undefined);
  if (executors.length === 0) return undefined;
  const digest = serviceContractDigestOf(service);
  return executors.findLast((contract) => contract.service === digest);
}

/** The services that are, or are executed by, one of these operations, without health: a plan holds no time. */
export function plannableServices(
  snapshot: ServiceSnapshot,
  operations: readonly OperationContract[],
): ServiceSnapshot {
  const services = snapshot.services
    .filter(({ contract }) => operationOf(contract, operations) !== undefined)
    .map((entry) => ({ ...entry, health: null }));
  return { ...snapshot, services };
}
