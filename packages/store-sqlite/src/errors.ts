/**
 * The one error class of this package and its codes.
 *
 * @module
 */

/** What each code carries. Codes are stable like an export; messages are not. `sqlite` is SQLite's extended result code. */
export type StoreSqliteErrorDetails = {
  "store-sqlite.locked": { readonly directory: string };
  "store-sqlite.busy": { readonly sqlite: number | null; readonly system: string | null };
  "store-sqlite.log-missing": { readonly directory: string };
  "store-sqlite.authority-missing": { readonly directory: string };
  "store-sqlite.services-missing": { readonly directory: string };
  "store-sqlite.not-found": { readonly directory: string };
  "store-sqlite.not-a-store": { readonly directory: string };
  "store-sqlite.newer-schema": { readonly found: number; readonly supported: number };
  "store-sqlite.open-failed": { readonly sqlite: number | null; readonly system: string | null };
  "store-sqlite.read-failed": { readonly sqlite: number | null; readonly system: string | null };
  "store-sqlite.write-failed": { readonly sqlite: number | null; readonly system: string | null };
  "store-sqlite.size-conflict": { readonly expected: number; readonly found: number };
  "store-sqlite.quarantine-mismatch": { readonly digest: string };
};
export type StoreSqliteErrorCode = keyof StoreSqliteErrorDetails;

/** Thrown when the store cannot be opened, read or written. Match on `code`; messages may change in any release. */
export class StoreSqliteError<Code extends StoreSqliteErrorCode = StoreSqliteErrorCode> extends Error {
  override readonly name = "StoreSqliteError";
  readonly code: Code;
  readonly details: StoreSqliteErrorDetails[Code];
  constructor(code: Code, message: string, details: StoreSqliteErrorDetails[Code], options?: ErrorOptions) {
    super(message, options);
    this.code = code;
    this.details = details;
  }
}

type AnyStoreSqliteError = { [Code in StoreSqliteErrorCode]: StoreSqliteError<Code> }[StoreSqliteErrorCode];

/** True for any copy of StoreSqliteError; two installed versions share no class identity. */
export function isStoreSqliteError(error: unknown): error is AnyStoreSqliteError {
  return error instanceof Error && error.name === "StoreSqliteError" && "code" in error;
}

/** The primary result code of a lock that another connection holds. */
export const SQLITE_BUSY = 5;

/** True for what `node:sqlite` throws: SQLite's own failures, and calls that Node refuses. */
export function isOfSqlite(cause: unknown): boolean {
  const { code } = (cause ?? {}) as { code?: unknown };
  return typeof code === "string" && code.startsWith("ERR_");
}

/** The numbers and names that SQLite and the system give; their sentences can hold paths and values, and stay out. */
export function causeOf(cause: unknown): { readonly sqlite: number | null; readonly system: string | null } {
  const fields = (cause ?? {}) as { errcode?: unknown; code?: unknown };
  const sqlite = typeof fields.errcode === "number" ? fields.errcode : null;
  const system = typeof fields.code === "string" && /^E[A-Z0-9]+$/.test(fields.code) ? fields.code : null;
  return { sqlite, system };
}

/** The coded error for what `node:sqlite` threw: `code`, or `store-sqlite.busy` when the database was in use for too long. */
export function failed(
  code: "store-sqlite.open-failed" | "store-sqlite.read-failed" | "store-sqlite.write-failed",
  message: string,
  cause: unknown,
): StoreSqliteError {
  const details = causeOf(cause);
  if (details.sqlite === null || details.sqlite % 256 !== SQLITE_BUSY)
    return new StoreSqliteError(code, message, details, { cause });
  return new StoreSqliteError("store-sqlite.busy", `${message}: other processes hold it`, details, { cause });
}
