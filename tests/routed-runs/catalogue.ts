/**
 * Services that are operations of the domains pack, as a catalogue file.
 *
 * @module
 */
import { ServiceContract } from "@canonic/contracts";

type Changes = Partial<ServiceContract> & { readonly picos?: number; readonly permission?: string };

/** A service that is an operation of the pack, at a price for each call. */
export function serviceOf(service: string, operation: string, { picos = 5, permission, ...changes }: Changes = {}) {
  return ServiceContract.parse({
    schema: "canonic/service-contract/v1",
    service,
    version: "1.0.0",
    name: service,
    description: "",
    capabilities: ["work"],
    guarantees: [],
    constraints: { inputTokensMax: null, outputTokensMax: null, totalTokensMax: null },
    cost: { currency: "USD", prices: [{ unit: "call", picos }] },
    privacy: {
      locality: "local",
      regions: [],
      retentionDays: 0,
      encryptedInTransit: true,
      encryptedAtRest: true,
      trainsOnData: false,
    },
    security: { permission: permission === undefined ? null : { has: permission }, trustRequired: 0, trust: 1 },
    traits: {},
    api: { kind: "operation", operation, version: "1.0.0", contract: null },
    input: null,
    output: null,
    determinism: "deterministic",
    effect: "pure",
    invariants: [],
    owner: null,
    source: null,
    assumed: [],
    signature: null,
    ...changes,
  });
}

/** One task that names a capability, and one that names an operation. */
export const ROUTED = `
tasks:
  - name: work
    capability: work
    route: { quantities: { call: 1 } }
    parameters: { digest: abc }
  - name: pin
    operation: source.pin
    parameters: { name: law }
`;
