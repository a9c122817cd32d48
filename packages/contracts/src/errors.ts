/**
 * The one error class of this package and its codes.
 *
 * @module
 */

/** What each code carries. Codes are stable like an export; messages are not. */
export type ContractsErrorDetails = {
  "contracts.not-json": { readonly pointer: string; readonly found: string };
  "contracts.not-canonical": { readonly offset: number };
  "contracts.bad-digest": { readonly found: string };
  "contracts.bad-salt-key": { readonly expectedBytes: number; readonly foundBytes: number };
  "contracts.bad-fraction": { readonly numerator: string; readonly denominator: string };
  "contracts.schema-mismatch": {
    readonly schema: string;
    readonly issues: readonly { readonly pointer: string; readonly expected: string }[];
  };
  /** `pointer` is the place in the schema, where one place is to blame. */
  "contracts.bad-schema": { readonly reason: string; readonly pointer?: string };
  "contracts.bad-pattern": { readonly reason: string };
  "contracts.config-invalid": {
    readonly issues: readonly { readonly key: string; readonly origin: string; readonly expected: string }[];
  };
};
export type ContractsErrorCode = keyof ContractsErrorDetails;

/** Thrown when a value is not what its contract says. Match on `code`; messages may change in any release. */
export class ContractsError<Code extends ContractsErrorCode = ContractsErrorCode> extends Error {
  override readonly name = "ContractsError";
  readonly code: Code;
  readonly details: ContractsErrorDetails[Code];
  constructor(code: Code, message: string, details: ContractsErrorDetails[Code], options?: ErrorOptions) {
    super(message, options);
    this.code = code;
    this.details = details;
  }
}

type AnyContractsError = { [Code in ContractsErrorCode]: ContractsError<Code> }[ContractsErrorCode];

/** True for any copy of ContractsError; two installed versions share no class identity. */
export function isContractsError(error: unknown): error is AnyContractsError {
  return error instanceof Error && error.name === "ContractsError" && "code" in error;
}
