import { CHEAPEST_SCORE_PROFILE, type Rule, type ScoreProfile } from "@canonic/contracts";
import { expect, test } from "vitest";
import { decide, openWorld, type RouteWorld, type RuleMatcher } from "../../src/index.ts";
import { entry, guarantee, identity, NO_RULES, observations, question, world } from "./worlds.ts";

const price = (picos: number | null) =>
  picos === null ? { cost: null } : { cost: { currency: "USD", prices: [{ unit: "request", picos }] } };
const asked = { quantities: { request: 1 } };
const cheapest = { scoreProfile: CHEAPEST_SCORE_PROFILE };
const p95 = (value: number) => ({
  guarantees: [guarantee({ property: "latency-p95", bound: "max", value, unit: "us" })],
});

function order(entries: readonly Record<string, unknown>[], rest: object = cheapest) {
  const { ranking, tied, ties } = decide(
    openWorld(world(entries, rest as Partial<RouteWorld>), NO_RULES),
    question(asked),
  ).record();
  return { ids: ranking.map(({ service, version }) => `${service} ${version}`), tied, ties: ties.length };
}

test("ties are broken by cost, latency, id and newer version; what is not known comes last", () => {
  const entries = [
    entry({ service: "d/unknown", ...price(null) }),
    entry({ service: "c/dear", ...price(2) }),
    entry({ service: "b/slow", ...price(1), ...p95(9) }),
    entry({ service: "b/quick", ...price(1), ...p95(8) }),
    entry({ service: "a/silent", ...price(1) }),
    entry({ service: "Z/silent", version: "1.9.0", ...price(1) }),
    entry({ service: "Z/silent", version: "1.10.0", ...price(1) }),
  ];
  expect(order(entries)).toEqual({
    ids: [
      "b/quick 1.0.0",
      "b/slow 1.0.0",
      "Z/silent 1.10.0",
      "Z/silent 1.9.0",
      "a/silent 1.0.0",
      "c/dear 1.0.0",
      "d/unknown 1.0.0",
    ],
    tied: 7,
    ties: 7,
  });
});

test("of a hundred equals 8 are ranked, 64 are named and all are counted", () => {
  const entries = Array.from({ length: 100 }, (_, index) => entry({ service: `s/${String(index).padStart(3, "0")}` }));
  const { ids, tied, ties } = order(entries);
  expect(ids).toEqual(Array.from({ length: 8 }, (_, index) => `s/00${index} 1.0.0`));
  expect([tied, ties]).toEqual([100, 64]);
});

test("each term of the score is the number that the specification gives", () => {
  const stated = {
    name: "Alpha model",
    capabilities: ["chat", "tools", "vision"],
    traits: { t: 1 },
    ...price(3),
    security: { permission: null, trustRequired: 0, trust: 2 },
    ...p95(10),
  };
  const request = {
    intent: "ALPHA beta a 2x",
    preferences: [1, 2].map((value) => ({ trait: "t", bound: "equality", value })),
    budgetPicos: 7,
    ...asked,
  };
  const seen = observations([
    { service: "a/one", reliabilityPpm: 777_777, latencyUs: [1, 3_333_333, 4_000_000, 4_000_000] },
  ]);
  const terms = (entries: Record<string, unknown>[], observed: unknown = null) =>
    decide(openWorld(world(entries, { observations: observed }), NO_RULES), question(request)).ranking[0];
  expect(terms([entry(stated)], seen)).toMatchObject({
    terms: {
      intent: 333_333,
      attention: 333_333,
      learned: 777_777,
      resonance: 500_000,
      cost: 428_571,
      risk: 333_333,
      latency: 333_333,
    },
    score:
      300_000 * 333_333 +
      200_000 * 333_333 +
      200_000 * 777_777 +
      100_000 * 500_000 -
      100_000 * 428_571 -
      50_000 * 333_333 -
      50_000 * 333_333,
    costPicos: 3,
    latencyUs: 3_333_333,
  });
  expect(terms([entry(stated, { state: "probation" })])?.terms).toMatchObject({
    learned: 0,
    risk: 1_000_000,
    latency: 1,
  });
});

test("costs and latencies that are not known weigh as the worst, and a budget of nothing is met by what is free", () => {
  const one = (stated: object, request: object) =>
    decide(openWorld(world([entry(stated)]), NO_RULES), question(request)).ranking[0];
  expect(one({ cost: null }, {})).toMatchObject({
    costPicos: null,
    latencyUs: null,
    terms: { cost: 1_000_000, latency: 1_000_000 },
  });
  expect(one({ ...price(1), assumed: ["/cost"] }, asked)).toMatchObject({ costPicos: 1, terms: { cost: 1_000_000 } });
  expect(one(price(0), { ...asked, budgetPicos: 0 })?.terms.cost).toBe(0);
  expect(
    one({ guarantees: [guarantee({ property: "latency-max", bound: "max", value: -4, unit: "us" })] }, {}),
  ).toMatchObject({ latencyUs: 0 });
});

test("the control signal stays within its bounds, and gives up concurrency before energy is too much", () => {
  const control = (stated: object, request: object = {}, rest: object = {}, state = "active") =>
    decide(openWorld(world([entry(stated, { state })], rest), NO_RULES), question(request)).control;
  const sure = {
    observations: observations([{ service: "a/one", reliabilityPpm: 1_000_000, latencyUs: [1, 2, 3, 4] }]),
  };
  expect(control({})).toEqual({
    temperaturePpm: 1_000_000,
    outputTokensMax: 100,
    concurrencyMax: 1,
    deadlineUs: 10_000_000,
    energyPpm: 500_000,
  });
  expect(control({}, {}, sure)).toEqual({
    temperaturePpm: 1_000_000,
    outputTokensMax: 100,
    concurrencyMax: 32,
    deadlineUs: 4,
    energyPpm: 746_031,
  });
  expect(control({ determinism: "seeded" }, {}, sure)).toMatchObject({
    temperaturePpm: 0,
    concurrencyMax: 64,
    energyPpm: 500_000,
  });
  expect(control({}, {}, sure, "probation")).toMatchObject({ concurrencyMax: 1 });
  const accurate = (value: number) => ({
    guarantees: [guarantee({ value })],
    quantities: { "output-token": 50 },
    latency: null,
  });
  expect(control({ guarantees: [guarantee({ value: 950_000 })] }, accurate(900_000))).toMatchObject({
    temperaturePpm: 100_000,
    outputTokensMax: 50,
  });
  expect(control({ guarantees: [guarantee({ value: 5 })] }, accurate(-3))).toMatchObject({ temperaturePpm: 1_000_000 });
  const constraints = { inputTokensMax: null, outputTokensMax: null, totalTokensMax: null };
  expect(control({ constraints }, {})).toMatchObject({ outputTokensMax: null });
});

test("refuses by the first stage that leaves nobody, and still has every verdict (D3)", () => {
  const code = (
    entries: Record<string, unknown>[],
    request: object,
    matcher: RuleMatcher = NO_RULES,
    rules: Rule[] = [],
  ) => {
    const opened = openWorld(world(entries, { rules: { schema: "canonic/rule-set/v1", rules } }), matcher);
    const decided = decide(opened, question(request));
    const { outcome, tied, ties, ranking, control, guarantees } = decided.record();
    expect({ tied, ties, ranking, control, guarantees }).toEqual({
      tied: 0,
      ties: [],
      ranking: [],
      control: null,
      guarantees: [],
    });
    for (const index of entries.keys()) expect(decided.verdict(index).states).toHaveLength(decided.clauses.length);
    return outcome.kind === "refused" ? outcome.code : "chosen";
  };
  const rule: Rule = {
    id: "r",
    description: "",
    when: "true",
    effect: { kind: "forbid", expression: "true" },
    severity: "refuse",
  };
  const forbids: RuleMatcher = { match: () => [{ rule, answers: Uint8Array.of(1) }] };
  const secret = { security: { permission: { any: [] }, trustRequired: 0, trust: 1 } };
  const demand = { traits: [{ trait: "t", bound: "equality", value: 1 }] };
  expect(code([], {})).toBe("caio.no-match");
  expect(code([entry(secret)], { capabilities: ["tools"], ...demand }, forbids, [rule])).toBe("caio.no-match");
  expect(code([entry(secret)], demand, forbids, [rule])).toBe("caio.no-rule-satisfying");
  expect(code([entry(secret)], demand)).toBe("caio.no-secure");
  expect(code([entry()], demand)).toBe("caio.no-trait-satisfying");
});

test("rules that warn reject nobody but those for whom they err, and say how many they warn of", () => {
  const rule = (id: string, severity: "refuse" | "warn"): Rule => ({
    id,
    description: "",
    when: "true",
    effect: { kind: "require", expression: "true" },
    severity,
  });
  const rules = [rule("a", "warn"), rule("b", "warn"), rule("c", "refuse"), rule("d", "refuse")];
  const answers = [Uint8Array.of(1, 1, 0), Uint8Array.of(1, 0, 2), Uint8Array.of(0, 1, 9), null];
  const matcher: RuleMatcher = {
    match: () => rules.map((one, index) => ({ rule: one, answers: answers[index] ?? null })),
  };
  const entries = ["a", "b", "c"].map((name) => entry({ service: `s/${name}` }));
  const opened = openWorld(world(entries, { rules: { schema: "canonic/rule-set/v1", rules } }), matcher);

  const decided = decide(opened, question());

  const places = decided.clauses.flatMap(({ stage }, place) => (stage === "rules" ? [place] : []));
  expect(places.map((place) => decided.clauses[place]?.clause)).toEqual(["rule/b", "rule/c", "rule/d"]);
  expect([0, 1, 2].map((index) => places.map((place) => decided.stateOf(place, index)).join(""))).toEqual([
    "sss",
    "svs",
    "uus",
  ]);
  expect(decided.warnings).toEqual([
    { rule: "a", services: 2 },
    { rule: "b", services: 1 },
  ]);
  expect(decided.counts).toMatchObject({ match: 3, rules: 1 });
});

test("weights beyond all bounds keep scores whole, and the greatest numbers saturate", () => {
  const weights = { intent: 1e6, attention: 1e6, learned: 1e6, resonance: 1e6, cost: 1e6, risk: 1e6, latency: 1e6 };
  const scoreProfile: ScoreProfile = { ...CHEAPEST_SCORE_PROFILE, weights };
  const stated = {
    ...price(Number.MAX_SAFE_INTEGER),
    guarantees: [
      guarantee({
        property: "latency-p95",
        bound: "relative_max",
        value: Number.MAX_SAFE_INTEGER,
        unit: "us",
        of: "request",
      }),
    ],
  };
  const decided = decide(
    openWorld(world([entry(stated)], { scoreProfile }), NO_RULES),
    question({ quantities: { request: 1_000_000_000_000 } }, { identity: identity() }),
  );
  expect(decided.ranking[0]).toMatchObject({
    costPicos: Number.MAX_SAFE_INTEGER,
    latencyUs: Number.MAX_SAFE_INTEGER,
    score: 1e12 - 1e12 - 666_666e6 - 1e12,
  });
  expect(decided.control?.deadlineUs).toBe(Number.MAX_SAFE_INTEGER);
});
