/**
 * The list of clauses of a question, in order, with the answers of every service to each.
 *
 * Invariants:
 *   A1. The list is a function of the request and the world; no answer shortens it.
 *   A2. Every service answers every clause, whatever it answered before.
 *
 * @see docs/routing.md, section 1.
 * @module
 */
import type { JsonValue, RequiredGuarantee, RouteDecision, RouteRequest } from "@canonic/contracts";
import type { AskedClause, ClauseSubject } from "./asked-clause.ts";
import type { Answers } from "./bits.ts";
import { cappedSum } from "./exact.ts";
import { quantityOf } from "./guarantee-columns.ts";
import { guaranteeAnswers } from "./guarantee-demand.ts";
import { LIMITS } from "./match-columns.ts";
import type { PreparedWorld } from "./prepared-world.ts";
import { privacyOf } from "./privacy-demand.ts";
import type { OpenedQuestion } from "./question.ts";

/** All clauses, and the warnings of rules that reject nothing. */
export interface Asked {
  readonly clauses: readonly AskedClause[];
  readonly warnings: RouteDecision["warnings"];
  /** Who satisfied all clauses of the rules; kept from question to question where the rules answer the same. */
  readonly keptByRules: Pick<Answers, "satisfied">;
}

/** Asks every service; `costs` are those of this request. */
export function ask(world: PreparedWorld, question: OpenedQuestion, costs: Float64Array): Asked {
  const { clauses: rules, warnings, kept } = world.columns.rules.stage(question.request, question.identity);
  return {
    clauses: [
      ...matchClauses(world, question, costs),
      ...rules,
      ...securityClauses(world, question),
      ...traitClauses(world, question.request),
    ],
    warnings,
    keptByRules: kept,
  };
}

/** The latency bound of a request as a demand like any other. */
export function latencyDemandOf({ percentile, maxUs }: NonNullable<RouteRequest["latency"]>): RequiredGuarantee {
  return { property: `latency-${percentile}`, bound: "max", value: maxUs, unit: "us", of: null, basis: "declared" };
}

/** How many tokens each limit must hold; undefined where the request says nothing of them. */
function tokensOf({ quantities }: RouteRequest): Record<(typeof LIMITS)[number]["field"], number | undefined> {
  const input = quantityOf(quantities, "input-token");
  const output = quantityOf(quantities, "output-token");
  const isAsked = input !== undefined || output !== undefined;
  return {
    inputTokensMax: input,
    outputTokensMax: output,
    totalTokensMax: isAsked ? cappedSum(input ?? 0, output ?? 0) : undefined,
  };
}

function matchClauses(world: PreparedWorld, { request, at }: OpenedQuestion, costs: Float64Array): AskedClause[] {
  const { match, guarantees, memo, prices } = world.columns;
  const asked: AskedClause[] = [];
  const add = (clause: string, required: JsonValue, about: ClauseSubject, answers: Answers) =>
    asked.push({ stage: "match", clause, required, about, answers });
  const states = request.probation === "allow" ? ["active", "probation"] : ["active"];
  add("state", states, { kind: "state" }, match.state(request.probation));
  add("health", request.health, { kind: "health" }, match.health(request.health, at));
  add("capability", request.capabilities, { kind: "capability" }, match.capability(request.capabilities));
  const tokens = tokensOf(request);
  for (const { clause, field } of LIMITS) {
    const needed = tokens[field];
    if (needed !== undefined) add(clause, needed, { kind: field }, match.limit(field, needed));
  }
  const answers = (demand: RequiredGuarantee) =>
    guaranteeAnswers(guarantees, memo, world.size, demand, request.quantities);
  request.guarantees.forEach((demand, index) => {
    const clause = `guarantee/${demand.property}/${demand.bound}`;
    add(clause, demand, { kind: "guarantee", index }, answers(demand));
  });
  if (request.latency !== null) {
    add("latency", request.latency, { kind: "latency" }, answers(latencyDemandOf(request.latency)));
  }
  if (request.budgetPicos !== null) {
    add("budget", request.budgetPicos, { kind: "budget" }, prices.within(request.budgetPicos, costs));
  }
  return asked;
}

function securityClauses(world: PreparedWorld, { request, identity, authorization }: OpenedQuestion): AskedClause[] {
  const { security } = world.columns;
  const asked: AskedClause[] = [];
  const add = (clause: string, required: JsonValue, kind: ClauseSubject["kind"], answers: Answers) =>
    asked.push({ stage: "security", clause, required, about: { kind } as ClauseSubject, answers });
  add("authentication", null, "authentication", security.authentication(identity));
  add("authorization", null, "authorization", security.authorization(identity));
  if (authorization !== null) add("policy", authorization.table.policies, "policy", authorization.answers);
  add("trust", request.serviceTrustMin, "trust", security.trust(request.serviceTrustMin));
  const { localityMax, retentionDaysMax, encryptedInTransit, encryptedAtRest, mayTrain } = privacyOf(
    world.world.privacyProfile,
    request,
  );
  if (localityMax !== null) add("privacy/locality", localityMax, "locality", security.locality(localityMax));
  if (retentionDaysMax !== null) {
    add("privacy/retention", retentionDaysMax, "retention", security.retention(retentionDaysMax));
  }
  if (encryptedInTransit) add("privacy/transit", true, "transit", security.flag("encryptedInTransit", true));
  if (encryptedAtRest) add("privacy/rest", true, "rest", security.flag("encryptedAtRest", true));
  if (!mayTrain) add("privacy/training", false, "training", security.flag("trainsOnData", false));
  if (request.regions.length > 0) {
    add("privacy/regions", request.regions, "regions", security.regions(request.regions));
  }
  return asked;
}

function traitClauses(world: PreparedWorld, { traits }: RouteRequest): AskedClause[] {
  return traits.map((demand, index) => ({
    stage: "traits",
    clause: `trait/${index}/${demand.trait}`,
    required: demand,
    about: { kind: "trait", index },
    answers: world.columns.traits.answers(demand),
  }));
}
