/**
 * Worlds and questions from a seed: few values for each field, so that everything meets everything.
 *
 * @module
 */
import {
  type AuthorizationTable,
  digestJson,
  type RouteIdentity,
  type RuleSet,
  serviceSnapshotDigestOf,
} from "@canonic/contracts";
import type { RouteQuestion, RouteWorld, RuleMatcher } from "../../src/index.ts";
import { AT, DIGEST, entry, identity, observations, question, snapshot, world } from "./worlds.ts";

/** Draws values; equal seeds draw equal ones. */
export class Draw {
  #state: number;
  constructor(seed: number) {
    this.#state = seed >>> 0;
  }
  /** 0 to `below` - 1. @see mulberry32 */
  number(below: number): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  }
  one<Item>(items: readonly Item[]): Item {
    return items[this.number(items.length)] as Item;
  }
  some<Item>(items: readonly Item[]): Item[] {
    return items.filter(() => this.number(2) === 0);
  }
  often(): boolean {
    return this.number(4) !== 0;
  }
  /** The first in seven of eight draws. */
  mostly<Item>(usual: Item, others: readonly Item[]): Item {
    return this.number(8) === 0 ? this.one(others) : usual;
  }
}

export interface Drawn {
  readonly world: RouteWorld;
  readonly matcher: RuleMatcher;
  readonly question: RouteQuestion;
}

const PROPERTIES = ["accuracy", "constructor", "latency-max", "latency-p95", "reliability"] as const;
const UNITS = { accuracy: "ppm", constructor: "token", "latency-max": "us", "latency-p95": "us", reliability: "ppm" };
const BOUNDS = ["equality", "max", "min", "min_multiple", "relative_max"] as const;
const LOCALITIES = ["on_device", "local", "region", "cloud"] as const;
const CLASSES = ["public", "internal", "confidential", "restricted"] as const;
const SCALARS = [0, 1, 2, "a", true] as const;
const POINTERS = ["/constraints/outputTokensMax", "/cost", "/privacy", "/privacy/regions", "/traits/t1"] as const;

/** One world with 1 to 5 services, most of which pass the question, and the question. */
export function drawn(seed: number): Drawn {
  const draw = new Draw(seed);
  const count = 1 + draw.number(4);
  const entries = Array.from({ length: count }, (_, index) => drawnEntry(draw, `s/${index}`));
  if (draw.number(4) === 0) entries.push(drawnEntry(draw, "s/0", "1.10.0"));
  const rules = drawnRules(draw);
  const seen = draw.often()
    ? null
    : observations(entries.slice(0, count).map((_, index) => drawnReceipts(draw, index)));
  const made = world(entries, { rules, observations: seen });
  const request = drawnRequest(draw);
  const who = draw.often()
    ? identity({ permissions: draw.some(["chat.call", "data.read"]), trust: draw.number(4) })
    : null;
  const authorization = draw.often() ? null : drawnTable(draw, made, who, request.request.dataClass);
  return {
    world: made,
    matcher: drawnMatcher(draw, rules, made.snapshot.services.length),
    question: { ...request, identity: who, authorization },
  };
}

export function drawnEntry(draw: Draw, service: string, version = "1.0.0"): Record<string, unknown> {
  const guarantees = PROPERTIES.flatMap((property) =>
    BOUNDS.filter(() => draw.number(3) === 0).map((bound) => ({
      property,
      bound,
      value: bound === "equality" && draw.number(2) === 0 ? draw.one(SCALARS) : draw.number(5),
      unit: UNITS[property],
      of: draw.one([null, "input-token", "output-token"]),
      basis: draw.one(["declared", "measured", "assumed"]),
    })),
  );
  const limit = () => draw.mostly(1000, [null, 5, 10]);
  return entry(
    {
      service,
      version,
      name: draw.one(["alpha one", "beta", "Gamma-2"]),
      capabilities: draw.mostly(["chat", "tools"], [["chat"], ["chat", "input.image"], ["tools"]]),
      guarantees,
      constraints: { inputTokensMax: limit(), outputTokensMax: limit(), totalTokensMax: limit() },
      cost: draw.often()
        ? {
            currency: "USD",
            prices: draw.some(["input-token", "output-token"]).map((unit) => ({ unit, picos: draw.number(4) })),
          }
        : null,
      privacy: {
        locality: draw.mostly("on_device", [null, ...LOCALITIES]),
        regions: draw.mostly(["eu"], [[], ["us"], ["eu", "us"]]),
        retentionDays: draw.mostly(0, [null, 30, 60]),
        encryptedInTransit: draw.mostly(true, [null, false]),
        encryptedAtRest: draw.mostly(true, [null, false]),
        trainsOnData: draw.mostly(false, [null, true]),
      },
      security: {
        permission: draw.mostly(null, [
          { has: "chat.call" },
          { all: [] },
          { any: [] },
          { any: [{ has: "data.read" }] },
        ]),
        trustRequired: draw.mostly(0, [1, 2]),
        trust: draw.mostly(3, [0, 1, 2]),
      },
      traits: Object.fromEntries(draw.some(["constructor", "t1"]).map((trait) => [trait, draw.one(SCALARS)])),
      determinism: draw.one(["deterministic", "recorded"]),
      assumed: draw.number(8) === 0 ? draw.some(POINTERS) : [],
    },
    {
      state: draw.mostly("active", ["probation", "draining"]),
      health: draw.mostly(null, [
        { status: "healthy", expiresAt: "2099-01-01T00:00:00.000Z" },
        {
          status: draw.one(["healthy", "unhealthy"]),
          expiresAt: draw.one(["2000-01-01T00:00:00.000Z", "2099-01-01T00:00:00.000Z"]),
        },
      ]),
    },
  );
}

function drawnReceipts(draw: Draw, index: number) {
  const latencyUs = [1, 2, 3, 4].map((part) => part * draw.number(4));
  return { service: `s/${index}`, receipts: draw.one([1, 5, 9]), reliabilityPpm: draw.number(5), latencyUs };
}

function drawnRequest(draw: Draw): RouteQuestion {
  const trait = () =>
    draw.one([
      { trait: draw.one(["constructor", "t1"]), bound: "equality", value: draw.one(SCALARS) },
      { trait: "t1", bound: draw.one(["min", "max"]), value: draw.number(3) },
      { trait: "t1", bound: "one_of", value: [draw.one(SCALARS)] },
    ]);
  const guarantee = () => {
    const property = draw.one(PROPERTIES);
    return {
      property,
      bound: draw.one(BOUNDS),
      value: draw.often() ? draw.number(5) : draw.one(SCALARS),
      unit: UNITS[property],
      of: draw.one([null, "input-token", "output-token"]),
      basis: draw.one(["declared", "declared", "measured"]),
    };
  };
  const up = (max: number) => Math.max(0, draw.number(max + 4) - 3);
  return question({
    intent: draw.one(["", "alpha chat", "Use GAMMA 2"]),
    capabilities: draw.often() ? ["chat"] : ["chat", "tools"],
    guarantees: Array.from({ length: up(2) }, guarantee),
    quantities: Object.fromEntries(
      draw.some(["input-token", "output-token"]).map((unit) => [unit, draw.mostly(3, [0, 7, 3_000_000])]),
    ),
    traits: Array.from({ length: up(2) }, trait),
    preferences: Array.from({ length: up(2) }, trait),
    dataClass: draw.often() ? "public" : draw.one(CLASSES),
    localityMax: draw.often() ? null : draw.one(LOCALITIES),
    regions: draw.often() ? [] : draw.some(["eu", "us"]),
    retentionDaysMax: draw.often() ? null : draw.one([0, 30]),
    serviceTrustMin: draw.often() ? 0 : draw.number(4),
    budgetPicos: draw.often() ? null : draw.one([0, 10, 20]),
    latency: draw.often() ? null : { percentile: draw.one(["max", "p95"]), maxUs: 1 + draw.number(3) },
    health: draw.often() ? "any" : "required",
    probation: draw.often() ? "allow" : "exclude",
  });
}

function drawnRules(draw: Draw): RuleSet {
  const rules = ["a", "b", "c"].slice(draw.number(4)).map((id) => ({
    id,
    description: "",
    when: "true",
    effect: { kind: "require" as const, expression: "true" },
    severity: draw.one(["refuse", "warn"] as const),
  }));
  return { schema: "canonic/rule-set/v1", rules };
}

/** The same answers to every request; compiled rules are tested elsewhere. */
function drawnMatcher(draw: Draw, { rules }: RuleSet, size: number): RuleMatcher {
  const answers = rules.map((rule) => ({
    rule,
    answers: draw.often() ? null : Uint8Array.from({ length: size }, () => draw.mostly(0, [1, 2])),
  }));
  return { match: () => answers };
}

function drawnTable(
  draw: Draw,
  made: RouteWorld,
  who: RouteIdentity | null,
  dataClass: AuthorizationTable["dataClass"],
): AuthorizationTable {
  return {
    schema: "canonic/authorization-table/v1",
    policies: DIGEST as AuthorizationTable["policies"],
    identity: who === null ? null : digestJson(who),
    dataClass,
    snapshot: serviceSnapshotDigestOf(made.snapshot),
    profiles: 1,
    refused: draw
      .some(made.snapshot.services)
      .filter(() => draw.number(3) === 0)
      .map(({ contract: { service, version } }) => ({ service, version, policies: ["p"] })),
  };
}

/** The same world with other entries, and rules that answer every service alike. */
export function withEntries({ world: made }: Drawn, entries: readonly Record<string, unknown>[]): RouteWorld {
  return { ...made, rules: { ...made.rules, rules: [] }, snapshot: snapshot(entries) };
}

export { AT };
