import { CHEAPEST_SCORE_PROFILE, DEFAULT_PRIVACY_PROFILE, type RuleSet, type ServiceEntry } from "@canonic/contracts";
import { describe, expect, test } from "vitest";
import {
  compileRules,
  type DecisionBudget,
  decide,
  openBudget,
  openRoutePolicies,
  openWorld,
  requestOf,
} from "../src/index.ts";
import { stepsOf } from "../src/rules/check.ts";
import { parseExpression } from "../src/rules/expression.ts";
import { narrowed } from "../src/rules/measured.ts";
import { listOf, textOf } from "../src/rules/types.ts";
import { CONTRACT, entryOf, snapshotOf } from "./rules-support.ts";

const names = (count: number, letter: string) => Array.from({ length: count }, (_, at) => `${letter}${1_000 + at}`);
const rulesOf = (...expressions: readonly string[]): RuleSet => ({
  schema: "canonic/rule-set/v1",
  rules: expressions.map((expression, at) => ({
    id: `r-${1_000 + at}`,
    description: "",
    when: "true",
    effect: { kind: "forbid", expression },
    severity: "refuse",
  })),
});

/** Decides, with its record, within a budget. */
function decideWithin(budget: DecisionBudget, services: readonly ServiceEntry[], rules: RuleSet) {
  const snapshot = snapshotOf(services);
  const world = {
    snapshot,
    rules,
    observations: null,
    scoreProfile: CHEAPEST_SCORE_PROFILE,
    privacyProfile: DEFAULT_PRIVACY_PROFILE,
  };
  const opened = openWorld(world, compileRules(rules, snapshot, budget), budget);
  const request = requestOf({ capabilities: ["chat"] });
  return decide(opened, { request, identity: null, authorization: null, at: 0 }).record();
}

/** What was taken in all. */
function counting() {
  const taken = { steps: 0, room: 0 };
  const budget: DecisionBudget = {
    takeSteps: (steps) => {
      taken.steps += steps;
    },
    takeRoom: (bytes) => {
      taken.room += bytes;
    },
  };
  return { taken, budget };
}

const services = (count: number) =>
  names(count, "s").map((service) => entryOf({ ...CONTRACT, service: service as typeof CONTRACT.service }));

describe("a budget", () => {
  test("is spent by the same values at the same step, and lasts where it has one more (B1)", () => {
    const world = [services(20), rulesOf('service.capabilities.exists(c, c == "x")', 'service.id == "y"')] as const;
    const { taken, budget } = counting();
    const record = decideWithin(budget, ...world);

    expect(decideWithin(openBudget(taken.steps, taken.room), ...world)).toEqual(record);
    expect(() => decideWithin(openBudget(taken.steps - 1, taken.room), ...world)).toThrow(
      expect.objectContaining({ code: "caio.budget-spent", details: { what: "steps", max: taken.steps - 1 } }),
    );
    expect(() => decideWithin(openBudget(taken.steps, taken.room - 1), ...world)).toThrow(
      expect.objectContaining({ code: "caio.budget-spent", details: { what: "bytes of room", max: taken.room - 1 } }),
    );
  });

  test("is taken for every rule and every service that it tells apart (B2)", () => {
    const stepsFor = (count: number, rules: number) => {
      const { taken, budget } = counting();
      const walk = (at: number) => `service.id.size() + service.capabilities.size() > ${at}`;
      decideWithin(budget, services(count), rulesOf(...Array.from({ length: rules }, (_, at) => walk(at))));
      return taken.steps;
    };
    const each = 400;

    expect(stepsFor(40, 8) - stepsFor(10, 8)).toBeGreaterThan(30 * 8 * each);
    expect(stepsFor(40, 8) - stepsFor(40, 4)).toBeGreaterThan(40 * 4 * each);
  });

  test.each([
    ["words", (at: number) => ({ description: names(300, `w${at}x`).join(" ") })],
    [
      "units",
      (at: number) => ({ cost: { currency: "USD", prices: names(64, `u${at}x`).map((unit) => ({ unit, picos: 1 })) } }),
    ],
    ["capabilities", (at: number) => ({ capabilities: names(500, `c${at}x`) })],
    ["traits", (at: number) => ({ traits: Object.fromEntries(names(500, `t${at}x`).map((trait) => [trait, 1])) })],
  ])("is taken for the room of columns of %s that only one service has", (_, own) => {
    const room = (entries: readonly ServiceEntry[]) => {
      const { taken, budget } = counting();
      decideWithin(budget, entries, rulesOf());
      return taken.room;
    };
    const many = services(30).map((entry, at) => entryOf({ ...entry.contract, ...own(at) }));

    expect(room(many)).toBeGreaterThan(5 * room(services(30)));
  });

  test("is taken for policies by their length and by what is asked", async () => {
    const { taken, budget } = counting();
    const text = '@id("a") permit (principal, action, resource) when { context.trust > 1 };';
    const policies = await openRoutePolicies([{ name: "x", text }], budget);
    const opened = taken.steps;
    policies.decide({ identity: null, dataClass: "public", profile: { state: "active" } });
    const small = taken.steps - opened;
    policies.decide({
      identity: null,
      dataClass: "public",
      profile: { state: "active", capabilities: names(1_000, "c") },
    });

    expect(opened).toBeGreaterThan(text.length * 100);
    expect(taken.steps - opened - small).toBeGreaterThan(10 * small);
  });
});

test("the steps of an evaluation follow what is there, not what a schema allows (N1)", () => {
  const parsed = parseExpression('list.exists(item, item == "x")');
  if (!("tree" in parsed)) throw new Error("no expression");
  const declared = listOf(textOf(128), 1_024);
  const steps = (value: readonly string[]) => stepsOf(parsed.tree, new Map([["list", narrowed(declared, value)]]));

  expect(steps([])).toBeLessThan(10);
  expect(steps(names(1_024, "c"))).toBeLessThanOrEqual(stepsOf(parsed.tree, new Map([["list", declared]])));
  expect(steps(names(200, "c"))).toBeGreaterThan(100 * (steps(["c"]) - steps([])));
});
