/**
 * The five core contracts over one run's record, in the order that its plan lists them.
 *
 * @module
 */
import type { CoreContractName } from "../plan.ts";
import { checkCardinality } from "./cardinality.ts";
import { checkDeterminism } from "./determinism.ts";
import { checkProvenance } from "./provenance.ts";
import type { RunRecord } from "./record.ts";
import { checkRouting } from "./routing.ts";
import { checkSignalCoverage } from "./signal-coverage.ts";
import type { CoreContractResult } from "./tally.ts";

const checks: { readonly [Name in CoreContractName]: (record: RunRecord) => CoreContractResult } = {
  cardinality: checkCardinality,
  determinism: checkDeterminism,
  provenance: checkProvenance,
  routing: checkRouting,
  "signal-coverage": checkSignalCoverage,
};

/** One result for each contract of `plan.expect.contracts`. Pure: equal records give equal results. */
export function checkCoreContracts(record: RunRecord): CoreContractResult[] {
  return record.plan.expect.contracts.map((name) => checks[name](record));
}
