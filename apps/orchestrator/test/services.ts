/**
 * Service contracts for tests: complete, dull, and changed where a test says so.
 *
 * @module
 */
import { ServiceContract } from "@canonic/contracts";

export function contractOf(service: string, changes: Partial<ServiceContract> = {}): ServiceContract {
  return ServiceContract.parse({
    schema: "canonic/service-contract/v1",
    service,
    version: "1.0.0",
    name: service,
    description: "",
    capabilities: ["chat"],
    guarantees: [],
    constraints: { inputTokensMax: null, outputTokensMax: null, totalTokensMax: null },
    cost: { currency: "USD", prices: [{ unit: "call", picos: 5 }] },
    privacy: {
      locality: "cloud",
      regions: [],
      retentionDays: null,
      encryptedInTransit: true,
      encryptedAtRest: null,
      trainsOnData: false,
    },
    security: { permission: null, trustRequired: 0, trust: 1 },
    traits: {},
    api: { kind: "none" },
    input: null,
    output: null,
    determinism: "recorded",
    effect: "read",
    invariants: [],
    owner: null,
    source: null,
    assumed: [],
    signature: null,
    ...changes,
  });
}
