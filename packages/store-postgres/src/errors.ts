/**
 * The one error class of this package and its codes.
 *
 * Invariants:
 *   E1. No error holds a connection string, a part of one, or a sentence of the server or the driver: they can hold
 *       passwords, hosts and values. SQLSTATE and the system's error name are all that passes, and there is no `cause`.
 *
 * @see https://www.postgresql.org/docs/current/errcodes-appendix.html
 * @module
 */

type Foreign = { readonly sqlState: string | null; readonly system: string | null };

/** What each code carries. Codes are stable like an export; messages are not. */
export type StorePostgresErrorDetails = {
  "store-postgres.bad-connection-string": Record<string, never>;
  "store-postgres.bad-schema-name": { readonly schema: string };
  "store-postgres.open-failed": Foreign;
  "store-postgres.not-durable": { readonly setting: string };
  "store-postgres.not-found": { readonly schema: string };
  "store-postgres.not-a-store": { readonly schema: string };
  "store-postgres.newer-schema": { readonly found: number; readonly supported: number };
  "store-postgres.log-missing": { readonly schema: string };
  "store-postgres.locked": { readonly schema: string };
  "store-postgres.lock-lost": Foreign;
  "store-postgres.fenced": { readonly fence: number };
  "store-postgres.connection-lost": Foreign;
  "store-postgres.busy": Foreign;
  "store-postgres.query-failed": Foreign;
  "store-postgres.checkpoint-failed": { readonly system: string | null };
  "store-postgres.size-conflict": { readonly expected: number; readonly found: number };
  "store-postgres.quarantine-mismatch": { readonly digest: string };
};
export type StorePostgresErrorCode = keyof StorePostgresErrorDetails;

/** Thrown when the store cannot be opened, read or written. Match on `code`; messages may change in any release. */
export class StorePostgresError<Code extends StorePostgresErrorCode = StorePostgresErrorCode> extends Error {
  override readonly name = "StorePostgresError";
  readonly code: Code;
  readonly details: StorePostgresErrorDetails[Code];
  constructor(code: Code, message: string, details: StorePostgresErrorDetails[Code]) {
    super(message);
    this.code = code;
    this.details = details;
  }
}

type AnyStorePostgresError = { [Code in StorePostgresErrorCode]: StorePostgresError<Code> }[StorePostgresErrorCode];

/** True for any copy of StorePostgresError; two installed versions share no class identity. */
export function isStorePostgresError(error: unknown): error is AnyStorePostgresError {
  return error instanceof Error && error.name === "StorePostgresError" && "code" in error;
}

/** The SQLSTATE of what a server answered, or the system's name of what went wrong on the way to it. */
export function foreignOf(cause: unknown): Foreign {
  const { code, severity } = (cause ?? {}) as { code?: unknown; severity?: unknown };
  if (typeof code !== "string") return { sqlState: null, system: null };
  if (severity !== undefined) return { sqlState: /^[0-9A-Z]{5}$/.test(code) ? code : null, system: null };
  return { sqlState: null, system: /^E[A-Z0-9_]{1,30}$/.test(code) ? code : null };
}
