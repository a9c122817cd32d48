export { AUTHORITY_VERSION } from "./authority-part.ts";
export type {
  LedgerCounts,
  Lock,
  LockAnswer,
  LockRequest,
  PostgresAuthority,
  Reserved,
  ReserveRequest,
  StoredToken,
} from "./authority-types.ts";
export type { StorePostgresErrorCode, StorePostgresErrorDetails } from "./errors.ts";
export { isStorePostgresError, StorePostgresError } from "./errors.ts";
export { LOG_VERSION } from "./log-part.ts";
export type { PostgresLogOptions } from "./open.ts";
export { openPostgresReader, openPostgresStore } from "./open.ts";
export type { PostgresAuthorityOptions } from "./open-authority.ts";
export { openPostgresAuthority } from "./open-authority.ts";
export { SCHEMA_DEFAULT } from "./part.ts";
export type { LogBatch, PostgresReader, PostgresStore, StoredLeaf, StoredNode, StoredRun } from "./types.ts";
