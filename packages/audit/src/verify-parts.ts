/**
 * What is checked of a bundle beside its events, outputs and files, in order.
 *
 * @module
 */
import { provenanceReader } from "./lineage/export-lineage.ts";
import { sealProofReader } from "./seal-proof.ts";
import { statementReader } from "./statements/verify-statements.ts";
import { authorityReader } from "./verify-authority.ts";
import { verifyBound } from "./verify-bound.ts";
import { certificatesReader } from "./verify-certificates.ts";
import type { OpeningPart, ReaderPart, VerifyPart } from "./verify-context.ts";
import { verifyContracts } from "./verify-contracts.ts";
import { verifyDocument } from "./verify-document.ts";
import { verifyLogEvents } from "./verify-log-events.ts";
import { momentReader } from "./verify-moment.ts";
import { outputArtifacts } from "./verify-outputs.ts";
import { checkOrphans } from "./verify-plan.ts";
import { verifyRedacted } from "./verify-redacted.ts";
import { routesReader } from "./verify-routes.ts";
import { startReader } from "./verify-start.ts";
import { verifyWitnesses } from "./verify-witnesses.ts";

/** Before the plan is read: what the log's own chain says of the run. */
export const OPENING_PARTS: readonly OpeningPart[] = [verifyLogEvents, verifyWitnesses];

/** What passes over the events; each sees all of them once. */
export const READER_PARTS: readonly ReaderPart[] = [
  momentReader,
  startReader,
  authorityReader,
  routesReader,
  sealProofReader,
  certificatesReader,
  provenanceReader,
  statementReader,
];

/** With everything read. */
export const VERIFY_PARTS: readonly VerifyPart[] = [
  ({ planned, facts, findings }) =>
    checkOrphans(planned, [...facts.named, ...outputArtifacts(planned.plan, facts)], findings),
  ({ planned, facts, outputs, salts, findings }) => verifyBound(planned, facts, outputs, salts, findings),
  ({ planned, document, findings }) => verifyDocument(planned, document, findings),
  (context) => verifyContracts(context, context.findings),
  verifyRedacted,
  // What is derived from the record.
  // What is said about the run by others.
];
