/**
 * in-toto test-result v0.1 of one core contract of a run.
 *
 * The configuration names what the check looked at, by the digest of the verdict's evidence. Reasons stay in the journal:
 * they can quote a document.
 *
 * @see https://github.com/in-toto/attestation/blob/main/spec/predicates/test-result.md
 * @module
 */
import type { ContractVerdict } from "@canonic/contracts";
import { artifactPath, PLAN } from "../bundle-layout.ts";
import { resourceOf, writeStatement } from "./in-toto.ts";
import type { StatementRecord } from "./record.ts";
import { runUri, subjectsOf } from "./subjects.ts";

const PREDICATE = "https://in-toto.io/attestation/test-result/v0.1";

export function testResultOf(record: StatementRecord, verdict: ContractVerdict): Uint8Array {
  const { contract, evidence } = verdict;
  const isPassed = verdict.verdict === "satisfied";
  return writeStatement(subjectsOf(record), PREDICATE, {
    result: isPassed ? "PASSED" : "FAILED",
    configuration: [resourceOf(PLAN, record.begun.data.plan), resourceOf(artifactPath(evidence), evidence)],
    url: runUri(record),
    passedTests: isPassed ? [contract] : [],
    warnedTests: [],
    failedTests: isPassed ? [] : [contract],
  });
}
