/**
 * The one error class of this package and its codes.
 *
 * @module
 */

/** What each code carries. Codes are stable like an export; messages are not. */
export type AuditErrorDetails = {
  "audit.event-invalid": { readonly issues: readonly { readonly pointer: string; readonly expected: string }[] };
  "audit.leaf-too-large": { readonly sizeBytes: number; readonly sizeBytesMax: number };
  "audit.payload-mismatch": { readonly claimed: string };
  "audit.payload-missing": { readonly digest: string };
  "audit.tail-unmarked": { readonly size: number };
  "audit.payload-redacted": { readonly digest: string };
  "audit.redaction-refused": { readonly digest: string; readonly because: string };
  "audit.poisoned": { readonly cause: string };
  "audit.closed": Record<string, never>;
  "audit.buffer-full": { readonly eventsMax: number };
  "audit.run-not-open": { readonly run: string };
  "audit.run-unknown": { readonly run: string };
  "audit.run-sealed": { readonly run: string };
  "audit.run-not-sealed": { readonly run: string };
  "audit.entry-twice": { readonly run: string };
  "audit.run-start": { readonly run: string; readonly expected: string };
  "audit.chain-foreign": { readonly chain: string; readonly type: string };
  "audit.size-conflict": { readonly expected: number; readonly found: number };
  "audit.write-failed": { readonly operation: string };
  "audit.log-damaged": { readonly index: number; readonly fault: string };
  "audit.log-behind-checkpoint": { readonly size: number; readonly checkpointSize: number };
  "audit.checkpoint-missing": { readonly size: number };
  "audit.checkpoint-mismatch": { readonly size: number };
  "audit.checkpoint-invalid": { readonly fault: string };
  "audit.checkpoint-conflict": { readonly size: number };
  "audit.note-invalid": { readonly fault: string };
  "audit.tlog-proof-invalid": { readonly fault: string };
  "audit.stamp-invalid": { readonly fault: string };
  "audit.policy-invalid": { readonly line: number; readonly expected: string };
  "audit.key-invalid": { readonly fault: string };
  "audit.key-not-in-force": { readonly origin: string };
  "audit.proof-range": { readonly index: number; readonly size: number };
  "audit.bundle-path": { readonly path: string };
  "audit.bundle-exists": { readonly path: string };
  "audit.moment-invalid": { readonly expected: string };
  "audit.tar-invalid": { readonly offset: number; readonly fault: string };
  "audit.archive-empty": { readonly from: number; readonly to: number };
  "audit.bundle-too-large": { readonly path: string };
  "audit.bundle-incomplete": { readonly missing: string };
  "audit.entry-invalid": { readonly expected: string };
  "audit.graph-invalid": { readonly fault: string };
  "audit.graph-cycle": { readonly blocked: readonly string[] };
  "audit.lineage-unreadable": { readonly place: string; readonly expected: string };
  "audit.trust-invalid": { readonly issues: readonly { readonly pointer: string; readonly expected: string }[] };
};
export type AuditErrorCode = keyof AuditErrorDetails;

/** Thrown when evidence cannot be written, read or kept. Match on `code`; messages may change in any release. */
export class AuditError<Code extends AuditErrorCode = AuditErrorCode> extends Error {
  override readonly name = "AuditError";
  readonly code: Code;
  readonly details: AuditErrorDetails[Code];
  constructor(code: Code, message: string, details: AuditErrorDetails[Code], options?: ErrorOptions) {
    super(message, options);
    this.code = code;
    this.details = details;
  }
}

type AnyAuditError = { [Code in AuditErrorCode]: AuditError<Code> }[AuditErrorCode];

/** True for any copy of AuditError; two installed versions share no class identity. */
export function isAuditError(error: unknown): error is AnyAuditError {
  return error instanceof Error && error.name === "AuditError" && "code" in error;
}
