/**
 * The threshold: 255 of 300 reaches 85/100, 254 does not, and nothing counted never does.
 *
 * @module
 */
import {
  CoreContractViolation,
  type Coverage,
  compareFractions,
  type Fraction,
  type Reason,
  type Verdict,
} from "@canonic/contracts";

/** The threshold that the pipeline promises, as an exact fraction. */
export const COVERAGE_THRESHOLD: Fraction = Object.freeze({ numerator: 85, denominator: 100 });

/** `planned` alone is what can be asked before a run. */
export type CoverageDemand = "planned" | "planned-and-consumed";

/**
 * Holds coverage against a threshold, exactly.
 *
 * @param coverage - Null when nothing was counted: a refusal.
 * @returns A refusal names each fraction that falls short.
 */
export function requireCoverage(
  coverage: Pick<Coverage, "planned" | "consumed"> | null,
  threshold: Fraction = COVERAGE_THRESHOLD,
  demand: CoverageDemand = "planned-and-consumed",
): Verdict {
  const rules = [`signal-coverage >= ${threshold.numerator}/${threshold.denominator}`];
  const reasons: Reason[] = [];
  for (const which of demand === "planned" ? (["planned"] as const) : (["planned", "consumed"] as const)) {
    const counted = coverage?.[which];
    if (counted === undefined || counted.denominator < 1) {
      reasons.push({
        code: "sisas.nothing-counted",
        place: which,
        message: `${which} coverage was counted over nothing`,
      });
    } else if (compareFractions(counted, threshold) < 0) {
      const message = `${which} coverage ${counted.numerator}/${counted.denominator} is under ${threshold.numerator}/${threshold.denominator}`;
      reasons.push({ code: `sisas.${which}-coverage`, place: which, message });
    }
  }
  return reasons.length === 0 ? { kind: "allow", rules } : { kind: "refuse", rules, reasons };
}

/**
 * {@link requireCoverage} for callers that must stop.
 *
 * @throws {CoreContractViolation} named `SISASCoverageViolation`.
 */
export function assertCoverage(...demanded: Parameters<typeof requireCoverage>): void {
  const verdict = requireCoverage(...demanded);
  if (verdict.kind === "refuse") throw new CoreContractViolation("signal-coverage", verdict.reasons);
}
