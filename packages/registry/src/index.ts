export type { ArgumentCheck, ArgumentFault } from "./arguments.ts";
export { argumentCheckOf, checkArguments } from "./arguments.ts";
export type { Completeness, Requirement } from "./completeness.ts";
export { assertCompleteness, checkCompleteness, requirementsOf } from "./completeness.ts";
export type { RegistryErrorCode, RegistryErrorDetails } from "./errors.ts";
export { isRegistryError, RegistryError } from "./errors.ts";
export type { FrozenRegistry, RegisteredOperation, Registry } from "./registry.ts";
export { createRegistry } from "./registry.ts";
export type { RoutingVerdict } from "./routing.ts";
export { assertRouting, ROUTING_RULE, routePayload, routerOf } from "./routing.ts";
export type { ChainedChange } from "./services/change-chain.ts";
export { CONTRACT_BYTES_MAX } from "./services/contract-check.ts";
export type { ServiceEdit, ServiceName } from "./services/edits.ts";
export { HEALTH_TTL_MS_MAX } from "./services/edits.ts";
export type { MemoryServiceStorage } from "./services/memory-storage.ts";
export { createMemoryServiceStorage } from "./services/memory-storage.ts";
export type { ServiceReader } from "./services/service-reader.ts";
export { openServiceReader } from "./services/service-reader.ts";
export type {
  Changed,
  ChangeOptions,
  Promotion,
  ServiceRegistry,
  ServiceRegistryOptions,
} from "./services/service-registry.ts";
export { createServiceRegistry, PROMOTION_RECEIPTS } from "./services/service-registry.ts";
export type { OwnerKey, SignatureVerdict } from "./services/signature.ts";
export { keyIdOf, signContract, verifyContractSignature } from "./services/signature.ts";
export type { FrozenServices } from "./services/snapshot.ts";
export type { ServiceStanding } from "./services/standing.ts";
export type {
  ServiceReading,
  ServiceStorage,
  ServicesCommit,
  ServicesHead,
  StoredContract,
  StoredService,
  StoredServiceChange,
} from "./services/storage.ts";
export type { ServiceTrust } from "./services/vouching.ts";
