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

/** What authority remembers, in a schema that many processes share. */
export interface PostgresAuthority {
  register(token: StoredToken, event: AuthorityEventDraft): Promise<boolean>;
  token(token: Digest): Promise<StoredToken | undefined>;
  tokens(): Promise<readonly StoredToken[]>;
  revoke(token: Digest, at: string, event: AuthorityEventDraft): Promise<boolean>;
  endOf(token: Digest): Promise<"revoked" | "expired" | null>;
  standing(tokens: readonly Digest[]): Promise<Standing>;
  markFirstUsed(token: Digest, at: string, event: AuthorityEventDraft): Promise<boolean>;
  markExpired(token: Digest, at: string, event: AuthorityEventDraft): Promise<boolean>;
  reserve(request: ReserveRequest, isAllowed: (counts: readonly LedgerCounts[]) => boolean): Promise<Reserved>;
  commit(id: string, tokens: number): Promise<void>;
  consumeApproval(approval: Digest, run: RunId, gate: string, at: string): Promise<"first" | "again" | "other">;
  mode(): Promise<ModeRecord | undefined>;
  setMode(change: (before: ModeRecord | undefined) => ModeChange): Promise<void>;
  acquireLock(request: LockRequest): Promise<LockAnswer>;
  renewLock(key: string, fence: number, until: string): Promise<boolean>;
  releaseLock(key: string, fence: number): Promise<boolean>;
  outbox(from: number, limit: number): Promise<readonly AuthorityEventDraft[]>;
  close(): Promise<void>;
}
