export type { MemoryAuthorityStorage } from "./memory-storage.ts";
export { createMemoryAuthorityStorage } from "./memory-storage.ts";
export type { Answer, AuthorityStorage, LedgerCounts, Lock, ReserveRequest, StoredToken } from "./storage.ts";
