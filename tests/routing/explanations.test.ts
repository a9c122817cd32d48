/**
 * What the router says about its decisions, against the oracle: why a service was not chosen, and what would admit it.
 *
 * @module
 */
import { type Decided, decide, type RequestChange, type WhatIf, whatIf, whyNot } from "@canonic/caio";
import {
  type JsonValue,
  type RouteRequest,
  RouteRequest as RouteRequestSchema,
  type ServiceEntry,
} from "@canonic/contracts";
import { expect, test } from "vitest";
import { drawFrom } from "./generated/draw.ts";
import { drawQuestions } from "./generated/pool.ts";
import { NO_RULES, snapshotOf } from "./generated/snapshots.ts";
import { drawWorld } from "./generated/worlds.ts";
import { decideSlowly, type OracleQuestion, type OracleWorld } from "./oracle/oracle.ts";
import { open } from "./router.ts";

const WORLDS = 30;
const QUESTIONS = 6;

interface Asked {
  readonly world: OracleWorld;
  readonly question: OracleQuestion;
  readonly decided: Decided;
}

/** Small worlds without a table of policies, every other one without rules. */
function* asked(): Generator<Asked> {
  for (let seed = 0; seed < WORLDS; seed += 1) {
    const draw = drawFrom(420_000 + seed);
    const drawn = drawWorld(draw, 8);
    const world = seed % 2 === 0 ? { ...drawn, rules: NO_RULES } : drawn;
    const opened = open(world);
    for (const drawnQuestion of drawQuestions(draw, world, QUESTIONS)) {
      const question = { ...drawnQuestion, authorization: null };
      yield { world, question, decided: decide(opened, question) };
    }
  }
}

/** By the oracle: whether a service passes, alone in the world. */
function admits({ world, question }: Asked, entry: ServiceEntry, request: RouteRequest): boolean {
  const alone = { ...world, snapshot: snapshotOf([entry]) };
  return decideSlowly(alone, { ...question, request }).record.outcome.kind === "chosen";
}

/** The request with these changes; what leaves a list or a map leaves it last, so that places stay what they were. */
function changed(request: RouteRequest, changes: readonly RequestChange[]): RouteRequest {
  const copy = structuredClone(request) as unknown as Record<string, JsonValue>;
  const gone = new Map<JsonValue[], Set<JsonValue>>();
  for (const { pointer, to } of changes) {
    const path = pointer.slice(1).split("/");
    let parent = copy as Record<string, JsonValue>;
    for (const name of path.slice(0, -1)) parent = parent[name] as Record<string, JsonValue>;
    const name = path.at(-1) as string;
    if (to !== null || path.length === 1) parent[name] = to;
    else if (!Array.isArray(parent)) delete parent[name];
    else gone.set(parent, (gone.get(parent) ?? new Set()).add(parent[Number(name)] as JsonValue));
  }
  for (const [list, parts] of gone) list.splice(0, list.length, ...list.filter((part) => !parts.has(part)));
  return RouteRequestSchema.parse(copy);
}

test("why-not names, for each service that was not chosen, the first and all clauses that it failed, as required", () => {
  let [rejected, outranked] = [0, 0];

  for (const one of asked()) {
    const { record, verdicts } = decideSlowly(one.world, one.question);
    for (const [place, { states }] of verdicts.entries()) {
      const failing = record.clauses.flatMap((clause, at) =>
        states[at] === "s" ? [] : [{ ...clause, state: states[at] === "v" ? "violated" : "unknown" }],
      );
      const said = whyNot(one.decided, place);
      expect(said.failed.map(({ actual: _, isAssumed: __, ...clause }) => clause)).toEqual(failing);
      expect(said.first).toEqual(said.failed[0] ?? null);
      if (failing.length > 0) rejected += 1;
      else if (said.kind === "outranked") outranked += 1;
      expect(said.kind === "rejected").toBe(failing.length > 0);
    }
  }

  expect(rejected).toBeGreaterThan(1_000);
  expect(outranked).toBeGreaterThan(50);
});

/** Ways in which one field of a request can be asked less of, as far as it goes. */
function weakenings(request: RouteRequest, { contract }: ServiceEntry): Partial<RouteRequest>[] {
  const shared = request.capabilities.filter((name) => contract.capabilities.includes(name));
  const without = <Part>(list: readonly Part[], index: number) => list.filter((_, at) => at !== index);
  return [
    { budgetPicos: null },
    { latency: null },
    { dataClass: "public" },
    { localityMax: null },
    { regions: [] },
    { retentionDaysMax: null },
    { serviceTrustMin: 0 },
    { health: "any" },
    { probation: "allow" },
    ...(shared.length === 0 ? [] : [{ capabilities: shared }]),
    ...request.guarantees.map((_, index) => ({ guarantees: without(request.guarantees, index) })),
    ...request.traits.map((_, index) => ({ traits: without(request.traits, index) })),
  ];
}

/** True where one of the weakenings alone admits the service. */
function oneFieldAdmits(one: Asked, entry: ServiceEntry): boolean {
  const { request } = one.question;
  return weakenings(request, entry).some((weaker) => admits(one, entry, { ...request, ...weaker }));
}

test("what-if's relaxation admits the service, needs each of its changes, and is not larger than one field that would do", () => {
  const kinds: Record<WhatIf["kind"], number> = { admitted: 0, relaxed: 0, impossible: 0 };
  let [several, tried] = [0, 0];

  for (const one of asked()) {
    for (const [place, entry] of one.world.snapshot.services.entries()) {
      const { request } = one.question;
      const answer = whatIf(one.decided, place);
      kinds[answer.kind] += 1;
      expect(answer.kind === "admitted").toBe(one.decided.passed(place));
      if (answer.kind === "impossible") {
        expect(answer.obstacles.length).toBeGreaterThan(0);
        if (one.world.rules.rules.length === 0) expect(oneFieldAdmits(one, entry)).toBe(false);
      }
      if (answer.kind !== "relaxed") continue;
      expect(changed(request, answer.changes)).toEqual(answer.request);
      expect(admits(one, entry, answer.request)).toBe(true);
      for (const change of answer.changes) {
        const others = answer.changes.filter((other) => other !== change);
        expect(admits(one, entry, changed(request, others)), change.pointer).toBe(false);
        tried += 1;
      }
      if (answer.changes.length < 2) continue;
      several += 1;
      if (one.world.rules.rules.length === 0) expect(oneFieldAdmits(one, entry)).toBe(false);
    }
  }

  expect(kinds.relaxed).toBeGreaterThan(300);
  expect(kinds.impossible).toBeGreaterThan(300);
  expect(kinds.admitted).toBeGreaterThan(100);
  expect(several).toBeGreaterThan(100);
  expect(tried).toBeGreaterThan(500);
});
