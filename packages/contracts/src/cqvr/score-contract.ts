/**
 * CQVR, contract quality by verified rubric: the score of an executor contract, what it lost and why, and the verdict.
 *
 * Invariants:
 *   Q1. Pure: the score is a function of the contract. The total is the sum of the criteria, and a criterion of its parts.
 *   Q2. Every point that is lost has a reason.
 *   Q3. A blocker always vetoes PRODUCTION, whatever the score: an identity that is not the output's, a source that nothing
 *       provides, a mandatory signal of which nothing is demanded, no validation rule.
 *
 * @module
 */
import type { Reason } from "../verdict.ts";
import type { ExecutorContract } from "./executor-contract.ts";
import { CRITERIA, type CriterionId, pointsOf } from "./rubric.ts";
import { identityParts, orphanSources } from "./rubric-parts.ts";

export type CqvrVerdict = "PRODUCTION" | "PATCH" | "REFORMULATE";

export type CriterionScore = {
  readonly id: CriterionId;
  readonly tier: 1 | 2 | 3;
  readonly points: number;
  readonly max: number;
  readonly reasons: readonly Reason[];
};

/** `tiers` holds the points of the three tiers, of 55, 30 and 15. */
export type CqvrReport = {
  readonly total: number;
  readonly tiers: readonly [number, number, number];
  readonly criteria: readonly CriterionScore[];
  readonly blockers: readonly Reason[];
  readonly verdict: CqvrVerdict;
};

/** Scores a contract. */
export function scoreContract(contract: ExecutorContract): CqvrReport {
  const criteria = CRITERIA.map(({ id, tier, parts }): CriterionScore => {
    const scored = parts(contract).map((part) => ({ part, points: pointsOf(part) }));
    const reasons = scored.flatMap(({ part: { points: max, code, message }, points }): Reason[] =>
      points < max ? [{ code, place: id, message: `${message}: ${points} of ${max}` }] : [],
    );
    const sum = (of: (row: (typeof scored)[number]) => number) => scored.reduce((total, row) => total + of(row), 0);
    return { id, tier, points: sum(({ points }) => points), max: sum(({ part }) => part.points), reasons };
  });
  const tier = (of: 1 | 2 | 3) => criteria.reduce((sum, one) => sum + (one.tier === of ? one.points : 0), 0);
  const tiers: [number, number, number] = [tier(1), tier(2), tier(3)];
  const total = tiers[0] + tiers[1] + tiers[2];
  const blockers = blockersOf(contract);
  return { total, tiers, criteria, blockers, verdict: verdictOf(tiers[0], total, blockers.length) };
}

/** What vetoes PRODUCTION (Q3). */
function blockersOf(contract: ExecutorContract): Reason[] {
  const { signals, validation } = contract;
  const mismatched = identityParts(contract).filter(({ met }) => met === 0);
  const orphans = orphanSources(contract);
  const idle = signals.filter(({ required, strengthMin, validityMin }) => required && strengthMin + validityMin === 0);
  const blocker = (code: string, messages: readonly string[]): Reason[] =>
    messages.length === 0 ? [] : [{ code, place: contract.identity.question, message: messages.join("; ") }];
  return [
    ...blocker(
      "identity-mismatch",
      mismatched.map(({ message }) => message),
    ),
    ...blocker(
      "orphan-source",
      orphans.map((source) => `nothing provides \`${source}\``),
    ),
    ...blocker(
      "zero-threshold",
      idle.map(({ kind }) => `nothing is demanded of the mandatory signal ${kind}`),
    ),
    ...blocker("no-validation", validation.length === 0 ? ["nothing ends the task"] : []),
  ];
}

function verdictOf(tierOne: number, total: number, blockers: number): CqvrVerdict {
  if (tierOne < 35) return "REFORMULATE";
  if (tierOne >= 45 && total >= 80 && blockers === 0) return "PRODUCTION";
  return total >= 70 || (tierOne >= 40 && blockers <= 2) ? "PATCH" : "REFORMULATE";
}
