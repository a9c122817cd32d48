/**
 * Signal coverage: the exact fraction of tasks whose mandatory signals were planned, and were consumed, reaches the
 * threshold. 255/300 reaches 85/100; 254/300 does not.
 *
 * @module
 */
import { digestJson } from "../digest.ts";
import { compareFractions, type Fraction } from "../fraction.ts";
import type { ContractVerdict } from "../verdict.ts";
import type { RunRecord } from "./record.ts";
import { Tally } from "./tally.ts";

export function checkSignalCoverage(record: Pick<RunRecord, "plan" | "policy">): ContractVerdict {
  const { plan, policy } = record;
  const tally = new Tally("signal-coverage");
  const threshold = plan.expect.coverage;
  if (policy === undefined || threshold === null) return tally.verdict(null);
  const { coverage } = policy;
  if (coverage.denominator !== coverageDenominatorOf(plan.tasks.map(({ id }) => id))) {
    tally.violate("denominator-changed", "denominator", "coverage was counted over other tasks than the plan's");
  }
  requireFraction(tally, "planned", coverage.planned, threshold, plan.tasks.length);
  requireFraction(tally, "consumed", coverage.consumed, threshold, plan.tasks.length);
  return tally.verdict(coverage);
}

/** The frozen denominator: the digest of the sorted task ids. */
export function coverageDenominatorOf(tasks: readonly string[]) {
  return digestJson([...tasks].sort());
}

function requireFraction(tally: Tally, which: string, found: Fraction, threshold: Fraction, tasks: number): void {
  tally.check();
  const shown = `${found.numerator}/${found.denominator}`;
  if (found.denominator !== tasks) {
    tally.violate(
      `${which}-denominator`,
      which,
      `${which} coverage ${shown} is not counted over the ${tasks} tasks of the plan`,
    );
  }
  if (compareFractions(found, threshold) < 0) {
    const message = `${which} coverage ${shown} is under ${threshold.numerator}/${threshold.denominator}`;
    tally.violate(`${which}-coverage`, which, message);
  }
}
