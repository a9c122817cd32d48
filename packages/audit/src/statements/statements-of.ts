/**
 * All statements about a sealed run, in order: provenance, a test result per core contract, a summary per ACTIVE certificate.
 *
 * Invariants:
 *   S1. Pure: equal records give equal bytes (R1 of record.ts), in the order of the journal and of the certificates.
 *   S2. A certificate that is PENDING or REVOKED has no statement: a summary that says FAILED would say more than is known.
 *
 * @module
 */
import { provenanceOf } from "./provenance.ts";
import type { StatementRecord } from "./record.ts";
import { testResultOf } from "./test-result.ts";
import { verificationSummaryOf } from "./verification-summary.ts";

export interface RunStatement {
  /** Where the bundle has it. */
  readonly path: string;
  /** The in-toto statement: what the DSSE envelope holds. */
  readonly payload: Uint8Array;
}

const FOLDER = "statements/";
const SUFFIX = ".sigstore.json";

export function statementsOf(record: StatementRecord): readonly RunStatement[] {
  const provenance = provenanceOf(record);
  const active = record.certificates.filter(({ status }) => status === "ACTIVE");
  const named = [
    { name: "provenance", payload: provenance },
    ...record.verdicts.map((verdict) => {
      return { name: `test-result-${verdict.contract}`, payload: testResultOf(record, verdict) };
    }),
    ...active.map((certificate) => {
      const payload = verificationSummaryOf(record, certificate, provenance);
      return { name: `vsa-${certificate.id.toLowerCase()}`, payload };
    }),
  ];
  return named.map(({ name, payload }, at) => {
    return { path: `${FOLDER}${at.toString().padStart(2, "0")}-${name}${SUFFIX}`, payload };
  });
}

/** True for the paths that this format keeps for statements. */
export function isStatementPath(path: string): boolean {
  return path.startsWith(FOLDER);
}
