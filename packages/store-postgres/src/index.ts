export type { StorePostgresErrorCode, StorePostgresErrorDetails } from "./errors.ts";
export { isStorePostgresError, StorePostgresError } from "./errors.ts";
export { LOG_VERSION } from "./log-part.ts";
export type { PostgresLogOptions } from "./open.ts";
export { openPostgresReader, openPostgresStore } from "./open.ts";
export type { LogBatch, PostgresReader, PostgresStore, StoredLeaf, StoredNode, StoredRun } from "./types.ts";
