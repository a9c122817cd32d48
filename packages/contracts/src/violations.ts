/**
 * Violations of the five core contracts, under their own names.
 *
 * @module
 */
import type { CoreContractName } from "./plan.ts";
import type { Reason } from "./verdict.ts";

/** The name of the error that each core contract's violation is thrown as. */
export const VIOLATION_NAMES = {
  cardinality: "CardinalityViolation",
  determinism: "DeterminismViolation",
  provenance: "ProvenanceViolation",
  routing: "RoutingViolation",
  "signal-coverage": "SISASCoverageViolation",
} as const satisfies Record<CoreContractName, string>;

export type ViolationName = (typeof VIOLATION_NAMES)[CoreContractName];
export type ViolationCode = `contracts.${CoreContractName}-violation`;

/** Thrown where a violated core contract must stop the work. Match on `name` or `code`; `reasons` say where. */
export class CoreContractViolation extends Error {
  override readonly name: ViolationName;
  readonly code: ViolationCode;
  readonly contract: CoreContractName;
  readonly reasons: readonly Reason[];
  constructor(contract: CoreContractName, reasons: readonly Reason[]) {
    const [first] = reasons;
    const more = reasons.length > 1 ? ` (and ${reasons.length - 1} more)` : "";
    super(first === undefined ? `${contract} contract violated` : `${first.message}${more}`);
    this.name = VIOLATION_NAMES[contract];
    this.code = `contracts.${contract}-violation`;
    this.contract = contract;
    this.reasons = reasons;
  }
}

/** True for any copy of CoreContractViolation. */
export function isCoreContractViolation(error: unknown): error is CoreContractViolation {
  return (
    error instanceof Error &&
    "code" in error &&
    (Object.values(VIOLATION_NAMES) as string[]).includes(error.name) &&
    "reasons" in error
  );
}
