/**
 * What one change of a world or a request may do to the decision, each over 1,000 decisions and more: no oracle is needed to see it.
 *
 * @module
 */
import { type Decided, decide } from "@canonic/caio";
import type { Locality, RouteRequest, ServiceEntry } from "@canonic/contracts";
import { expect, test } from "vitest";
import { type Draw, drawFrom } from "./generated/draw.ts";
import { drawQuestions, pose } from "./generated/pool.ts";
import { drawEntry } from "./generated/services.ts";
import { NO_RULES, snapshotOf, withName } from "./generated/snapshots.ts";
import { TRAITS } from "./generated/vocabulary.ts";
import { drawWorld } from "./generated/worlds.ts";
import type { OracleQuestion, OracleWorld } from "./oracle/oracle.ts";
import { chosenOf, open } from "./router.ts";

const WORLDS = 40;
const CASES = 1_120;

/** Decides 28 questions in each of 40 worlds, which `pair` may simplify, and in what it makes of it. */
function compare(
  pair: (world: OracleWorld, draw: Draw) => readonly [before: OracleWorld, after: OracleWorld],
  look: (before: Decided, after: Decided, question: OracleQuestion) => boolean,
): { readonly cases: number; readonly relevant: number } {
  let [cases, relevant] = [0, 0];
  for (let index = 0; index < WORLDS; index += 1) {
    const draw = drawFrom(31_000 + index);
    const [world, other] = pair(drawWorld(draw, 8), draw);
    const [opened, changed] = [open(world), open(other)];
    for (const question of drawQuestions(draw, world, 28)) {
      const ungoverned = { ...question, authorization: null };
      if (look(decide(opened, ungoverned), decide(changed, ungoverned), ungoverned)) relevant += 1;
      cases += 1;
    }
  }
  return { cases, relevant };
}

function withEntries(world: OracleWorld, entries: readonly ServiceEntry[]): OracleWorld {
  return { ...world, snapshot: snapshotOf(entries) };
}

/** Without what may speak of a service by its name. */
function plainly(world: OracleWorld): OracleWorld {
  return { ...world, rules: NO_RULES, observations: null };
}

/** Verdicts by service and version, without the names. */
function verdictsOf(decided: Decided): Map<string, unknown> {
  return new Map(
    Array.from({ length: decided.counts.services }, (_, place) => {
      const { service, version, contract: _contract, ...rest } = decided.verdict(place);
      return [`${service} ${version}`, rest];
    }),
  );
}

test("adding a service that violates anything changes neither the choice, nor the ranking, nor anybody's verdict", () => {
  const name = "new/comer";
  let sameClauses = 0;
  const counts = compare(
    (world, draw) => [world, withEntries(world, [...world.snapshot.services, drawEntry(draw, name, "1.0.0")])],
    (before, after) => {
      if (after.passed(name)) return false;
      expect(after.outcome.kind === "chosen" ? after.outcome : null).toEqual(
        before.outcome.kind === "chosen" ? before.outcome : null,
      );
      expect([after.ranking, after.ties, after.tied]).toEqual([before.ranking, before.ties, before.tied]);
      expect(after.control).toEqual(before.control);
      // A warning that errs for the newcomer alone becomes a clause of all; then every verdict has one letter more.
      if (after.clauses.length !== before.clauses.length) return true;
      sameClauses += 1;
      const verdicts = verdictsOf(after);
      verdicts.delete(`${name} 1.0.0`);
      expect(verdicts).toEqual(verdictsOf(before));
      return true;
    },
  );

  expect(counts.cases).toBe(CASES);
  expect(counts.relevant).toBeGreaterThan(700);
  expect(sameClauses).toBeGreaterThan(600);
});

test("removing a service that was not chosen leaves the choice as it was", () => {
  let removed = "";
  const counts = compare(
    (world, draw) => {
      if (world.snapshot.services.length === 0) return [world, world];
      const gone = draw.pick(world.snapshot.services);
      removed = `${gone.contract.service} ${gone.contract.version}`;
      return [
        world,
        withEntries(
          world,
          world.snapshot.services.filter((entry) => entry !== gone),
        ),
      ];
    },
    (before, after) => {
      if (chosenOf(before) === null || chosenOf(before) === removed) return false;
      expect(chosenOf(after)).toBe(chosenOf(before));
      return true;
    },
  );

  expect(counts.cases).toBe(CASES);
  expect(counts.relevant).toBeGreaterThan(200);
});

test("a cheaper service that is equal in all else comes before its twin, and no twin with a price is chosen over it", () => {
  const cheaper = (entry: ServiceEntry): ServiceEntry => {
    const { cost } = entry.contract;
    const prices = cost?.prices.map(({ unit, picos }) => ({ unit, picos: Math.max(0, picos - 1) })) ?? [];
    const twin = withName(entry, `twin/${entry.contract.service}`);
    return { ...twin, contract: { ...twin.contract, cost: cost && { ...cost, prices } } };
  };
  let pairs = 0;
  const counts = compare(
    (world) => {
      const { services } = world.snapshot;
      const twins = withEntries(plainly(world), [...services, ...services.map(cheaper)]);
      return [twins, twins];
    },
    (_, after) => {
      for (let place = 0; place < after.counts.services; place += 1) {
        const own = after.verdict(place);
        if (own.service.startsWith("twin/") || own.score === null) continue;
        const twin = after.verdict({ service: `twin/${own.service}`, version: own.version });
        if (own.costPicos === null || twin.costPicos === null || twin.costPicos >= own.costPicos) continue;
        expect(twin.score).toBeGreaterThanOrEqual(own.score);
        expect(chosenOf(after)).not.toBe(`${own.service} ${own.version}`);
        pairs += 1;
      }
      return after.outcome.kind === "chosen";
    },
  );

  expect(counts.cases).toBe(CASES);
  expect(counts.relevant).toBeGreaterThan(200);
  expect(pairs).toBeGreaterThan(500);
});

test("other names admit the same services with the same scores", () => {
  const rename = (service: string) => `z/${[...service].reverse().join("")}0`;
  const counts = compare(
    (world) => [
      plainly(world),
      withEntries(
        plainly(world),
        world.snapshot.services.map((entry) => withName(entry, rename(entry.contract.service))),
      ),
    ],
    (before, after) => {
      const renamed = (name: string) => {
        const [service, version] = name.split(" ") as [string, string];
        return `${rename(service)} ${version}`;
      };
      const expected = [...verdictsOf(before)].map(([name, verdict]) => [renamed(name), verdict] as const);
      expect(verdictsOf(after)).toEqual(new Map(expected));
      expect(after.tied).toBe(before.tied);
      const chosen = chosenOf(before);
      if (chosen === null) return false;
      if (before.tied === 1) expect(chosenOf(after)).toBe(renamed(chosen));
      return true;
    },
  );

  expect(counts.cases).toBe(CASES);
  expect(counts.relevant).toBeGreaterThan(200);
});

test("weights that are all three times as great give the same order", () => {
  const counts = compare(
    (world, draw) => {
      const { weights } = world.scoreProfile;
      const names = Object.keys(weights) as (keyof typeof weights)[];
      const scaled = (factor: number) => ({
        ...world,
        scoreProfile: {
          ...world.scoreProfile,
          weights: Object.fromEntries(names.map((name) => [name, factor * drawn[name]])) as typeof weights,
        },
      });
      const drawn = Object.fromEntries(names.map((name) => [name, draw.int(0, 333_333)])) as typeof weights;
      return [scaled(1), scaled(3)];
    },
    (before, after) => {
      const tripled = before.ranking.map((ranked) => ({ ...ranked, score: 3 * ranked.score }));
      expect(after.ranking).toEqual(tripled);
      expect([after.tied, chosenOf(after)]).toEqual([before.tied, chosenOf(before)]);
      return before.counts.traits > 1;
    },
  );

  expect(counts.cases).toBe(CASES);
  expect(counts.relevant).toBeGreaterThan(100);
});

/** One demand more, or one that is stricter. */
function tighten(request: RouteRequest, draw: Draw): RouteRequest {
  const lower = (bound: number | null) => (bound === null ? draw.int(0, 1_000_000_000) : Math.floor(bound / 2));
  const closer: Record<Locality, Locality> = {
    cloud: "region",
    region: "local",
    local: "on_device",
    on_device: "on_device",
  };
  const classes = ["public", "internal", "confidential", "restricted"] as const;
  const tightened: readonly (() => Partial<RouteRequest>)[] = [
    () => ({ budgetPicos: lower(request.budgetPicos) }),
    () => ({
      latency: {
        percentile: request.latency?.percentile ?? "p95",
        maxUs: Math.max(1, lower(request.latency?.maxUs ?? null)),
      },
    }),
    () => ({
      guarantees: [
        ...request.guarantees,
        { property: "accuracy", bound: "min", value: 900_000, unit: "ppm", of: null, basis: "declared" },
      ],
    }),
    () => ({ capabilities: [...new Set([...request.capabilities, "embed"])].sort() }),
    () => ({ traits: [...request.traits, { trait: draw.pick(TRAITS), bound: "min", value: 1 }] }),
    () => ({ serviceTrustMin: Math.min(3, request.serviceTrustMin + 1) }),
    () => ({ dataClass: classes[Math.min(3, classes.indexOf(request.dataClass) + 1)] ?? "restricted" }),
    () => ({ localityMax: closer[request.localityMax ?? "cloud"] }),
    () => ({ regions: request.regions.length === 0 ? ["eu", "us"] : request.regions.slice(0, 1) }),
    () => ({ retentionDaysMax: request.retentionDaysMax === null ? 30 : Math.floor(request.retentionDaysMax / 2) }),
    () => ({ health: "required" }),
    () => ({ probation: "exclude" }),
  ];
  return { ...request, ...draw.pick(tightened)() };
}

test("tightening any bound of a request admits nobody who was not admitted before", () => {
  let fewer = 0;
  const counts = pose(
    (_, __, question) => ({ ...question, authorization: null }),
    ({ world, opened, question, decided, draw, passed }) => {
      // Rules read the request, and may ask less of one that is stricter.
      if (world.rules.rules.length > 0) return false;
      const tightened = decide(opened, { ...question, request: tighten(question.request, draw) });
      for (let place = 0; place < decided.counts.services; place += 1) {
        if (tightened.passed(place)) expect(decided.passed(place)).toBe(true);
      }
      if (tightened.counts.traits < passed.length) fewer += 1;
      return true;
    },
  );

  expect(counts.cases).toBeGreaterThan(1_000);
  expect(counts.relevant).toBeGreaterThan(500);
  expect(fewer).toBeGreaterThan(100);
});
