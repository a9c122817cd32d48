export * from "../../packages/authority/src/approval.ts";
export * from "../../packages/authority/src/keys.ts";
export * from "../../packages/authority/src/limits.ts";
export * from "../../packages/authority/src/mode.ts";
export * from "../../packages/authority/src/register.ts";
export type { AuthorityStorage } from "../../packages/authority/src/storage.ts";
export * from "../../packages/authority/src/token.ts";
export * from "../../packages/authority/src/trust.ts";
