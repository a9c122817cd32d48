/**
 * The one error class of this package and its codes.
 *
 * @module
 */

import type { Reason } from "@canonic/contracts";

/** One fault of a file that a person wrote, and where; both count from 1. */
export type FileFault = { readonly line: number; readonly column: number; readonly message: string };

export type OrchestratorErrorDetails = {
  "orchestrator.catalogue-empty": { readonly directory: string };
  "orchestrator.config-not-found": { readonly searched: readonly string[] };
  "orchestrator.config-invalid": { readonly file: string; readonly expected: string };
  "orchestrator.pack-missing": { readonly command: string; readonly package: string };
  "orchestrator.store-missing": { readonly directory: string };
  "orchestrator.keys-invalid": { readonly file: string };
  "orchestrator.file-unreadable": { readonly file: string; readonly system: string };
  "orchestrator.out-not-empty": { readonly directory: string };
  "orchestrator.out-unwritable": { readonly directory: string };
  "orchestrator.run-unknown": { readonly run: string };
  "orchestrator.run-unsealed": { readonly run: string };
  "orchestrator.payload-redacted": { readonly run: string; readonly digest: string };
  "orchestrator.operations-changed": { readonly missing: readonly string[] };
  "orchestrator.document-invalid": { readonly file: string; readonly faults: readonly FileFault[] };
  "orchestrator.request-invalid": { readonly file: string; readonly faults: readonly FileFault[] };
  "orchestrator.plan-invalid": { readonly file: string; readonly expected: string };
  "orchestrator.mode-differs": { readonly planned: string; readonly asked: string };
  "orchestrator.no-live-adapter": { readonly operations: readonly string[] };
  "orchestrator.no-dryrun-adapter": { readonly operations: readonly string[] };
  "orchestrator.run-held": { readonly holder: string; readonly until: string };
  "orchestrator.gate-not-waiting": { readonly run: string; readonly gate: string };
  "orchestrator.approval-unreadable": { readonly file: string };
  "orchestrator.token-unknown": { readonly token: string };
  /** `code` is why: one of authority's. */
  "orchestrator.token-refused": { readonly code: string };
  /** Named as each file names the entry; the version that was asked for may be another. */
  "orchestrator.service-kept-out": {
    readonly service: string;
    readonly entries: readonly { readonly place: string; readonly reasons: readonly Reason[] }[];
  };
  "orchestrator.service-unknown": { readonly service: string };
  "orchestrator.decision-invalid": { readonly file: string; readonly expected: string };
  /** A routed file is larger than anybody verifies. */
  "orchestrator.decision-too-large": { readonly file: string; readonly expected: string };
  "orchestrator.authority-behind": { readonly journaled: number };
  "orchestrator.checkpoint-missing": Record<string, never>;
  "orchestrator.checkpoint-changed": Record<string, never>;
  "orchestrator.stamp-unreachable": { readonly url: string };
  "orchestrator.stamp-refused": { readonly url: string };
  "orchestrator.witness-unreachable": { readonly url: string };
  "orchestrator.witness-refused": { readonly url: string; readonly status: number };
  "orchestrator.witness-ahead": { readonly url: string; readonly size: number };
  "orchestrator.option-invalid": { readonly option: string; readonly expected: string };
};
export type OrchestratorErrorCode = keyof OrchestratorErrorDetails;

/** Thrown when a command cannot be done as asked. Match on `code`; messages may change in any release. */
export class OrchestratorError<Code extends OrchestratorErrorCode = OrchestratorErrorCode> extends Error {
  override readonly name = "OrchestratorError";
  readonly code: Code;
  readonly details: OrchestratorErrorDetails[Code];
  constructor(code: Code, message: string, details: OrchestratorErrorDetails[Code], options?: ErrorOptions) {
    super(message, options);
    this.code = code;
    this.details = details;
  }
}

type AnyOrchestratorError = { [Code in OrchestratorErrorCode]: OrchestratorError<Code> }[OrchestratorErrorCode];

/** True for any copy of OrchestratorError; two installed versions share no class identity. */
export function isOrchestratorError(error: unknown): error is AnyOrchestratorError {
  return error instanceof Error && error.name === "OrchestratorError" && "code" in error;
}
