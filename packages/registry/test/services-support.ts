/** Contracts, clocks and owners for the tests of the service registry. */
import { generateKeyPairSync } from "node:crypto";
import { momentAfter, ServiceContract, type Timestamp } from "@canonic/contracts";
import { createMemoryServiceStorage, createServiceRegistry, type OwnerKey } from "../src/index.ts";

export const KEEPER = "keeper@example.org";
export const NOW: Timestamp = "2026-01-31T12:00:00.000Z";

export function contractOf(service: string, version = "1.0.0", more: Partial<ServiceContract> = {}): ServiceContract {
  return ServiceContract.parse({
    schema: "canonic/service-contract/v1",
    service,
    version,
    name: service,
    description: "",
    capabilities: ["chat"],
    guarantees: [],
    constraints: { inputTokensMax: null, outputTokensMax: null, totalTokensMax: null },
    cost: null,
    privacy: {
      locality: null,
      regions: [],
      retentionDays: null,
      encryptedInTransit: null,
      encryptedAtRest: null,
      trainsOnData: null,
    },
    security: { permission: null, trustRequired: 0, trust: 0 },
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
    ...more,
  });
}

/** A clock that goes a second further each time it is asked. */
export function tickingClock(): { now(): Timestamp } {
  let second = -1;
  return {
    now: () => {
      second += 1;
      return momentAfter(NOW, second * 1000) as Timestamp;
    },
  };
}

export function ownerOf(owner: string): { readonly privateKeyPem: string; readonly key: OwnerKey } {
  const { privateKey, publicKey } = generateKeyPairSync("ed25519");
  return {
    privateKeyPem: privateKey.export({ type: "pkcs8", format: "pem" }) as string,
    key: { owner, publicKey: Buffer.from(publicKey.export({ format: "jwk" }).x as string, "base64url") },
  };
}

/** A registry in memory with a keeper, and the storage that a second one can share. */
export function registryOf(owners: readonly OwnerKey[] = [], promotionReceipts = 3) {
  const storage = createMemoryServiceStorage();
  const trust = { owners, keepers: [KEEPER] };
  const open = () => createServiceRegistry({ storage, clock: tickingClock(), trust, promotionReceipts });
  return { storage, registry: open(), open };
}

/** The code of what a promise rejects with, and its details; a promise that is kept fails the test. */
export async function refusalOf(
  promise: Promise<unknown>,
): Promise<{ readonly code: unknown; readonly details: unknown }> {
  try {
    await promise;
  } catch (error) {
    const { code, details } = error as { readonly code?: unknown; readonly details?: unknown };
    if (code === undefined) throw error;
    return { code, details };
  }
  throw new Error("nothing was thrown");
}
