/**
 * The list of questions that every service is asked, in order (section 1).
 *
 * @module
 */
import type {
  AuthorizationTable,
  PrivacyProfile,
  RequiredGuarantee,
  RouteIdentity,
  RouteRequest,
  ServiceContract,
  ServiceEntry,
  ServiceObservation,
} from "@canonic/contracts";
import { costOf } from "./cost-and-latency.ts";
import { answerToGuarantee } from "./guarantees.ts";
import { MAX } from "./numbers.ts";
import { privacyQuestionsOf } from "./privacy.ts";
import type { RuleClause } from "./rules.ts";
import { answerToAuthentication, answerToAuthorization, answerToPolicy } from "./security.ts";
import { isAssumed, ownValue, type State, satisfiedIf } from "./states.ts";
import { answerToTrait } from "./traits.ts";

/** A service as the questions see it; `place` is its index in the snapshot. */
export interface Candidate {
  readonly place: number;
  readonly entry: ServiceEntry;
  readonly observation: ServiceObservation | undefined;
}

export interface Question {
  readonly stage: "match" | "rules" | "security" | "traits";
  readonly clause: string;
  readonly required: unknown;
  readonly answer: (candidate: Candidate) => State;
}

/** What a list of questions depends on. `at` is RFC 3339 text. */
export interface Situation {
  readonly request: RouteRequest;
  readonly identity: RouteIdentity | null;
  readonly authorization: AuthorizationTable | null;
  readonly privacyProfile: PrivacyProfile;
  readonly at: string;
  readonly ruleClauses: readonly RuleClause[];
}

export function questionsOf(situation: Situation): Question[] {
  return [
    ...matchQuestions(situation),
    ...situation.ruleClauses.map(
      ({ rule, required, states }): Question => ({
        stage: "rules",
        clause: `rule/${rule}`,
        required,
        answer: ({ place }) => states[place] as State,
      }),
    ),
    ...securityQuestions(situation),
    ...situation.request.traits.map(
      (demand, index): Question => ({
        stage: "traits",
        clause: `trait/${index}/${demand.trait}`,
        required: demand,
        answer: ({ entry }) => answerToTrait(demand, entry.contract),
      }),
    ),
  ];
}

function matchQuestions({ request, at }: Situation): Question[] {
  const ask = (clause: string, required: unknown, answer: Question["answer"]): Question => ({
    stage: "match",
    clause,
    required,
    answer,
  });
  const states = request.probation === "allow" ? ["active", "probation"] : ["active"];
  const questions = [
    ask("state", states, ({ entry }) => satisfiedIf(states.includes(entry.state))),
    ask("health", request.health, ({ entry }) => {
      const health = entry.health !== null && entry.health.expiresAt > at ? entry.health.status : "not known";
      if (health === "not known") return request.health === "any" ? "s" : "u";
      return satisfiedIf(health === "healthy");
    }),
    ask("capability", request.capabilities, ({ entry }) =>
      satisfiedIf(request.capabilities.every((name) => entry.contract.capabilities.includes(name))),
    ),
    ...tokenQuestions(request),
    ...request.guarantees.map((demand) =>
      ask(`guarantee/${demand.property}/${demand.bound}`, demand, ({ entry, observation }) =>
        answerToGuarantee(demand, entry.contract, request, observation),
      ),
    ),
  ];
  if (request.latency !== null) {
    const { percentile, maxUs } = request.latency;
    const demand: RequiredGuarantee = {
      property: `latency-${percentile}`,
      bound: "max",
      value: maxUs,
      unit: "us",
      of: null,
      basis: "declared",
    };
    questions.push(
      ask("latency", request.latency, ({ entry, observation }) =>
        answerToGuarantee(demand, entry.contract, request, observation),
      ),
    );
  }
  const { budgetPicos } = request;
  if (budgetPicos !== null) {
    questions.push(
      ask("budget", budgetPicos, ({ entry }) => {
        const cost = costOf(entry.contract, request);
        if (cost === null || isAssumed(entry.contract, "/cost")) return "u";
        return satisfiedIf(cost <= BigInt(budgetPicos));
      }),
    );
  }
  return questions;
}

function tokenQuestions(request: RouteRequest): Question[] {
  const input = ownValue(request.quantities, "input-token");
  const output = ownValue(request.quantities, "output-token");
  const both = input === undefined && output === undefined ? undefined : (input ?? 0) + (output ?? 0);
  return (
    [
      ["input-tokens", "inputTokensMax", input],
      ["output-tokens", "outputTokensMax", output],
      ["total-tokens", "totalTokensMax", both === undefined ? undefined : Math.min(both, Number(MAX))],
    ] as const
  ).flatMap(([clause, field, wanted]): Question[] =>
    wanted === undefined
      ? []
      : [
          {
            stage: "match",
            clause,
            required: wanted,
            answer: ({ entry: { contract } }) => {
              const limit = statedLimit(contract, field);
              if (limit !== null) return satisfiedIf(limit >= wanted);
              return field === "totalTokensMax" && isBoundedByParts(contract) ? "s" : "u";
            },
          },
        ],
  );
}

/** Null where nothing is stated or what is stated was assumed. */
function statedLimit(contract: ServiceContract, field: keyof ServiceContract["constraints"]): number | null {
  return isAssumed(contract, `/constraints/${field}`) ? null : contract.constraints[field];
}

/** Where no sum is stated, nor assumed, but both of its parts are: their own clauses say the rest. */
function isBoundedByParts(contract: ServiceContract): boolean {
  return (
    !isAssumed(contract, "/constraints/totalTokensMax") &&
    statedLimit(contract, "inputTokensMax") !== null &&
    statedLimit(contract, "outputTokensMax") !== null
  );
}

function securityQuestions({ request, identity, authorization, privacyProfile }: Situation): Question[] {
  const ask = (clause: string, required: unknown, answer: Question["answer"]): Question => ({
    stage: "security",
    clause,
    required,
    answer,
  });
  return [
    ask("authentication", null, ({ entry }) => answerToAuthentication(identity, entry.contract)),
    ask("authorization", null, ({ entry }) => answerToAuthorization(identity, entry.contract)),
    ...(authorization === null
      ? []
      : [ask("policy", authorization.policies, ({ entry }) => answerToPolicy(authorization, entry.contract))]),
    ask("trust", request.serviceTrustMin, ({ entry }) =>
      satisfiedIf(entry.contract.security.trust >= request.serviceTrustMin),
    ),
    ...privacyQuestionsOf(request, privacyProfile).map(({ clause, required, answer }) =>
      ask(clause, required, ({ entry }) => answer(entry.contract)),
    ),
  ];
}
