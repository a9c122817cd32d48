export { AUTHORITY_SCHEMA_VERSION } from "./authority-schema.ts";
export type {
  LedgerCounts,
  Lock,
  LockAnswer,
  LockRequest,
  Reserved,
  ReserveRequest,
  SqliteAuthority,
  SqliteAuthorityReader,
  StoredToken,
} from "./authority-types.ts";
export { takeLock } from "./directory-lock.ts";
export type { StoreSqliteErrorCode, StoreSqliteErrorDetails } from "./errors.ts";
export { isStoreSqliteError, StoreSqliteError } from "./errors.ts";
export { openSqliteReader, openSqliteStore } from "./open.ts";
export { openSqliteAuthority, openSqliteAuthorityReader } from "./open-authority.ts";
export { SCHEMA_VERSION } from "./schema.ts";
export type { LogBatch, SqliteReader, SqliteStore, StoredLeaf, StoredNode, StoredRun } from "./types.ts";
