/**
 * The one error class of this package: what a person gave that cannot be cut, restored or reverted.
 *
 * What stops a run is not here: those are failure modes that the contracts state, in `stop.ts`.
 *
 * @module
 */

/** What each code carries. Codes are stable like an export; messages are not. */
export type DocumentCutterErrorDetails = {
  "document-cutter.no-documents": { readonly given: number };
  "document-cutter.too-many-documents": { readonly given: number; readonly limit: number };
  "document-cutter.name-twice": { readonly name: string };
  "document-cutter.document-unreadable": { readonly name: string };
  "document-cutter.not-markdown": { readonly name: string };
  "document-cutter.database-url": { readonly protocol: string };
  "document-cutter.run-not-revertible": { readonly run: string; readonly reason: "not-a-cut" | "nothing-written" };
  "document-cutter.backup-unreadable": { readonly reason: "format" | "key" };
  "document-cutter.resources-invalid": { readonly place: string };
};
export type DocumentCutterErrorCode = keyof DocumentCutterErrorDetails;

/** Thrown when what a person gave cannot be used. Match on `code`; messages may change in any release. */
export class DocumentCutterError<Code extends DocumentCutterErrorCode = DocumentCutterErrorCode> extends Error {
  override readonly name = "DocumentCutterError";
  readonly code: Code;
  readonly details: DocumentCutterErrorDetails[Code];
  constructor(code: Code, message: string, details: DocumentCutterErrorDetails[Code], options?: ErrorOptions) {
    super(message, options);
    this.code = code;
    this.details = details;
  }
}

type AnyDocumentCutterError = { [Code in DocumentCutterErrorCode]: DocumentCutterError<Code> }[DocumentCutterErrorCode];

/** True for any copy of DocumentCutterError; two installed versions share no class identity. */
export function isDocumentCutterError(error: unknown): error is AnyDocumentCutterError {
  return error instanceof Error && error.name === "DocumentCutterError" && "code" in error;
}

/** A value from outside as it may stand in a message: in backticks, on one line, at most 120 characters. */
export function inBackticks(value: string): string {
  const line = value.replace(/[\p{Cc}\p{Zl}\p{Zp}`]/gu, "?");
  return `\`${line.length > 120 ? `${line.slice(0, 119)}…` : line}\``.toWellFormed();
}
