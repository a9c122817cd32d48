/**
 * The one error class of this package and its codes.
 *
 * @module
 */

type Issues = { readonly issues: readonly { readonly pointer: string; readonly expected: string }[] };

/** What each code carries; never a token, a key or foreign text. Codes are stable like an export; messages are not. */
export type AuthorityErrorDetails = {
  "authority.claims-invalid": Issues;
  "authority.input-invalid": Issues;
  "authority.key-invalid": { readonly fault: string };
  /** `since` is when the store was halted. */
  "authority.halted-meanwhile": { readonly since: string };
  "authority.trust-invalid": Issues;
  /** `place` is the part of the token that is not as it must be. */
  "authority.token-invalid": { readonly place: string };
  "authority.not-contained": { readonly axes: readonly string[] };
  /** Line and column count from 1, columns in characters; null where the fault has no place. */
  "authority.policy-invalid": {
    readonly source: string;
    readonly policy: string | null;
    readonly line: number | null;
    readonly column: number | null;
    readonly fault: string;
  };
};
export type AuthorityErrorCode = keyof AuthorityErrorDetails;

/** Thrown when a token, approval, key, policy or order cannot be made or read. Match on `code`; messages may change in any release. */
export class AuthorityError<Code extends AuthorityErrorCode = AuthorityErrorCode> extends Error {
  override readonly name = "AuthorityError";
  readonly code: Code;
  readonly details: AuthorityErrorDetails[Code];
  constructor(code: Code, message: string, details: AuthorityErrorDetails[Code], options?: ErrorOptions) {
    super(message, options);
    this.code = code;
    this.details = details;
  }
}

type AnyAuthorityError = { [Code in AuthorityErrorCode]: AuthorityError<Code> }[AuthorityErrorCode];

/** True for any copy of AuthorityError; two installed versions share no class identity. */
export function isAuthorityError(error: unknown): error is AnyAuthorityError {
  return error instanceof Error && error.name === "AuthorityError" && "code" in error;
}
