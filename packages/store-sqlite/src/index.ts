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
export { openSqliteServices, openSqliteServicesReader } from "./open-services.ts";
export { SCHEMA_VERSION } from "./schema.ts";
export { SERVICES_SCHEMA_VERSION } from "./services-schema.ts";
export type {
  ServicesCommit,
  ServicesHead,
  SqliteServices,
  SqliteServicesReader,
  StoredContract,
  StoredService,
  StoredServiceChange,
} from "./services-types.ts";
export type { LogBatch, SqliteReader, SqliteStore, StoredLeaf, StoredNode, StoredRun } from "./types.ts";
