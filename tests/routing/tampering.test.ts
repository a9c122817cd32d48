/**
 * Data integrity: whatever is changed in a record or in what it was made from, deciding again tells.
 *
 * @module
 */
import { isCaioError, type PreparedWorld, rederive } from "@canonic/caio";
import {
  type JsonValue,
  ObservationSnapshot,
  PrivacyProfile,
  type RouteDecision,
  RuleSet,
  ScoreProfile,
  ServiceSnapshot,
} from "@canonic/contracts";
import { beforeAll, expect, test } from "vitest";
import { drawFrom } from "./generated/draw.ts";
import { drawQuestions } from "./generated/pool.ts";
import { drawTable } from "./generated/requests.ts";
import { drawWorld } from "./generated/worlds.ts";
import { mutationsOf } from "./mutations.ts";
import type { OracleQuestion, OracleWorld } from "./oracle/oracle.ts";
import { open, route } from "./router.ts";

/** Parts of a world are read by their schemas before anything is done with them. */
const SCHEMAS = {
  snapshot: ServiceSnapshot,
  rules: RuleSet,
  scoreProfile: ScoreProfile,
  privacyProfile: PrivacyProfile,
  observations: ObservationSnapshot,
};

interface Decision {
  readonly world: OracleWorld;
  readonly opened: PreparedWorld;
  readonly question: OracleQuestion;
  readonly record: RouteDecision;
}

let decisions: Decision[];

/** Of small worlds that have rules, observations and a table of policies: three that chose, one that refused. */
beforeAll(() => {
  decisions = [];
  const wanted = ["chosen", "chosen", "refused", "chosen"];
  for (let seed = 0; decisions.length < wanted.length; seed += 1) {
    const draw = drawFrom(50_000 + seed);
    const world = drawWorld(draw, 3);
    const [, question] = drawQuestions(draw, world, 2);
    if (question === undefined || world.rules.rules.length === 0 || world.observations === null) continue;
    if (question.identity === null || world.snapshot.services.length > 5) continue;
    const authorization = drawTable(draw, question.identity, question.request, world.snapshot);
    if (authorization.refused.length === 0) continue;
    const governed = { ...question, authorization };
    const record = route(world, governed).record();
    if (record.outcome.kind !== wanted[decisions.length] || record.clauses.length < 12) continue;
    decisions.push({ world, opened: open(world), question: governed, record });
  }
});

function reasonsFor(
  { opened, question, record }: Decision,
  changed: Partial<OracleQuestion & { record: unknown }> = {},
) {
  const { request, identity, authorization } = { ...question, ...changed };
  return rederive(changed.record ?? record, request, identity, authorization, opened);
}

test("finds nothing in what was not touched", () => {
  expect(decisions.map((decision) => reasonsFor(decision))).toEqual([[], [], [], []]);
});

test("reports every change of every field of a record, and throws for none", () => {
  let changes = 0;
  for (const decision of decisions) {
    for (const { what, value } of mutationsOf(decision.record as unknown as JsonValue)) {
      expect(reasonsFor(decision, { record: value }).length, what).toBeGreaterThan(0);
      changes += 1;
    }
  }

  expect(changes).toBeGreaterThan(1_000);
});

test("reports every change of request, identity and table of policies", () => {
  let changes = 0;
  for (const decision of decisions) {
    for (const part of ["request", "identity", "authorization"] as const) {
      for (const { what, value } of mutationsOf(decision.question[part] as unknown as JsonValue)) {
        expect(reasonsFor(decision, { [part]: value }).length, `${part}${what}`).toBeGreaterThan(0);
        changes += 1;
      }
      if (part !== "request") expect(reasonsFor(decision, { [part]: null }).length).toBeGreaterThan(0);
    }
  }

  expect(changes).toBeGreaterThan(300);
});

test("reports every change of registry, rules, weights, privacy and observations, or no world opens that has it", () => {
  let [reported, closed] = [0, 0];
  for (const decision of decisions.slice(0, 1)) {
    for (const part of Object.keys(SCHEMAS) as (keyof typeof SCHEMAS)[]) {
      for (const { what, value } of mutationsOf(decision.world[part] as unknown as JsonValue)) {
        let opened: PreparedWorld;
        if (!SCHEMAS[part].safeParse(value).success) {
          closed += 1;
          continue;
        }
        try {
          opened = open({ ...decision.world, [part]: value });
        } catch (error) {
          expect(isCaioError(error), `${part}${what}: ${String(error)}`).toBe(true);
          closed += 1;
          continue;
        }
        expect(reasonsFor({ ...decision, opened }).length, `${part}${what}`).toBeGreaterThan(0);
        reported += 1;
      }
    }
  }

  expect(reported).toBeGreaterThan(200);
  expect(closed).toBeGreaterThan(200);
});

test("answers with reasons for what is no decision, request or identity at all", () => {
  const [decision] = decisions as [Decision];
  const { request, identity, authorization } = decision.question;
  const nonsense = [undefined, null, 0, "", [], {}, { schema: "canonic/route-decision/v1" }, Number.NaN, () => 0, 1n];
  for (const thing of nonsense) {
    expect(rederive(thing, request, identity, authorization, decision.opened).length).toBeGreaterThan(0);
    expect(rederive(decision.record, thing, identity, authorization, decision.opened).length).toBeGreaterThan(0);
    if (thing !== undefined) {
      expect(rederive(decision.record, request, thing, authorization, decision.opened).length).toBeGreaterThan(0);
    }
  }
});
