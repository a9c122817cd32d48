/**
 * The values that an authority store takes and gives, structurally the storage port of `@canonic/authority`.
 *
 * @module
 */
import type { AuthorityEventDraft, Digest, ModeRecord, RunId } from "@canonic/contracts";

/** A token as the store knows it; the times are when it was seen, null for what has not been. */
export interface StoredToken {
  readonly token: Digest;
  readonly parent: Digest | null;
  readonly label: string;
  readonly user: string;
  readonly expiresAt: string;
  readonly registeredAt: string;
  readonly firstUsedAt: string | null;
  readonly revokedAt: string | null;
  readonly expiredAt: string | null;
}

/** What holds of tokens and of the store at one moment. */
export interface Standing {
  readonly ends: readonly ("revoked" | "expired" | null)[];
  readonly mode: ModeRecord | undefined;
}

/** What one token has spent and holds, without the use that is asked for. */
export interface LedgerCounts {
  readonly token: Digest;
  readonly invocationsUsed: number;
  readonly invocationsReserved: number;
  readonly tokensUsed: number;
  readonly tokensReserved: number;
  readonly recent: number;
}

export interface ReserveRequest {
  readonly id: string;
  readonly at: string;
  readonly need: number;
  readonly tokens: readonly { readonly token: Digest; readonly since: string }[];
}

export interface Reserved {
  readonly counts: readonly LedgerCounts[];
  readonly reserved: boolean;
}

/** A mode and the event that tells of it. */
export interface ModeChange {
  readonly record: ModeRecord;
  readonly event: AuthorityEventDraft;
}

export interface Lock {
  readonly key: string;
  readonly fence: number;
  readonly holder: string;
  readonly until: string;
}

export interface LockRequest {
  readonly key: string;
  readonly holder: string;
  readonly now: string;
  readonly until: string;
}

export type LockAnswer = { readonly kind: "held" | "refused"; readonly lock: Lock };

/** What authority remembers, in a directory that many processes share. Every method answers at once. */
export interface SqliteAuthority {
  register(token: StoredToken, event: AuthorityEventDraft): boolean;
  token(token: Digest): StoredToken | undefined;
  tokens(): readonly StoredToken[];
  revoke(token: Digest, at: string, event: AuthorityEventDraft): boolean;
  endOf(token: Digest): "revoked" | "expired" | null;
  standing(tokens: readonly Digest[]): Standing;
  markFirstUsed(token: Digest, at: string, event: AuthorityEventDraft): boolean;
  markExpired(token: Digest, at: string, event: AuthorityEventDraft): boolean;
  reserve(request: ReserveRequest, isAllowed: (counts: readonly LedgerCounts[]) => boolean): Reserved;
  commit(id: string, tokens: number): void;
  consumeApproval(approval: Digest, run: RunId, gate: string, at: string): "first" | "again" | "other";
  mode(): ModeRecord | undefined;
  setMode(change: (before: ModeRecord | undefined) => ModeChange): void;
  acquireLock(request: LockRequest): LockAnswer;
  renewLock(key: string, fence: number, until: string): boolean;
  releaseLock(key: string, fence: number): boolean;
  outbox(from: number, limit: number): readonly AuthorityEventDraft[];
  close(): void;
}

/** What can be asked of a store that may not be written. */
export type SqliteAuthorityReader = Pick<SqliteAuthority, "endOf" | "mode" | "outbox" | "token" | "tokens" | "close">;
