/**
 * Signal coverage: how many tasks were given their mandatory signals, and how many show that they read them.
 *
 * Invariants:
 *   C1. Both fractions count tasks over one frozen denominator, named by the digest of the sorted task ids. Nothing to
 *       count over is an error, never 100 %.
 *   C2. A task is planned-covered when every mandatory need reached `fresh`; consumed-covered when besides its output
 *       holds a verified consumption for each. So consumed never exceeds planned.
 *   C3. The funnel counts (task, mandatory signal) pairs and never widens; every pair that is lost has one gap, at the
 *       stage where it was lost.
 *   C4. Nothing is rounded: 255/300 is 255/300.
 *
 * @module
 */
import {
  type AreaId,
  type Consumption,
  type Coverage,
  type CoverageGap,
  compareFractions,
  coverageDenominatorOf,
  type Digest,
  type DimensionId,
  type Fraction,
  fraction,
  freezeDeep,
  type QuestionId,
  type TaskId,
} from "@canonic/contracts";
import type { EmittedSignal } from "./annotate.ts";
import type { Binding, BindingStage, BoundNeed } from "./binding.ts";
import { verifyConsumptionOf } from "./consumption.ts";
import { SisasError } from "./errors.ts";

export type CoverageInput = {
  /** The frozen denominator: every task that coverage is counted over, with the question it answers. */
  readonly tasks: readonly { readonly id: TaskId; readonly question: QuestionId }[];
  readonly bindings: readonly Binding[];
  /** The run's outputs; absent before a run: then nothing is consumed yet, and no gap is blamed on it. */
  readonly outputs?: readonly { readonly task: TaskId; readonly signals: readonly Consumption[] }[];
  /** The signals that the bindings name, to verify consumption against. */
  readonly signals?: readonly EmittedSignal[];
  /** How many pairs {@link findDecorations} found decisive; absent or null when nobody measured it. */
  readonly decisive?: number | null;
};

/** Coverage of one group of tasks. */
export type GroupCoverage = { readonly tasks: number; readonly planned: Fraction; readonly consumed: Fraction };

/**
 * Counts coverage.
 *
 * @throws {SisasError} `sisas.empty-denominator` without tasks, `sisas.unknown-question` when a task has no binding,
 *   `sisas.bad-input` when task ids repeat or two bindings stand for one question.
 */
export function measureCoverage(input: CoverageInput): Coverage {
  const rows = countRows(input);
  const byArea = group(rows, ({ binding }) => binding.area);
  const byDimension = group(rows, ({ binding }) => binding.dimension);
  const reached = (stage: BindingStage) =>
    sum(
      rows,
      ({ binding }) => binding.required.filter((need) => STAGES.indexOf(need.stage) >= STAGES.indexOf(stage)).length,
    );
  const share = (covered: (row: Row) => boolean) => fraction(rows.filter(covered).length, rows.length);
  return freezeDeep({
    schema: "canonic/coverage/v1",
    denominator: coverageDenominatorOf(rows.map(({ task }) => task)),
    planned: share((row) => row.planned),
    consumed: share((row) => row.consumed),
    minimumByArea: minimumOf([...byArea.values()]),
    minimumByDimension: minimumOf([...byDimension.values()]),
    funnel: {
      declared: reached("declared"),
      wired: reached("wired"),
      emitted: reached("emitted"),
      valid: reached("valid"),
      fresh: reached("fresh"),
      consumed: sum(rows, ({ consumedNeeds }) => consumedNeeds),
      decisive: input.decisive ?? null,
    },
    gaps: rows.flatMap(({ gaps }) => gaps),
  });
}

/** Coverage of every area, in the order of first appearance among the tasks. */
export function coverageByArea(input: CoverageInput): ReadonlyMap<AreaId, GroupCoverage> {
  return new Map(
    [...group(countRows(input), ({ binding }) => binding.area)].map(([area, rows]) => [area, coverageOf(rows)]),
  );
}

/** Coverage of every dimension, in the order of first appearance among the tasks. */
export function coverageByDimension(input: CoverageInput): ReadonlyMap<DimensionId, GroupCoverage> {
  return new Map(
    [...group(countRows(input), ({ binding }) => binding.dimension)].map(([dimension, rows]) => [
      dimension,
      coverageOf(rows),
    ]),
  );
}

const STAGES: readonly BindingStage[] = ["declared", "wired", "emitted", "valid", "fresh"];

type Row = {
  readonly task: TaskId;
  readonly binding: Binding;
  readonly planned: boolean;
  readonly consumed: boolean;
  readonly consumedNeeds: number;
  readonly gaps: readonly CoverageGap[];
};

function countRows({ tasks, bindings, outputs, signals }: CoverageInput): Row[] {
  if (tasks.length === 0) throw new SisasError("sisas.empty-denominator", "coverage over no task is no coverage", {});
  requireDistinct(
    "tasks",
    tasks.map(({ id }) => id),
  );
  requireDistinct(
    "bindings",
    bindings.map(({ question }) => question),
  );
  const bindingOf = new Map(bindings.map((binding) => [binding.question, binding]));
  const outputOf = outputs === undefined ? undefined : new Map(outputs.map((output) => [output.task, output]));
  const signalOf = new Map((signals ?? []).map((emitted) => [emitted.digest, emitted]));
  return tasks.map(({ id, question }) => {
    const binding = bindingOf.get(question);
    if (binding === undefined) {
      throw new SisasError("sisas.unknown-question", `task \`${id}\` answers \`${question}\`, which has no binding`, {
        task: id,
        question,
      });
    }
    const outcomes = binding.required.map((need) =>
      outcomeOf(need, question, outputOf?.get(id)?.signals ?? [], signalOf, outputs !== undefined),
    );
    // A task that asks for nothing has nothing checked: it is not covered.
    const planned = binding.required.length > 0 && binding.required.every((need) => need.stage === "fresh");
    const consumedNeeds = outcomes.filter(({ consumed }) => consumed).length;
    const gaps = outcomes.flatMap(({ gap }) => (gap === null ? [] : [gap]));
    return { task: id, binding, planned, consumed: planned && consumedNeeds === outcomes.length, consumedNeeds, gaps };
  });
}

function outcomeOf(
  need: BoundNeed,
  question: QuestionId,
  consumptions: readonly Consumption[],
  signals: ReadonlyMap<Digest, EmittedSignal>,
  hasRun: boolean,
): { readonly consumed: boolean; readonly gap: CoverageGap | null } {
  const gap = (stage: CoverageGap["stage"], reason: string, owner: string) => ({
    consumed: false,
    gap: { question, kind: need.kind, stage, reason, owner },
  });
  if (need.lost !== null) return gap(need.lost.at, need.lost.reason, need.lost.owner);
  if (!hasRun) return { consumed: false, gap: null };
  const emitted = need.signal === null ? undefined : signals.get(need.signal);
  if (emitted === undefined) return gap("consumed", "signal-unavailable", "caller");
  const records = consumptions.filter(({ signal }) => signal === emitted.digest);
  if (records.length === 0) return gap("consumed", "not-consumed", "operation");
  const verified = records.some(
    (record) => verifyConsumptionOf(record, emitted.signal, emitted.digest).kind === "allow",
  );
  return verified ? { consumed: true, gap: null } : gap("consumed", "unverifiable-consumption", "operation");
}

function coverageOf(rows: readonly Row[]): GroupCoverage {
  return {
    tasks: rows.length,
    planned: fraction(rows.filter(({ planned }) => planned).length, rows.length),
    consumed: fraction(rows.filter(({ consumed }) => consumed).length, rows.length),
  };
}

function minimumOf(groups: readonly (readonly Row[])[]): Coverage["minimumByArea"] {
  const all = groups.map(coverageOf);
  const least = (of: (coverage: GroupCoverage) => Fraction) =>
    all.map(of).reduce((a, b) => (compareFractions(b, a) < 0 ? b : a));
  return { planned: least(({ planned }) => planned), consumed: least(({ consumed }) => consumed) };
}

function group<Key>(rows: readonly Row[], keyOf: (row: Row) => Key): Map<Key, Row[]> {
  const groups = new Map<Key, Row[]>();
  for (const row of rows) {
    const found = groups.get(keyOf(row));
    if (found === undefined) groups.set(keyOf(row), [row]);
    else found.push(row);
  }
  return groups;
}

function sum(rows: readonly Row[], of: (row: Row) => number): number {
  return rows.reduce((total, row) => total + of(row), 0);
}

function requireDistinct(what: string, ids: readonly string[]): void {
  const seen = new Set<string>();
  const twice = ids.find((id) => seen.size === seen.add(id).size);
  if (twice === undefined) return;
  throw new SisasError("sisas.bad-input", `${what} hold \`${twice}\` twice`, {
    what,
    issues: [{ place: twice, expected: "once" }],
  });
}
