/**
 * Small worlds for tests of the kernel.
 *
 * @module
 */
import {
  DEFAULT_PRIVACY_PROFILE,
  DEFAULT_SCORE_PROFILE,
  type Guarantee,
  type ObservationSnapshot,
  type RouteIdentity,
  type RouteRequest,
  type ServiceContract,
  type ServiceEntry,
  type ServiceSnapshot,
  sortServices,
} from "@canonic/contracts";
import type { RouteQuestion, RouteWorld } from "../../src/index.ts";
import type { RuleMatcher } from "../../src/rules/matcher.ts";

export const AT = 1_700_000_000_000;
export const NO_RULES: RuleMatcher = { match: () => [] };
export const DIGEST = `sha256:${"0".repeat(64)}`;

type Given<Type> = { readonly [Key in keyof Type]?: unknown };

/** A contract that answers `s` to everything that `request()` asks, and to most of what else may be asked. */
export function contract(given: Given<ServiceContract> = {}): Record<string, unknown> {
  return {
    schema: "canonic/service-contract/v1",
    service: "a/one",
    version: "1.0.0",
    name: "one",
    description: "",
    capabilities: ["chat"],
    guarantees: [],
    constraints: { inputTokensMax: 1000, outputTokensMax: 100, totalTokensMax: 1050 },
    cost: { currency: "USD", prices: [] },
    privacy: {
      locality: "local",
      regions: ["eu"],
      retentionDays: 0,
      encryptedInTransit: true,
      encryptedAtRest: true,
      trainsOnData: false,
    },
    security: { permission: null, trustRequired: 0, trust: 1 },
    traits: {},
    api: { kind: "none" },
    input: null,
    output: null,
    determinism: "recorded",
    effect: "pure",
    invariants: [],
    owner: null,
    source: null,
    assumed: [],
    signature: null,
    ...given,
  };
}

export function entry(given: Given<ServiceContract> = {}, rest: Given<ServiceEntry> = {}): Record<string, unknown> {
  return { contract: contract(given), state: "active", health: null, ...rest };
}

export function guarantee(given: Given<Guarantee> = {}): Guarantee {
  return {
    property: "accuracy",
    bound: "min",
    value: 1,
    unit: "ppm",
    of: null,
    basis: "declared",
    ...given,
  } as Guarantee;
}

export function snapshot(entries: readonly Record<string, unknown>[]): ServiceSnapshot {
  const services = sortServices(entries as unknown as ServiceEntry[]);
  return { schema: "canonic/service-snapshot/v1", revision: 0, services };
}

export function world(entries: readonly Record<string, unknown>[], rest: Given<RouteWorld> = {}): RouteWorld {
  return {
    snapshot: snapshot(entries),
    rules: { schema: "canonic/rule-set/v1", rules: [] },
    observations: null,
    scoreProfile: DEFAULT_SCORE_PROFILE,
    privacyProfile: DEFAULT_PRIVACY_PROFILE,
    ...rest,
  } as RouteWorld;
}

/** Asks for one capability, and nothing else that can be left out. */
export function request(given: Given<RouteRequest> = {}): RouteRequest {
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
    ...given,
  } as RouteRequest;
}

export function question(given: Given<RouteRequest> = {}, rest: Partial<RouteQuestion> = {}): RouteQuestion {
  return { request: request(given), identity: null, authorization: null, at: AT, ...rest };
}

export function identity(given: Given<RouteIdentity> = {}): RouteIdentity {
  return { subject: "ann", permissions: [], trust: 0, token: DIGEST, ...given } as RouteIdentity;
}

/** Observations of services in version 1.0.0; latencies as p50, p95, p99 and max. */
export function observations(
  seen: readonly { service: string; receipts?: number; reliabilityPpm?: number; latencyUs?: readonly number[] }[],
): ObservationSnapshot {
  return {
    schema: "canonic/observation-snapshot/v1",
    at: "2023-11-14T00:00:00.000Z",
    halfLifeHours: 24,
    confidencePpm: 950_000,
    receipts: DIGEST,
    services: seen.map(
      ({ service, receipts = 5, reliabilityPpm = 0, latencyUs: [p50, p95, p99, max] = [1, 2, 3, 4] }) => ({
        service,
        version: "1.0.0",
        receipts,
        reliabilityPpm,
        latencyUs: { p50, p95, p99, max },
        costPicos: null,
      }),
    ),
  } as ObservationSnapshot;
}
