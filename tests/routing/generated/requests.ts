/**
 * Generated requests: few demands each, so that most find somebody; identities and tables of a policy engine.
 *
 * @module
 */
import {
  type AuthorizationTable,
  type RequiredGuarantee,
  RouteIdentity,
  RouteRequest,
  type ServiceSnapshot,
  type TraitClause,
} from "@canonic/contracts";
import { digestOf } from "../oracle/hashing.ts";
import type { Draw } from "./draw.ts";
import { drawBound, drawScalar, drawText } from "./services.ts";
import { CAPABILITIES, MAX_NUMBER, PERMISSIONS, PROPERTIES, QUANTITIES, REGIONS, TRAITS } from "./vocabulary.ts";

/** What relations are stated of, and what the control signal reads. */
const OFTEN = [
  ["answer-length", "token"],
  ["accuracy", "ppm"],
] as const;

function drawDemand(draw: Draw): RequiredGuarantee {
  const [property, unit] = draw.chance(40) ? draw.pick(OFTEN) : draw.pick(PROPERTIES);
  const usual = unit === "us" ? "max" : "min";
  const bound = draw.chance(70)
    ? usual
    : draw.pick(["equality", "min", "max", "relative_max", "min_multiple"] as const);
  const relative = bound === "relative_max" || bound === "min_multiple";
  return {
    property,
    bound,
    value: drawBound(draw, unit, bound),
    unit: draw.chance(4) ? "other" : unit,
    of: relative ? draw.maybe(92, () => draw.pick(QUANTITIES)) : draw.maybe(5, () => "image"),
    basis: draw.chance(75) ? "declared" : "measured",
  };
}

function drawTraitClause(draw: Draw): TraitClause {
  const trait = draw.pick(TRAITS);
  const bound = draw.pick(["equality", "min", "max", "one_of"] as const);
  if (bound === "equality") return { trait, bound, value: drawScalar(draw) };
  if (bound === "one_of") return { trait, bound, value: [drawScalar(draw), drawScalar(draw), drawScalar(draw)] };
  return { trait, bound, value: draw.int(1, 3) };
}

function drawQuantities(draw: Draw): Record<string, number> {
  return Object.fromEntries(
    draw
      .some(QUANTITIES, 45)
      .map((unit) => [unit, draw.chance(4) ? 1_000_000_000_000 : draw.pick([0, 3, 1_000, 4_000, 4_001, 7_437])]),
  );
}

/** One or two modest ones: what the control signal is derived from, where somebody meets them. */
function drawAccuracies(draw: Draw): RequiredGuarantee[] {
  return Array.from({ length: draw.int(1, 2) }, () => ({
    property: "accuracy",
    bound: "min",
    value: draw.pick([-7, 0, 100_000, 400_000]),
    unit: "ppm",
    of: null,
    basis: "declared",
  }));
}

export function drawRequest(draw: Draw): RouteRequest {
  const capabilities = draw.some(CAPABILITIES, 14);
  const few = <Item>(make: () => Item, percent: number): Item[] =>
    draw.chance(percent) ? Array.from({ length: draw.int(1, 3) }, make) : [];
  return RouteRequest.parse({
    schema: "canonic/route-request/v1",
    intent: draw.chance(3)
      ? Array.from({ length: 90 }, (_, index) => `w${(index * 37) % 90}`).join(" ")
      : drawText(draw, 8),
    capabilities: capabilities.length === 0 ? ["chat"] : capabilities,
    guarantees: draw.chance(10) ? drawAccuracies(draw) : few(() => drawDemand(draw), 20),
    quantities: drawQuantities(draw),
    traits: few(() => drawTraitClause(draw), 22),
    preferences: few(() => drawTraitClause(draw), 50),
    dataClass: draw.pick(["public", "public", "public", "public", "public", "internal", "confidential", "restricted"]),
    localityMax: draw.maybe(10, () => draw.pick(["on_device", "local", "region", "cloud"])),
    regions: draw.chance(10) ? draw.some(REGIONS, 85) : [],
    retentionDaysMax: draw.maybe(10, () => draw.pick([0, 7, 30])),
    serviceTrustMin: draw.pick([0, 0, 0, 0, 0, 1, 2]),
    budgetPicos: draw.maybe(25, () => draw.pick([0, 4_000_000_000, 1_000_000_000_000, MAX_NUMBER])),
    latency: draw.maybe(14, () => ({
      percentile: draw.pick(["max", "p50", "p95", "p99"]),
      maxUs: draw.pick([1, 500_000, 1_000_000, 3_000_000, MAX_NUMBER]),
    })),
    health: draw.chance(92) ? "any" : "required",
    probation: draw.chance(60) ? "allow" : "exclude",
  });
}

export function drawIdentity(draw: Draw): RouteIdentity | null {
  return draw.maybe(80, () =>
    RouteIdentity.parse({
      subject: "user:somebody",
      permissions: draw.some(PERMISSIONS, 75),
      trust: draw.pick([0, 1, 2, 3, 3]),
      token: digestOf("a token"),
    }),
  );
}

export function drawAuthorization(
  draw: Draw,
  identity: RouteIdentity | null,
  request: RouteRequest,
  snapshot: ServiceSnapshot,
): AuthorizationTable | null {
  return draw.maybe(30, () => drawTable(draw, identity, request, snapshot));
}

/** As a policy engine might have answered for exactly these. */
export function drawTable(
  draw: Draw,
  identity: RouteIdentity | null,
  request: RouteRequest,
  snapshot: ServiceSnapshot,
): AuthorizationTable {
  return {
    schema: "canonic/authorization-table/v1",
    policies: digestOf("policies") as AuthorizationTable["policies"],
    identity: (identity && digestOf(identity)) as AuthorizationTable["identity"],
    dataClass: request.dataClass,
    snapshot: digestOf(snapshot) as AuthorizationTable["snapshot"],
    profiles: 1,
    refused: draw
      .some(snapshot.services, draw.pick([0, 5, 30, 100]))
      .map(({ contract: { service, version } }) => ({ service, version, policies: ["p0"] })),
  };
}
