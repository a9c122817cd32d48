/**
 * An operation of our own as a service, so that a router weighs it against services of others.
 *
 * @module
 */
import { byCodeUnit, contractDigestOf, type OperationContract, ServiceContract } from "@canonic/contracts";

/** Trust of what runs under our own runner: the keeper of the registry vouches for it. */
const OWN = 3;

/**
 * The service contract of an operation: `operation/domain.method` with the capabilities `operation` and the operation's own id.
 *
 * It answers within its wall-time limit, for the runner ends it there. One that asks no model for tokens and no
 * service costs nothing; the cost of one that does is not known. It asks for no permission of its own: authority holds it to the token's scopes.
 */
export function serviceOfOperation(contract: OperationContract): ServiceContract {
  const sendsOut = (contract.tokensMax ?? 0) > 0 || contract.service !== undefined;
  return ServiceContract.parse({
    schema: "canonic/service-contract/v1",
    service: `operation/${contract.operation}`,
    version: contract.version,
    name: contract.operation,
    description: contract.description.slice(0, 4096),
    capabilities: [contract.operation, "operation"].sort(byCodeUnit),
    guarantees: [
      {
        property: "latency-max",
        bound: "max",
        value: contract.termination.timeoutMs * 1000,
        unit: "us",
        of: null,
        basis: "declared",
      },
    ],
    constraints: { inputTokensMax: null, outputTokensMax: null, totalTokensMax: null },
    cost: sendsOut ? null : { currency: "USD", prices: [] },
    privacy: {
      // What asks a model or a service sends it something; where to, its contract does not say.
      locality: sendsOut ? null : "local",
      regions: [],
      retentionDays: null,
      encryptedInTransit: null,
      encryptedAtRest: null,
      trainsOnData: sendsOut ? null : false,
    },
    security: { permission: null, trustRequired: 0, trust: OWN },
    traits: { idempotent: contract.idempotent, isolation: contract.isolation ?? "trusted", mode: contract.mode },
    api: {
      kind: "operation",
      operation: contract.operation,
      version: contract.version,
      contract: contractDigestOf(contract),
    },
    input: contract.input,
    output: contract.output,
    determinism: contract.determinism,
    effect: contract.effect,
    invariants: [],
    owner: null,
    source: null,
    assumed: [],
    signature: null,
  });
}
