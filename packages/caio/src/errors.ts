/**
 * The one error class of this package and its codes.
 *
 * @module
 */

type Issues = { readonly issues: readonly { readonly pointer: string; readonly expected: string }[] };

/** What each code carries; never a request's text, a credential or foreign text. Codes are stable like an export; messages are not. */
export type CaioErrorDetails = {
  /** `place` is a line or a pointer, empty for the whole file. */
  "caio.catalogue-invalid": { readonly name: string; readonly place: string; readonly expected: string };
  "caio.request-invalid": Issues;
  /** `services` is how many the snapshot has. */
  "caio.service-unknown": { readonly services: number };
  "caio.world-invalid": Issues & { readonly part: string };
  "caio.composition-invalid": { readonly kind: string };
  /** Places count from 1; `fault` completes "is not …". */
  "caio.policy-invalid": {
    readonly source: string;
    readonly policy: string | null;
    readonly line: number | null;
    readonly column: number | null;
    readonly fault: string;
  };
  /** Places count from 1; `expected` completes "is not …". */
  "caio.rule-invalid": {
    readonly faults: readonly {
      readonly rule: string;
      readonly field: "when" | "require" | "forbid";
      readonly line: number;
      readonly column: number;
      readonly expected: string;
    }[];
  };
};
export type CaioErrorCode = keyof CaioErrorDetails;

/** Thrown when a request, a world, a rule or a catalogue cannot be read, or a service cannot be called. Match on `code`. */
export class CaioError<Code extends CaioErrorCode = CaioErrorCode> extends Error {
  override readonly name = "CaioError";
  readonly code: Code;
  readonly details: CaioErrorDetails[Code];
  constructor(code: Code, message: string, details: CaioErrorDetails[Code], options?: ErrorOptions) {
    super(message, options);
    this.code = code;
    this.details = details;
  }
}

type AnyCaioError = { [Code in CaioErrorCode]: CaioError<Code> }[CaioErrorCode];

/** True for any copy of CaioError; two installed versions share no class identity. */
export function isCaioError(error: unknown): error is AnyCaioError {
  return error instanceof Error && error.name === "CaioError" && "code" in error;
}
