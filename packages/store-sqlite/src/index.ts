export type { StoreSqliteErrorCode, StoreSqliteErrorDetails } from "./errors.ts";
export { isStoreSqliteError, StoreSqliteError } from "./errors.ts";
export { openSqliteReader, openSqliteStore } from "./open.ts";
export { SCHEMA_VERSION } from "./schema.ts";
export type { LogBatch, SqliteReader, SqliteStore, StoredLeaf, StoredNode, StoredRun } from "./types.ts";
