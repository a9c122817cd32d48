/**
 * A second reading of docs/routing.md: the whole decision, slowly and in the order of the document.
 *
 * It was written from the document alone. It shares the nouns and their canonical bytes with the package (`@canonic/contracts`) and nothing
 * else; every question is asked of every service again for every request.
 *
 * @module
 */
import {
  type AuthorizationTable,
  canonicalJson,
  type Digest,
  type ObservationSnapshot,
  type PrivacyProfile,
  RouteDecision,
  type RouteIdentity,
  type RouteRequest,
  type RuleSet,
  type ScoreProfile,
  type ServiceSnapshot,
  type ServiceVerdict,
} from "@canonic/contracts";
import { inOrder, type Passed } from "./choice.ts";
import { controlOf } from "./control.ts";
import { costOf, latencyOf } from "./cost-and-latency.ts";
import { digestOf, leafHash, spell, treeHash } from "./hashing.ts";
import { toNumber } from "./numbers.ts";
import { type Candidate, type Question, questionsOf } from "./questions.ts";
import { applyRules } from "./rules.ts";
import { scoreOf, termsOf } from "./score.ts";
import { isAssumed } from "./states.ts";
import { intentWordsOf } from "./words.ts";

export interface OracleWorld {
  readonly snapshot: ServiceSnapshot;
  readonly rules: RuleSet;
  readonly observations: ObservationSnapshot | null;
  readonly scoreProfile: ScoreProfile;
  readonly privacyProfile: PrivacyProfile;
}

export interface OracleQuestion {
  readonly request: RouteRequest;
  readonly identity: RouteIdentity | null;
  readonly authorization: AuthorizationTable | null;
  readonly at: number;
}

export interface OracleDecision {
  readonly record: RouteDecision;
  /** In the snapshot's order. */
  readonly verdicts: readonly ServiceVerdict[];
  /** Their canonical JSON: what the root is over. */
  readonly leaves: readonly string[];
}

const STAGES = ["match", "rules", "security", "traits"] as const;
const REFUSALS = {
  match: "caio.no-match",
  rules: "caio.no-rule-satisfying",
  security: "caio.no-secure",
  traits: "caio.no-trait-satisfying",
} as const;

export function decideSlowly(
  world: OracleWorld,
  { request, identity, authorization, at }: OracleQuestion,
): OracleDecision {
  const { snapshot, scoreProfile } = world;
  const moment = new Date(at).toISOString();
  const candidates = candidatesOf(world);
  const ruled = applyRules(world.rules, snapshot, request, identity);
  const questions = questionsOf({
    request,
    identity,
    authorization,
    privacyProfile: world.privacyProfile,
    at: moment,
    ruleClauses: ruled.clauses,
  });
  const states = candidates.map((candidate) => questions.map(({ answer }) => answer(candidate)).join(""));

  const left = { match: 0, rules: 0, security: 0, traits: 0 };
  for (const answers of states) {
    for (const stage of STAGES) {
      if (!passes(stage, questions, answers)) break;
      left[stage] += 1;
    }
  }
  const order = inOrder(
    candidates
      .filter(({ place }) => [...(states[place] as string)].every((state) => state === "s"))
      .map((candidate) => placed(candidate, request, scoreProfile)),
  );
  const scores = new Map(order.map(({ place, score }) => [place, score]));

  const verdicts = candidates.map(({ place, entry, observation }): ServiceVerdict => {
    const score = scores.get(place);
    return {
      service: entry.contract.service,
      version: entry.contract.version,
      contract: digestOf(entry.contract) as Digest,
      states: states[place] as string,
      costPicos: numberOrNull(costOf(entry.contract, request)),
      latencyUs: numberOrNull(latencyOf(entry.contract, request, observation)),
      score: score === undefined ? null : toNumber(score),
    };
  });
  const leaves = verdicts.map((verdict) => canonicalJson(verdict));

  const [first] = order;
  const chosen = first === undefined ? undefined : (candidates[first.place] as Candidate);
  const tied = order.filter(({ score }) => score === first?.score);
  const empty = STAGES.find((stage) => left[stage] === 0);
  const record = RouteDecision.parse({
    schema: "canonic/route-decision/v1",
    semantics: 1,
    at: moment,
    request: digestOf(request),
    world: {
      snapshot: digestOf(snapshot),
      identity: identity && digestOf(identity),
      rules: digestOf(world.rules),
      observations: world.observations && digestOf(world.observations),
      scoreProfile: digestOf(scoreProfile),
      privacyProfile: digestOf(world.privacyProfile),
      authorization: authorization && digestOf(authorization),
    },
    features: { intentWords: intentWordsOf(request.intent), quantities: request.quantities },
    clauses: questions.map(({ stage, clause, required }) => ({ stage, clause, required })),
    counts: { services: candidates.length, ...left },
    warnings: ruled.warnings,
    outcome:
      empty !== undefined || first === undefined
        ? { kind: "refused", code: REFUSALS[empty as keyof typeof REFUSALS] }
        : { kind: "chosen", ...nameOf(first), contract: verdicts[first.place]?.contract },
    tied: tied.length,
    ties: tied.slice(0, 64).map(nameOf),
    ranking: order.slice(0, 8).map((passed) => ({
      ...nameOf(passed),
      contract: verdicts[passed.place]?.contract,
      score: toNumber(passed.score),
      terms: Object.fromEntries(Object.entries(passed.terms).map(([term, value]) => [term, toNumber(value)])),
      costPicos: numberOrNull(passed.cost),
      latencyUs: numberOrNull(passed.latency),
    })),
    control: chosen === undefined ? null : controlOf(request, chosen, scoreProfile),
    guarantees: chosen?.entry.contract.guarantees.filter(({ basis }) => basis !== "assumed") ?? [],
    root: spell(treeHash(leaves.map(leafHash))),
  });
  return { record, verdicts, leaves };
}

function candidatesOf({ snapshot, observations }: OracleWorld): Candidate[] {
  const seen = new Map(
    observations?.services.map((observation) => [`${observation.service} ${observation.version}`, observation]),
  );
  return snapshot.services.map((entry, place) => ({
    place,
    entry,
    observation: seen.get(`${entry.contract.service} ${entry.contract.version}`),
  }));
}

function passes(stage: string, questions: readonly Question[], answers: string): boolean {
  return questions.every((question, index) => question.stage !== stage || answers[index] === "s");
}

function placed(candidate: Candidate, request: RouteRequest, profile: ScoreProfile): Passed {
  const { entry, observation, place } = candidate;
  const terms = termsOf(candidate, request, profile);
  return {
    place,
    service: entry.contract.service,
    version: entry.contract.version,
    score: scoreOf(terms, profile),
    terms,
    cost: costOf(entry.contract, request),
    isCostAssumed: isAssumed(entry.contract, "/cost"),
    latency: latencyOf(entry.contract, request, observation),
  };
}

function nameOf({ service, version }: { readonly service: string; readonly version: string }) {
  return { service, version };
}

function numberOrNull(value: bigint | null): number | null {
  return value === null ? null : toNumber(value);
}
