/**
 * The one error class of this package and its codes.
 *
 * @module
 */

/** What each code carries. Codes are stable like an export; messages are not. */
export type SisasErrorDetails = {
  "sisas.bad-input": {
    readonly what: string;
    readonly issues: readonly { readonly place: string; readonly expected: string }[];
  };
  "sisas.foreign-annotation": { readonly pattern: string; readonly start: number; readonly end: number };
  "sisas.nothing-consumed": { readonly annotations: number };
  "sisas.manifest-invalid": { readonly issues: readonly { readonly place: string; readonly expected: string }[] };
  "sisas.empty-denominator": Readonly<Record<never, never>>;
  "sisas.unknown-question": { readonly task: string; readonly question: string };
  "sisas.contracts-conflict": { readonly issues: readonly { readonly place: string; readonly expected: string }[] };
};
export type SisasErrorCode = keyof SisasErrorDetails;

/** Thrown when what was given to this package is not what its contract says. Match on `code`; messages may change. */
export class SisasError<Code extends SisasErrorCode = SisasErrorCode> extends Error {
  override readonly name = "SisasError";
  readonly code: Code;
  readonly details: SisasErrorDetails[Code];
  constructor(code: Code, message: string, details: SisasErrorDetails[Code], options?: ErrorOptions) {
    super(message, options);
    this.code = code;
    this.details = details;
  }
}

type AnySisasError = { [Code in SisasErrorCode]: SisasError<Code> }[SisasErrorCode];

/** True for any copy of SisasError; two installed versions share no class identity. */
export function isSisasError(error: unknown): error is AnySisasError {
  return error instanceof Error && error.name === "SisasError" && "code" in error;
}
