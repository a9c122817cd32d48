/**
 * The one error class of this package and its codes.
 *
 * Messages are one line of ours: they name the document and what was expected, and never carry the text of a
 * library's exception.
 *
 * @module
 */

/** What each code carries. Codes are stable like an export; messages are not. */
export type PolicyAnalysisErrorDetails = {
  "policy-analysis.document-empty": { readonly name: string; readonly missing: "bytes" | "text" };
  "policy-analysis.document-unreadable": { readonly name: string };
  "policy-analysis.document-too-large": {
    readonly name: string;
    readonly measure: "bytes" | "pages" | "text-bytes";
    readonly found: number;
    readonly limit: number;
  };
  "policy-analysis.document-encoding": { readonly name: string; readonly offset: number; readonly found: string };
  "policy-analysis.document-binary": { readonly name: string; readonly offset: number };
  "policy-analysis.document-unsupported": { readonly name: string; readonly format: string };
  "policy-analysis.document-encrypted": { readonly name: string };
  "policy-analysis.document-truncated": { readonly name: string; readonly sizeBytes: number };
  "policy-analysis.document-damaged": { readonly name: string; readonly page: number | null };
  "policy-analysis.document-image-only": { readonly name: string; readonly pages: number };
  "policy-analysis.document-garbled": {
    readonly name: string;
    readonly unreadable: number;
    readonly characters: number;
  };
  "policy-analysis.document-too-deep": { readonly name: string; readonly depthMax: number };
  "policy-analysis.language-undetected": {
    readonly name: string;
    readonly words: number;
    readonly english: number;
    readonly spanish: number;
  };
  "policy-analysis.default-document-missing": { readonly package: string };
  "policy-analysis.task-refused": {
    readonly question: string;
    readonly failure: string;
    readonly condition: "chunk-digest-mismatch" | "signal-missing" | "signal-invalid" | "language-mismatch";
    readonly place: string;
  };
};
export type PolicyAnalysisErrorCode = keyof PolicyAnalysisErrorDetails;

/** Thrown when a document or request cannot be analysed. Match on `code`; messages may change in any release. */
export class PolicyAnalysisError<Code extends PolicyAnalysisErrorCode = PolicyAnalysisErrorCode> extends Error {
  override readonly name = "PolicyAnalysisError";
  readonly code: Code;
  readonly details: PolicyAnalysisErrorDetails[Code];
  constructor(code: Code, message: string, details: PolicyAnalysisErrorDetails[Code], options?: ErrorOptions) {
    super(message, options);
    this.code = code;
    this.details = details;
  }
}

type AnyPolicyAnalysisError = { [Code in PolicyAnalysisErrorCode]: PolicyAnalysisError<Code> }[PolicyAnalysisErrorCode];

/** True for any copy of PolicyAnalysisError; two installed versions share no class identity. */
export function isPolicyAnalysisError(error: unknown): error is AnyPolicyAnalysisError {
  return error instanceof Error && error.name === "PolicyAnalysisError" && "code" in error;
}

/** A value from outside as it may stand in a message: in backticks, on one line, at most 120 characters. */
export function inBackticks(value: string): string {
  const line = value.replace(/[\p{Cc}\p{Zl}\p{Zp}`]/gu, "?");
  return `\`${line.length > 120 ? `${line.slice(0, 119)}…` : line}\``.toWellFormed();
}
