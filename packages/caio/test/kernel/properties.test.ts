import { canonicalJson, type JsonValue, type ServiceEntry } from "@canonic/contracts";
import fc from "fast-check";
import { expect, test } from "vitest";
import {
  decide,
  openWorld,
  type RouteQuestion,
  rederive,
  verifyServiceProof,
  whatIf,
  whyNot,
} from "../../src/index.ts";
import { Draw, type Drawn, drawn, drawnEntry, withEntries } from "./generated.ts";
import { NO_RULES } from "./worlds.ts";

/** 1000 and more prove the claims; fewer notice that one was broken. */
const cases = Number(process.env["CANONIC_KERNEL_CASES"] ?? 200);
const CASES = { numRuns: cases };
const seeds = fc.integer({ min: 0, max: 2 ** 31 });
const bytes = (value: unknown) => canonicalJson(value as JsonValue);
const decideDrawn = ({ world, matcher, question }: Drawn) => decide(openWorld(world, matcher), question);

/** The entries of a drawn world, to make another of; without rules and table, which speak of one snapshot. */
const free = (made: Drawn): { entries: readonly Record<string, unknown>[]; question: RouteQuestion } => ({
  entries: made.world.snapshot.services as unknown as Record<string, unknown>[],
  question: { ...made.question, authorization: null },
});

test("gives the same bytes and verdicts from a warm world and a new one, and rederives them (D1, P2)", () => {
  const first = drawn(1);
  const warm = openWorld(first.world, first.matcher);
  let compared = 0;
  fc.assert(
    fc.property(seeds, (seed) => {
      const question = { ...drawn(seed).question, authorization: null };
      const fresh = decide(openWorld(first.world, first.matcher), question);
      const again = decide(warm, question);
      expect(bytes(again.record())).toBe(bytes(fresh.record()));
      expect(rederive(again.record(), question.request, question.identity, null, warm)).toEqual([]);
      compared += 1;
    }),
    CASES,
  );
  expect(compared).toBe(cases);
});

test("gives the same bytes however the registry's entries and the keys of values were ordered (D1)", () => {
  fc.assert(
    fc.property(seeds, (seed) => {
      const made = drawn(seed);
      const { entries, question } = free(made);
      const turn = seed % Math.max(1, entries.length);
      const permuted = [...entries.slice(turn), ...entries.slice(0, turn)].toReversed().map(reordered);
      const one = decide(openWorld(withEntries(made, entries), NO_RULES), question);
      const other = decide(openWorld(withEntries(made, permuted), NO_RULES), reordered(question));
      expect(bytes(other.record())).toBe(bytes(one.record()));
    }),
    CASES,
  );
});

test("chooses only who passed every clause, and proves each verdict under the root (D2, D3)", () => {
  const seen = { chosen: 0, refused: new Set<string>(), letters: new Set<string>() };
  fc.assert(
    fc.property(seeds, (seed) => {
      const decided = decideDrawn(drawn(seed));
      const record = decided.record();
      const verdicts = Array.from({ length: decided.world.size }, (_, index) => decided.verdict(index));
      for (const [index, verdict] of verdicts.entries()) {
        const isWhole = /^s*$/.test(verdict.states);
        expect(verdict.states).toHaveLength(record.clauses.length);
        expect(verdict.score === null).toBe(!isWhole);
        expect(decided.passed(index)).toBe(isWhole);
        expect(verifyServiceProof(record, verdict, decided.proof(index))).toBe(true);
        record.clauses.forEach(({ clause }, place) => {
          seen.letters.add(`${clause.split("/")[0]} ${verdict.states[place]}`);
        });
      }
      expect(verdicts.filter(({ score }) => score !== null)).toHaveLength(record.counts.traits);
      if (record.outcome.kind === "chosen") {
        seen.chosen += 1;
        expect(record.ranking[0]?.service).toBe(record.outcome.service);
        expect(record.ranking[0]?.score).toBe(Math.max(...verdicts.map(({ score }) => score ?? -Infinity)));
      } else seen.refused.add(record.outcome.code);
    }),
    CASES,
  );
  expect(seen.chosen).toBeGreaterThan(cases / 10);
  if (cases < 1000) return;
  expect([...seen.refused].sort()).toEqual([
    "caio.no-match",
    "caio.no-rule-satisfying",
    "caio.no-secure",
    "caio.no-trait-satisfying",
  ]);
  for (const clause of ["guarantee", "latency", "budget", "rule", "privacy", "trait", "input-tokens", "health"]) {
    for (const letter of "svu") expect(seen.letters).toContain(`${clause} ${letter}`);
  }
});

test("a service that fails anything never changes the choice, nor anybody's verdict", () => {
  let added = 0;
  fc.assert(
    fc.property(seeds, (seed) => {
      const made = drawn(seed);
      const { entries, question } = free(made);
      const before = decide(openWorld(withEntries(made, entries), NO_RULES), question);
      const rival = drawnEntry(new Draw(seed + 1), `${new Draw(seed).one(["a", "s", "z"])}/rival`);
      const after = decide(openWorld(withEntries(made, [...entries, rival]), NO_RULES), question);
      const service = (rival["contract"] as { service: string }).service;
      if (after.passed(service)) return;
      added += 1;
      if (before.outcome.kind === "chosen") expect(after.outcome).toEqual(before.outcome);
      expect(after.outcome.kind).toBe(before.outcome.kind);
      expect(after.ranking).toEqual(before.ranking);
      for (const { contract } of before.world.world.snapshot.services) {
        expect(after.verdict(contract)).toEqual(before.verdict(contract));
      }
    }),
    { numRuns: 2 * cases },
  );
  expect(added).toBeGreaterThan(cases);
});

test("the cheaper of two equal services comes first, whatever they are called", () => {
  let compared = 0;
  fc.assert(
    fc.property(seeds, (seed) => {
      const made = drawn(seed);
      const { entries, question } = free(made);
      const chosen = entries[0] as unknown as ServiceEntry;
      const priced = (service: string, picos: number) => ({
        ...chosen,
        contract: {
          ...chosen.contract,
          service,
          assumed: [],
          cost: { currency: "USD", prices: [{ unit: "input-token", picos }] },
        },
      });
      const [cheap, dear] = seed % 2 === 0 ? ["a/x", "b/x"] : ["b/x", "a/x"];
      const asked = {
        ...question.request,
        budgetPicos: null,
        quantities: { ...question.request.quantities, "input-token": 3 },
      };
      const opened = openWorld(withEntries(made, [priced(cheap as string, 1), priced(dear as string, 2)]), NO_RULES);
      const first = decide(opened, { ...question, request: asked });
      const admitted = whatIf(first, dear as string);
      if (admitted.kind === "impossible") return;
      const request = { ...(admitted.kind === "relaxed" ? admitted.request : asked), budgetPicos: null };
      const two = decide(opened, { ...question, request });
      if ((request.quantities["input-token"] ?? 0) === 0) return;
      compared += 1;
      expect(two.outcome).toMatchObject({ kind: "chosen", service: cheap });
    }),
    { numRuns: 2 * cases },
  );
  expect(compared).toBeGreaterThan(cases);
});

test("tightening a bound never admits more", () => {
  let tightened = 0;
  fc.assert(
    fc.property(seeds, (seed) => {
      const made = drawn(seed);
      const { entries, question } = free(made);
      const opened = openWorld(withEntries(made, entries), NO_RULES);
      const tighter = tighten(question.request, new Draw(seed));
      const before = decide(opened, question);
      const after = decide(opened, { ...question, request: tighter });
      for (let index = 0; index < opened.size; index += 1) {
        if (after.passed(index)) expect(before.passed(index)).toBe(true);
      }
      if (after.counts.traits < before.counts.traits) tightened += 1;
    }),
    { numRuns: 2 * cases },
  );
  expect(tightened).toBeGreaterThan(cases / 20);
});

test("the smallest relaxation really admits the service, and nothing of it can be left out (I1)", () => {
  const seen = { relaxed: 0, several: 0, impossible: 0 };
  fc.assert(
    fc.property(seeds, (seed) => {
      const made = drawn(seed);
      const opened = openWorld(made.world, made.matcher);
      const decided = decide(opened, made.question);
      for (let index = 0; index < opened.size; index += 1) {
        const answer = whatIf(decided, index);
        if (answer.kind === "admitted") expect(decided.passed(index)).toBe(true);
        if (answer.kind === "impossible") {
          seen.impossible += 1;
          expect(answer.obstacles.length).toBeGreaterThan(0);
        }
        if (answer.kind !== "relaxed") continue;
        seen.relaxed += 1;
        expect(decide(opened, { ...made.question, request: answer.request }).passed(index)).toBe(true);
        if (answer.changes.length > 1) seen.several += 1;
        for (const { pointer } of answer.changes) {
          const without = undone(answer.request, made.question.request, pointer);
          if (without === undefined) continue;
          expect(decide(opened, { ...made.question, request: without }).passed(index)).toBe(false);
        }
      }
    }),
    CASES,
  );
  expect(seen.relaxed).toBeGreaterThan(cases);
  expect(seen.several).toBeGreaterThan(cases / 4);
  expect(seen.impossible).toBeGreaterThan(cases / 2);
});

test("why-not names exactly the clauses that were not satisfied, the first one first", () => {
  let rejected = 0;
  fc.assert(
    fc.property(seeds, (seed) => {
      const decided = decideDrawn(drawn(seed));
      for (let index = 0; index < decided.world.size; index += 1) {
        const { kind, first, failed } = whyNot(decided, index);
        const { states } = decided.verdict(index);
        const expected = decided.clauses.filter((_, place) => states[place] !== "s").map(({ clause }) => clause);
        expect(failed.map(({ clause }) => clause)).toEqual(expected);
        expect(first?.clause).toBe(expected[0]);
        expect(kind).toBe(expected.length > 0 ? "rejected" : index === decided.chosen ? "chosen" : "outranked");
        rejected += failed.length;
      }
    }),
    CASES,
  );
  expect(rejected).toBeGreaterThan(cases);
});

/** The same value with the keys of all objects in the other order. */
function reordered<Value>(value: Value): Value {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(reordered) as Value;
  return Object.fromEntries(
    Object.entries(value)
      .toReversed()
      .map(([key, item]) => [key, reordered(item)]),
  ) as Value;
}

function tighten(request: RouteQuestion["request"], draw: Draw): RouteQuestion["request"] {
  const less = (value: number | null, otherwise: number) => (value === null ? otherwise : Math.max(0, value - 1));
  return draw.one([
    () => ({ ...request, budgetPicos: less(request.budgetPicos, 10) }),
    () => ({ ...request, retentionDaysMax: less(request.retentionDaysMax, 30) }),
    () => ({ ...request, serviceTrustMin: Math.min(3, request.serviceTrustMin + 1) }),
    () => ({
      ...request,
      latency: { percentile: "p95" as const, maxUs: 1 },
      ...(request.latency ? { latency: request.latency } : {}),
    }),
    () => ({ ...request, capabilities: ["chat", "tools"] }),
    () => ({ ...request, health: "required" as const }),
    () => ({ ...request, probation: "exclude" as const }),
    () => ({ ...request, localityMax: "on_device" as const }),
    () => ({ ...request, dataClass: "restricted" as const }),
    () => ({ ...request, regions: request.regions.length === 0 ? ["eu"] : request.regions.slice(0, 1) }),
    () => ({ ...request, traits: [...request.traits, { trait: "t1", bound: "min" as const, value: 1 }] }),
    () => ({
      ...request,
      guarantees: request.guarantees.map((demand) =>
        typeof demand.value !== "number" || demand.bound === "equality"
          ? demand
          : {
              ...demand,
              value: demand.bound === "max" || demand.bound === "relative_max" ? demand.value - 1 : demand.value + 1,
            },
      ),
    }),
  ])();
}

/** The relaxed request with one change taken back; demands that left shift the places of others, so those are left out. */
function undone(relaxed: RouteQuestion["request"], original: RouteQuestion["request"], pointer: string) {
  const [, field, key, value] = pointer.split("/") as [string, keyof typeof relaxed, string?, string?];
  if (key === undefined) return { ...relaxed, [field]: original[field] };
  if (field === "quantities")
    return { ...relaxed, quantities: { ...relaxed.quantities, [key]: original.quantities[key] as number } };
  if (field !== "guarantees" && field !== "traits") return undefined;
  if (relaxed[field].length === original[field].length) {
    const demands = relaxed[field].map((demand, index) => (index === Number(key) ? original[field][index] : demand));
    return { ...relaxed, [field]: demands } as typeof relaxed;
  }
  if (value !== undefined || relaxed[field].length !== original[field].length - 1) return undefined;
  return { ...relaxed, [field]: relaxed[field].toSpliced(Number(key), 0, original[field][Number(key)] as never) };
}
