/**
 * What the rubric says of many contracts at once: how the scores are spread, what is lost, and by whom.
 *
 * @module
 */
import {
  type CqvrReport,
  type CqvrVerdict,
  CRITERION_IDS,
  type CriterionId,
  type ExecutorContract,
  scoreContract,
} from "@canonic/contracts";

export type ScoredContract = {
  readonly question: string;
  readonly slot: string;
  readonly operation: string;
} & CqvrReport;

/** `histogram` is sorted by total, high to low; `lost` by how many contracts lost it, most first. */
export type CqvrSummary = {
  readonly contracts: number;
  readonly verdicts: Readonly<Record<CqvrVerdict, number>>;
  readonly histogram: readonly { readonly total: number; readonly contracts: number }[];
  readonly criteria: readonly {
    readonly id: CriterionId;
    readonly max: number;
    readonly least: number;
    readonly most: number;
    readonly full: number;
  }[];
  readonly lost: readonly { readonly criterion: string; readonly code: string; readonly contracts: number }[];
  readonly scores: readonly ScoredContract[];
};

/** Scores each and counts. */
export function summarise(contracts: readonly ExecutorContract[]): CqvrSummary {
  const scores = contracts.map((contract): ScoredContract => {
    const { question, slot } = contract.identity;
    return { question, slot, operation: contract.executor.operation, ...scoreContract(contract) };
  });
  const verdicts = { PRODUCTION: 0, PATCH: 0, REFORMULATE: 0 };
  for (const { verdict } of scores) verdicts[verdict] += 1;
  const reasons = scores.flatMap(({ criteria }) => [
    ...new Set(criteria.flatMap(({ reasons: lost }) => lost.map(({ place, code }) => `${place} ${code}`))),
  ]);
  return {
    contracts: scores.length,
    verdicts,
    histogram: counted(scores.map(({ total }) => total))
      .map(([total, count]) => ({ total, contracts: count }))
      .sort((a, b) => b.total - a.total),
    criteria: CRITERION_IDS.map((id) => criterionOf(id, scores)),
    lost: counted(reasons)
      .map(([reason, count]) => {
        const [criterion = "", code = ""] = reason.split(" ");
        return { criterion, code, contracts: count };
      })
      .sort((a, b) => b.contracts - a.contracts || (`${a.criterion} ${a.code}` < `${b.criterion} ${b.code}` ? -1 : 1)),
    scores,
  };
}

function criterionOf(id: CriterionId, scores: readonly ScoredContract[]): CqvrSummary["criteria"][number] {
  const own = scores.flatMap(({ criteria }) => criteria.filter((one) => one.id === id));
  const points = own.map((one) => one.points);
  return {
    id,
    max: own[0]?.max ?? 0,
    least: Math.min(...points),
    most: Math.max(...points),
    full: own.filter((one) => one.points === one.max).length,
  };
}

function counted<Value>(values: readonly Value[]): [Value, number][] {
  const counts = new Map<Value, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts];
}
