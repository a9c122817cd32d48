/**
 * The storage port: what authority must remember across processes.
 *
 * Many processes may share one store at a time: the one that runs, and those that revoke, halt, or run something else. A
 * store may answer at once or with a promise. What is true now is in its tables; what happened is in its outbox, written in
 * the same transaction, from where whoever holds the log brings it into the authority chain.
 *
 * Invariants that every store keeps (`@canonic/authority/conformance` proves them):
 *   A1. Every method is one transaction, serialised against every other process: all of it or nothing.
 *   A2. Revocation, first use, expiry and consumption are permanent; doing one again changes nothing and says so.
 *   A3. The outbox is gap-free from 0 and append-only; an event is in it exactly when its change is in the tables.
 *   A4. `reserve` is idempotent by id: what is held or spent under an id is neither counted against it nor held twice.
 *   A5. A lock's fence only grows; `renewLock` and `releaseLock` do nothing for a fence that is not the newest.
 *   A6. A change survives the death of the process at any moment after the method has answered.
 *
 * @module
 */
import type { AuthorityEventDraft, Digest, ModeRecord, RunId } from "@canonic/contracts";

export type Answer<T> = T | Promise<T>;

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

export type TokenEnd = "revoked" | "expired";

/** What holds of tokens, in the order in which they were asked for, and of the store, at one moment. */
export interface Standing {
  readonly ends: readonly (TokenEnd | null)[];
  readonly mode: ModeRecord | undefined;
}

/** What one token has spent and holds, without the reservation that is asked for; `recent` counts uses since `since`. */
export interface LedgerCounts {
  readonly token: Digest;
  readonly invocationsUsed: number;
  readonly invocationsReserved: number;
  readonly tokensUsed: number;
  readonly tokensReserved: number;
  readonly recent: number;
}

/**
 * `id` names the use: run, task and attempt. `tokens` are the token and its parents, each with the start of its window: a use, held or
 * spent, is recent when it was reserved at `since` or later.
 */
export interface ReserveRequest {
  readonly id: string;
  readonly at: string;
  readonly need: number;
  readonly tokens: readonly { readonly token: Digest; readonly since: string }[];
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

export interface AuthorityStorage {
  /** Adds a token; false, and nothing written, when it is known. */
  register(token: StoredToken, event: AuthorityEventDraft): Answer<boolean>;
  token(token: Digest): Answer<StoredToken | undefined>;
  /** By registration, first to last. */
  tokens(): Answer<readonly StoredToken[]>;
  /** Also for a token that was never registered, as the next four; false when it was revoked before. */
  revoke(token: Digest, at: string, event: AuthorityEventDraft): Answer<boolean>;
  /** Why a token is over for good, as far as this store has seen: revoked, whatever else it is, or expired. */
  endOf(token: Digest): Answer<TokenEnd | null>;
  /** What `endOf` says of each of the tokens, and `mode` of the store, at one moment: a run asks twice for each task. */
  standing(tokens: readonly Digest[]): Answer<Standing>;
  markFirstUsed(token: Digest, at: string, event: AuthorityEventDraft): Answer<boolean>;
  markExpired(token: Digest, at: string, event: AuthorityEventDraft): Answer<boolean>;
  /**
   * Counts, in the order of `request.tokens`, asks `isAllowed`, and holds the use under every token if it says yes: one
   * transaction. A use that a token spent stays spent. What `isAllowed` throws is thrown, and nothing is held.
   */
  reserve(
    request: ReserveRequest,
    isAllowed: (counts: readonly LedgerCounts[]) => boolean,
  ): Answer<{ readonly counts: readonly LedgerCounts[]; readonly reserved: boolean }>;
  /** What was held under `id` is spent, under every token that held it, with this many model tokens; nothing when nothing is held. */
  commit(id: string, tokens: number): Answer<void>;
  /** Consumes an approval for a run's gate: `first` now, `again` for the same run and gate, `other` for another. */
  consumeApproval(approval: Digest, run: RunId, gate: string, at: string): Answer<"first" | "again" | "other">;
  mode(): Answer<ModeRecord | undefined>;
  /**
   * Shows `change` the mode that is set, and sets what it answers: one transaction, so that no other change comes between.
   * What `change` throws is thrown, and nothing is set.
   */
  setMode(change: (before: ModeRecord | undefined) => ModeChange): Answer<void>;
  /** Takes a lock that is free, released or over by `now`; the fence is one more than the last one of the key, 1 at first. */
  acquireLock(request: {
    readonly key: string;
    readonly holder: string;
    readonly now: string;
    readonly until: string;
  }): Answer<{ readonly kind: "held"; readonly lock: Lock } | { readonly kind: "refused"; readonly lock: Lock }>;
  /** False when the fence has been overtaken, or was released. */
  renewLock(key: string, fence: number, until: string): Answer<boolean>;
  releaseLock(key: string, fence: number): Answer<boolean>;
  /** Events from position `from` on, in order. */
  outbox(from: number, limit: number): Answer<readonly AuthorityEventDraft[]>;
  close(): Answer<void>;
}
