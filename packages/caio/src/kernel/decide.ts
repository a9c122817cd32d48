/**
 * The decision: every service answers every clause, those that satisfied all are scored, one is chosen or none.
 *
 * Invariants:
 *   D1. Equal worlds and questions give equal decisions: nothing but the arguments is read.
 *   D2. A service is chosen only if it answered `s` to every clause.
 *   D3. The answers of all services to all clauses are there, also when nobody is left.
 *
 * @see docs/routing.md
 * @module
 */
import type { Digest, RouteDecision, RouteRefusal, RouteStage } from "@canonic/contracts";
import { type Asked, ask } from "./ask.ts";
import type { AskedClause } from "./asked-clause.ts";
import { allBits, countBits, keepSatisfied } from "./bits.ts";
import { headOf } from "./choice.ts";
import { Decided, scoredOf } from "./decided.ts";
import type { PreparedWorld } from "./prepared-world.ts";
import { openQuestion } from "./question.ts";
import { INTENT_WORDS_MAX, wordsOf } from "./words.ts";
import type { RouteQuestion } from "./world.ts";

/** How many of those that passed a decision ranks. */
export const RANKING_MAX = 8;

const STAGES = ["match", "rules", "security", "traits"] as const satisfies readonly RouteStage[];
const REFUSALS: Record<RouteStage, RouteRefusal> = {
  match: "caio.no-match",
  rules: "caio.no-rule-satisfying",
  security: "caio.no-secure",
  traits: "caio.no-trait-satisfying",
};

/**
 * Decides one question.
 *
 * @throws {CaioError} `caio.request-invalid` when request, identity or moment are not valid, `caio.world-invalid` when the
 *   authorization table is not valid or was made for something else, or the rule matcher does not fit.
 */
export function decide(world: PreparedWorld, question: RouteQuestion): Decided {
  const opened = openQuestion(world, question);
  const { prices, score, room, places } = world.columns;
  prices.costs(opened.request.quantities, room.costs);
  const asked = ask(world, opened, room.costs);
  const alive = allBits(world.size);
  const counts = fold(asked, alive);
  const intentWords = wordsOf(opened.request.intent).slice(0, INTENT_WORDS_MAX);
  const found = {
    world,
    question: opened,
    intentWords,
    clauses: asked.clauses,
    warnings: asked.warnings,
    counts,
    alive,
  };
  const refused = STAGES.find((stage) => counts[stage] === 0);
  if (refused !== undefined) {
    return new Decided({ ...found, outcome: { kind: "refused", code: REFUSALS[refused] }, head: [], tied: 0 });
  }
  const scored = scoredOf(world, opened, intentWords, room.costs);
  score.scores(scored, alive, room.scores);
  const ordered = {
    scores: room.scores,
    costs: room.costs,
    costAssumed: scored.costAssumed,
    latencies: scored.latencies.values,
    places,
  };
  const { first, tied } = headOf(ordered, alive, RANKING_MAX);
  return new Decided({ ...found, outcome: outcomeOf(world, first[0] as number), head: first, tied });
}

/** Leaves in `alive` those that passed every stage, and counts after each. */
function fold({ clauses, keptByRules }: Asked, alive: Int32Array): RouteDecision["counts"] {
  const counts = { services: countBits(alive), match: 0, rules: 0, security: 0, traits: 0 };
  let clause = 0;
  for (const stage of STAGES) {
    if (stage === "rules") keepSatisfied(alive, keptByRules);
    for (; clauses[clause]?.stage === stage; clause += 1) {
      if (stage !== "rules") keepSatisfied(alive, (clauses[clause] as AskedClause).answers);
    }
    counts[stage] = countBits(alive);
  }
  return counts;
}

function outcomeOf(world: PreparedWorld, index: number): RouteDecision["outcome"] {
  const { service, version } = world.entry(index).contract;
  return { kind: "chosen", service, version, contract: world.contractDigests[index] as Digest };
}
