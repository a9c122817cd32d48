/**
 * Signal coverage: the exact fraction of tasks whose mandatory signals were planned, and were consumed, reaches the
 * threshold. 255/300 reaches 85/100; 254/300 does not.
 *
 * Invariants:
 *   G1. The report is counted again here, from the plan, its artifacts and the outputs, and what differs is a violation:
 *       both fractions, their least by area and by dimension, how many signals were declared, wired, fresh and consumed,
 *       and how many gaps there are. `emitted`, `valid` and `decisive` are held to their neighbours only: what was never
 *       handed to a task, and what would have followed without a signal, is not in the record. Nor is a gap's reason.
 *   G2. An output shows consumption only of signals that its task was given, each once, each proven.
 *
 * @module
 */
import type { Coverage } from "../coverage.ts";
import { type Digest, digestJson } from "../digest.ts";
import { compareFractions, type Fraction } from "../fraction.ts";
import type { Output } from "../output.ts";
import type { Task } from "../plan.ts";
import { givenSignals, isProofOf, type NeedState, needStatesOf } from "./consumption.ts";
import type { PolicyRecord, RunRecord } from "./record.ts";
import { type CoreContractResult, Tally } from "./tally.ts";

export function checkSignalCoverage(record: Pick<RunRecord, "plan" | "policy">): CoreContractResult {
  const { plan, policy } = record;
  const tally = new Tally("signal-coverage");
  const threshold = plan.expect.coverage;
  if (policy === undefined || threshold === null) return tally.result(null);
  const { coverage } = policy;
  if (coverage.denominator !== coverageDenominatorOf(plan.tasks.map(({ id }) => id))) {
    tally.violate("denominator-changed", "denominator", "coverage was counted over other tasks than the plan's");
  }
  const rows = plan.tasks.map((task, position) => rowOf(task, policy.values[position], policy));
  const counted = shareOf(rows);
  requireFraction(tally, "planned", coverage.planned, counted.planned, threshold);
  requireFraction(tally, "consumed", coverage.consumed, counted.consumed, threshold);
  checkMinimum(
    tally,
    "area",
    coverage.minimumByArea,
    groupsOf(rows, ({ area }) => area),
  );
  checkMinimum(
    tally,
    "dimension",
    coverage.minimumByDimension,
    groupsOf(rows, ({ dimension }) => dimension),
  );
  checkFunnel(tally, coverage, rows);
  plan.tasks.forEach((task, position) => {
    const output = policy.values[position];
    if (output?.task === task.id) checkConsumptions(tally, task, output, policy);
  });
  return tally.result(coverage);
}

/** The frozen denominator: the digest of the sorted task ids. */
export function coverageDenominatorOf(tasks: readonly string[]): Digest {
  return digestJson([...tasks].sort());
}

/** One task: its cell, and what became of its needs. */
type Row = {
  readonly area: string;
  readonly dimension: string;
  readonly needs: readonly NeedState[];
  readonly binding: Task["binding"];
};
type Share = { readonly planned: Fraction; readonly consumed: Fraction };

function rowOf(task: Task, output: Output | undefined, { artifacts }: PolicyRecord): Row {
  const [area = "", dimension = ""] = task.binding?.chunk.split("-") ?? [];
  const own = output?.task === task.id ? output : undefined;
  return { area, dimension, needs: needStatesOf(task, own, artifacts) ?? [], binding: task.binding };
}

/** A task that asks for nothing, or whose question is not there, has nothing shown: it is not covered. */
function shareOf(rows: readonly Row[]): Share {
  const denominator = rows.length;
  const count = (holds: (state: NeedState) => boolean) =>
    rows.filter(({ needs }) => needs.length > 0 && needs.every(holds)).length;
  return {
    planned: { numerator: count(({ bound }) => bound), denominator },
    consumed: { numerator: count(({ consumed }) => consumed), denominator },
  };
}

function groupsOf(rows: readonly Row[], keyOf: (row: Row) => string): readonly Share[] {
  const groups = new Map<string, Row[]>();
  for (const row of rows) groups.set(keyOf(row), [...(groups.get(keyOf(row)) ?? []), row]);
  return [...groups.values()].map(shareOf);
}

/** The share said must be that of a group, and no group may have less. */
function checkMinimum(tally: Tally, by: string, said: Share, groups: readonly Share[]): void {
  for (const which of ["planned", "consumed"] as const) {
    tally.check();
    const { numerator, denominator } = said[which];
    const all = groups.map((share) => share[which]);
    const isOne = all.some((share) => share.numerator === numerator && share.denominator === denominator);
    if (isOne && all.every((share) => compareFractions(share, said[which]) >= 0)) continue;
    const message = `the least ${which} coverage of a ${by} is reported as ${numerator}/${denominator}, which it is not`;
    tally.violate(`minimum-by-${by}-miscounted`, which, message);
  }
}

function checkFunnel(tally: Tally, { funnel, gaps }: Coverage, rows: readonly Row[]): void {
  const chunksOf = new Map<string, Set<Digest>>();
  for (const { binding } of rows)
    if (binding !== null)
      chunksOf.set(binding.chunk, (chunksOf.get(binding.chunk) ?? new Set()).add(binding.chunkDigest));
  // A cell with two chunks is wired to neither.
  const isWired = ({ binding }: Row) => binding !== null && chunksOf.get(binding.chunk)?.size === 1;
  const total = (of: (row: Row) => number) => rows.reduce((sum, row) => sum + of(row), 0);
  const counted = {
    declared: total(({ needs }) => needs.length),
    wired: total((row) => (isWired(row) ? row.needs.length : 0)),
    fresh: total(({ needs }) => needs.filter(({ bound }) => bound).length),
    consumed: total(({ needs }) => needs.filter(({ consumed }) => consumed).length),
  };
  for (const stage of ["declared", "wired", "fresh", "consumed"] as const) {
    tally.check();
    if (funnel[stage] === counted[stage]) continue;
    const message = `${funnel[stage]} signals are reported as ${stage}, ${counted[stage]} are counted`;
    tally.violate("funnel-miscounted", stage, message);
  }
  tally.check();
  const { wired, emitted, valid, fresh, consumed, decisive } = funnel;
  if (wired < emitted || emitted < valid || valid < fresh || (decisive !== null && decisive > consumed))
    tally.violate("funnel-miscounted", "funnel", "a later stage of the funnel is wider than an earlier one");
  tally.check();
  const lost = counted.declared - counted.consumed;
  if (gaps.length !== lost)
    tally.violate("gaps-miscounted", "gaps", `${gaps.length} gaps are reported, ${lost} signals were lost`);
}

/** Every consumption that an output shows is a proof over a signal that its task was given, and each signal's only one. */
function checkConsumptions(tally: Tally, task: Task, output: Output, { artifacts }: PolicyRecord): void {
  const given = givenSignals(task, artifacts);
  const seen = new Set<Digest>();
  for (const consumption of output.signals) {
    tally.check();
    const signal = given.get(consumption.signal);
    if (seen.has(consumption.signal))
      tally.violate("consumption-repeated", output.question, "the output shows twice that it read one signal");
    seen.add(consumption.signal);
    if (signal === undefined)
      tally.violate("signal-not-given", output.question, "the output says that it read a signal that it was not given");
    else if (!isProofOf(consumption, signal, consumption.signal))
      tally.violate("consumption-unproven", output.question, `the consumption of \`${signal.kind}\` proves nothing`);
  }
}

function requireFraction(tally: Tally, which: string, said: Fraction, counted: Fraction, threshold: Fraction): void {
  tally.check();
  const shown = `${counted.numerator}/${counted.denominator}`;
  if (said.numerator !== counted.numerator || said.denominator !== counted.denominator) {
    const message = `${which} coverage is reported as ${said.numerator}/${said.denominator} and counted as ${shown}`;
    tally.violate(`${which}-miscounted`, which, message);
  }
  if (compareFractions(counted, threshold) < 0) {
    const message = `${which} coverage ${shown} is under ${threshold.numerator}/${threshold.denominator}`;
    tally.violate(`${which}-coverage`, which, message);
  }
}
