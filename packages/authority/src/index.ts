export type { ApprovalDraft, ApprovalReading, ReadApproval } from "./approval.ts";
export { checkApproval, readApproval, signApproval } from "./approval.ts";
export type { ChildDraft } from "./attenuate.ts";
export { attenuateToken } from "./attenuate.ts";
export type { Axis } from "./attenuation.ts";
export { excessOf } from "./attenuation.ts";
export type { AuthorityOptions, RunAuthority } from "./authority.ts";
export { createAuthority } from "./authority.ts";
export type { ApprovalDecision, Reservation, ScopeDecision, TokenDecision } from "./decisions.ts";
export { DEFAULT_POLICIES } from "./default-policies.ts";
export type { AuthorityErrorCode, AuthorityErrorDetails } from "./errors.ts";
export { AuthorityError, isAuthorityError } from "./errors.ts";
export type { Confirmation, Signer } from "./keys.ts";
export { confirmationOf, createKeyPair, signerFromPem } from "./keys.ts";
export type { LimitCheck, LimitUse } from "./limits.ts";
export { checkLimits } from "./limits.ts";
export type { MemoryAuthorityStorage } from "./memory-storage.ts";
export { createMemoryAuthorityStorage } from "./memory-storage.ts";
export { ARMED_SECONDS, ARMED_SECONDS_MAX, arm, currentMode, halt } from "./mode.ts";
export { secondsOf, timestampOf } from "./moment.ts";
export { drainOutbox } from "./outbox.ts";
export type { PlanTokenOptions } from "./plan-claims.ts";
export { claimsForPlan } from "./plan-claims.ts";
export type { PolicyAnswer, PolicyQuestion, PolicySet, PolicySource } from "./policies.ts";
export { openPolicies } from "./policies.ts";
export { POLICY_SCHEMA } from "./policy-schema.ts";
export { isAutomaton } from "./recursion.ts";
export type { Refusal, RefusalCode } from "./refusal.ts";
export { REFUSAL_CODES } from "./refusal.ts";
export { registerToken, revokeToken } from "./register.ts";
export type {
  Answer,
  AuthorityStorage,
  LedgerCounts,
  Lock,
  ModeChange,
  ReserveRequest,
  Standing,
  StoredToken,
  TokenEnd,
} from "./storage.ts";
export type { ReadToken, TokenDraft, TokenReading } from "./token.ts";
export { issueToken, readToken, TOKEN_TEXT_MAX, TOKEN_TYPE } from "./token.ts";
export type { Trust } from "./trust.ts";
export { createTrust } from "./trust.ts";
