/**
 * Signal coverage: the exact fraction of tasks whose mandatory signals were planned, and were consumed, reaches the
 * threshold. 255/300 reaches 85/100; 254/300 does not.
 *
 * Invariants:
 *   G1. Both fractions are counted again here, from the plan, its artifacts and the outputs; a coverage report that says
 *       otherwise is a violation, whatever it says.
 *
 * @module
 */
import { type Digest, digestJson } from "../digest.ts";
import { compareFractions, type Fraction } from "../fraction.ts";
import type { Task } from "../plan.ts";
import { isConsumedCovered, isPlannedCovered } from "./consumption.ts";
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
  const counted = countCoverage(plan.tasks, policy);
  requireFraction(tally, "planned", coverage.planned, counted.planned, threshold);
  requireFraction(tally, "consumed", coverage.consumed, counted.consumed, threshold);
  return tally.result(coverage);
}

/** The frozen denominator: the digest of the sorted task ids. */
export function coverageDenominatorOf(tasks: readonly string[]): Digest {
  return digestJson([...tasks].sort());
}

function countCoverage(tasks: readonly Task[], policy: PolicyRecord): { planned: Fraction; consumed: Fraction } {
  const denominator = tasks.length;
  let planned = 0;
  let consumed = 0;
  tasks.forEach((task, position) => {
    const output = policy.values[position];
    if (isPlannedCovered(task, policy.artifacts)) planned += 1;
    if (output?.task === task.id && isConsumedCovered(task, output, policy.artifacts)) consumed += 1;
  });
  return { planned: { numerator: planned, denominator }, consumed: { numerator: consumed, denominator } };
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
