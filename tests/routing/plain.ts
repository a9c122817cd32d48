/**
 * A service that meets everything, a request that asks for little, and a world of them: where a test begins that changes one thing.
 *
 * @module
 */
import {
  DEFAULT_PRIVACY_PROFILE,
  DEFAULT_SCORE_PROFILE,
  type ObservationSnapshot,
  type RouteRequest,
  type ServiceContract,
  type ServiceEntry,
  type ServiceObservation,
} from "@canonic/contracts";
import { NO_RULES, snapshotOf } from "./generated/snapshots.ts";
import { NOW } from "./generated/vocabulary.ts";
import { digestOf } from "./oracle/hashing.ts";
import type { OracleQuestion, OracleWorld } from "./oracle/oracle.ts";

export function plainContract(service: string, changed: Partial<ServiceContract> = {}): ServiceContract {
  return {
    schema: "canonic/service-contract/v1",
    service: service as ServiceContract["service"],
    version: "1.0.0",
    name: service,
    description: "",
    capabilities: ["chat"],
    guarantees: [],
    constraints: { inputTokensMax: 100_000, outputTokensMax: 10_000, totalTokensMax: 110_000 },
    cost: { currency: "USD", prices: [{ unit: "input-token", picos: 1_000_000 }] },
    privacy: {
      locality: "on_device",
      regions: ["eu"],
      retentionDays: 0,
      encryptedInTransit: true,
      encryptedAtRest: true,
      trainsOnData: false,
    },
    security: { permission: null, trustRequired: 0, trust: 3 },
    traits: {},
    api: { kind: "none" },
    input: null,
    output: null,
    determinism: "deterministic",
    effect: "read",
    invariants: [],
    owner: null,
    source: null,
    assumed: [],
    signature: null,
    ...changed,
  };
}

export function plainEntry(service: string, changed: Partial<ServiceContract> = {}): ServiceEntry {
  return { contract: plainContract(service, changed), state: "active", health: null };
}

export function plainRequest(changed: Partial<RouteRequest> = {}): RouteRequest {
  return {
    schema: "canonic/route-request/v1",
    intent: "",
    capabilities: ["chat"],
    guarantees: [],
    quantities: {},
    traits: [],
    preferences: [],
    dataClass: "public",
    localityMax: null,
    regions: [],
    retentionDaysMax: null,
    serviceTrustMin: 0,
    budgetPicos: null,
    latency: null,
    health: "any",
    probation: "allow",
    ...changed,
  };
}

export function plainWorld(entries: readonly ServiceEntry[], changed: Partial<OracleWorld> = {}): OracleWorld {
  return {
    snapshot: snapshotOf(entries),
    rules: NO_RULES,
    observations: null,
    scoreProfile: DEFAULT_SCORE_PROFILE,
    privacyProfile: DEFAULT_PRIVACY_PROFILE,
    ...changed,
  };
}

export function plainQuestion(
  request: Partial<RouteRequest> = {},
  changed: Partial<Omit<OracleQuestion, "request">> = {},
): OracleQuestion {
  return { request: plainRequest(request), identity: null, authorization: null, at: NOW, ...changed };
}

export function observationsOf(...services: ServiceObservation[]): ObservationSnapshot {
  return {
    schema: "canonic/observation-snapshot/v1",
    at: new Date(NOW).toISOString(),
    halfLifeHours: 168,
    confidencePpm: 950_000,
    receipts: digestOf([]) as ObservationSnapshot["receipts"],
    services,
  };
}
