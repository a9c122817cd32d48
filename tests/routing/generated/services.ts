/**
 * Generated services. Most are fit for most requests, each unfit in a few ways: a service that fails everything tells nothing.
 *
 * @module
 */
import {
  type Guarantee,
  type PermissionExpression,
  type ServiceContract,
  ServiceEntry,
  type ServiceObservation,
} from "@canonic/contracts";
import type { Draw } from "./draw.ts";
import {
  CAPABILITIES,
  MAX_NUMBER,
  NOW,
  PERMISSIONS,
  PROPERTIES,
  QUANTITIES,
  REGIONS,
  TRAITS,
  WORDS,
} from "./vocabulary.ts";

export type Cost = NonNullable<ServiceContract["cost"]>;

const ACTIVE = ["active", "active", "active"] as const;

/** A moment around {@link NOW}; now and then exactly it. */
function momentAround(draw: Draw): string {
  return new Date(NOW + draw.pick([-86_400_000, -1, 0, 1, 3_600_000, 86_400_000])).toISOString();
}

export function drawText(draw: Draw, most: number): string {
  return Array.from({ length: draw.int(0, most) }, () => draw.pick(WORDS)).join(draw.pick([" ", "-", ", ", "_"]));
}

/** A number of the size that its unit has, now and then at an end of what is allowed. */
export function drawValue(draw: Draw, unit: string): number {
  if (draw.chance(4)) return draw.pick([0, MAX_NUMBER, -7, 1]);
  if (unit === "us") return draw.pick([100_000, 500_000, 1_000_000, 3_000_000]);
  if (unit === "ppm") return draw.pick([-7, 500_000, 900_000, 950_000, 990_000, 1_000_000]);
  return draw.pick([1, 2, 1_000, 2_000, 2_001, 6_001, 6_002]);
}

/** What a bound of this kind is given as; a relative one is in parts of a million, and often falls between two whole numbers. */
export function drawBound(draw: Draw, unit: string, bound: Guarantee["bound"]): Guarantee["value"] {
  if (bound === "equality" && draw.chance(40)) return draw.pick(["1", 1, "true", true]);
  if (draw.chance(4)) return draw.pick(["low", false]);
  if (bound !== "relative_max" && bound !== "min_multiple") return drawValue(draw, unit);
  return draw.pick([500_000, 500_000, 1_500_000, 1_500_000, -1_500_001, MAX_NUMBER]);
}

function drawGuarantees(draw: Draw): Guarantee[] {
  const guarantees: Guarantee[] = [];
  for (const [property, unit] of PROPERTIES) {
    for (const bound of ["equality", "max", "min", "min_multiple", "relative_max"] as const) {
      const usual = unit === "us" ? bound === "max" : bound === "min";
      if (!draw.chance(usual ? 55 : unit === "token" ? 20 : 6)) continue;
      const relative = bound === "min_multiple" || bound === "relative_max";
      guarantees.push({
        property,
        bound,
        value: drawBound(draw, unit, bound),
        unit: draw.chance(4) ? "other" : unit,
        of: relative ? draw.maybe(90, () => draw.pick(QUANTITIES)) : null,
        basis: draw.pick(["declared", "declared", "declared", "measured", "assumed"]),
      });
    }
  }
  const key = ({ property, bound }: Guarantee) => `${property} ${bound}`;
  return guarantees.sort((a, b) => (key(a) < key(b) ? -1 : 1));
}

function drawPermission(draw: Draw, depth = 0): PermissionExpression {
  const kind = depth > 2 ? 0 : draw.int(0, 4);
  const parts = () => Array.from({ length: draw.int(0, 2) }, () => drawPermission(draw, depth + 1));
  if (kind === 1) return { all: parts() };
  if (kind === 2) return { any: parts() };
  return { has: draw.pick(PERMISSIONS) };
}

function drawCost(draw: Draw): Cost | null {
  return draw.maybe(90, () => ({
    currency: "USD",
    prices: draw.some(QUANTITIES, 50).map((unit) => ({
      unit,
      picos: draw.chance(3) ? MAX_NUMBER : draw.pick([0, 40_000, 250_000, 1_000_000, 1_000_001]),
    })),
  }));
}

const ASSUMABLE = [
  "",
  "/capabilities/0",
  "/constraints",
  "/constraints/inputTokensMax",
  "/constraints/outputTokensMax",
  "/constraints/totalTokensMax",
  "/cost",
  "/cost/prices/0/picos",
  "/description",
  "/costs",
  "/guarantees",
  "/guarantees/0",
  "/guarantees/1/value",
  "/privacy",
  "/privacy/",
  "/privacy/encryptedAtRest",
  "/privacy/encryptedInTransit",
  "/privacy/locality",
  "/privacy/region",
  "/privacy/regions",
  "/privacy/regions/0",
  "/privacy/retentionDays",
  "/privacy/trainsOnData",
  "/traits",
  "/traits/constructor",
  "/traits/size",
  "/security/trust",
] as const;

function drawContract(draw: Draw, service: string, version: string): ServiceContract {
  const limit = () => draw.maybe(93, () => draw.pick([4_000, 8_000, 128_000, 128_000, 1_000_000_000_000, MAX_NUMBER]));
  const truth = (mostly: boolean) => draw.maybe(92, () => draw.chance(88) === mostly);
  const traits = draw.some(TRAITS, 75).map((name) => [name, drawScalar(draw)]);
  const capabilities = draw.some(CAPABILITIES, 85);
  return {
    schema: "canonic/service-contract/v1",
    service: service as ServiceContract["service"],
    version,
    name: `s ${drawText(draw, 3)}`,
    description: drawText(draw, 8),
    capabilities: capabilities.length === 0 ? ["chat"] : capabilities,
    guarantees: drawGuarantees(draw),
    constraints: { inputTokensMax: limit(), outputTokensMax: limit(), totalTokensMax: limit() },
    cost: drawCost(draw),
    privacy: {
      locality: draw.maybe(94, () => draw.pick(["on_device", "local", "local", "local", "region", "cloud"])),
      regions: draw.some(REGIONS, 45),
      retentionDays: draw.maybe(92, () => draw.pick([0, 0, 0, 7, 30, 31])),
      encryptedInTransit: truth(true),
      encryptedAtRest: truth(true),
      trainsOnData: truth(false),
    },
    security: {
      permission: draw.maybe(30, () => drawPermission(draw)),
      trustRequired: draw.pick([0, 0, 0, 0, 0, 0, 1, 2, 3]),
      trust: draw.pick([0, 1, 1, 2, 2, 3, 3]),
    },
    traits: Object.fromEntries(traits),
    api: { kind: "none" },
    input: null,
    output: null,
    determinism: draw.pick(["deterministic", "seeded", "recorded", "recorded"]),
    effect: draw.pick(["pure", "read", "write"]),
    invariants: [],
    owner: null,
    source: null,
    assumed: draw.chance(75) ? [] : draw.some(ASSUMABLE, 6).sort(),
    signature: null,
  };
}

export function drawScalar(draw: Draw): string | number | boolean {
  return draw.pick(["gold", "1", 1, 2, 2, 3, 3, true]);
}

export function drawEntry(draw: Draw, service: string, version: string): ServiceEntry {
  return ServiceEntry.parse({
    contract: drawContract(draw, service, version),
    state: draw.pick([...ACTIVE, ...ACTIVE, "active", "probation", "draining", "retired"]),
    health: draw.maybe(75, () => ({
      status: draw.chance(85) ? "healthy" : "unhealthy",
      expiresAt: momentAround(draw),
    })),
  });
}

export function drawObservation(draw: Draw, { contract }: ServiceEntry): ServiceObservation {
  const p50 = draw.pick([0, 50_000, 100_000, 500_000]);
  const [p95, p99, max] = [p50 * 2, draw.pick([1, 3]) * p50 * 2, draw.chance(4) ? MAX_NUMBER : p50 * 10];
  return {
    service: contract.service,
    version: contract.version,
    receipts: draw.pick([1, 4, 5, 6, 1_000]),
    reliabilityPpm: draw.pick([0, 700_000, 900_000, 999_999, 1_000_000]),
    latencyUs: { p50, p95, p99, max },
    costPicos: null,
  };
}
