/**
 * The storage port in memory: for tests, and for authority that ends with its process.
 *
 * Invariants:
 *   The A1..A5 of `storage.ts`; A6 as far as memory reaches: all handles on one memory see one truth.
 *
 * @module
 */
import type { AuthorityEventDraft, Digest, ModeRecord } from "@canonic/contracts";
import { MemoryLedger } from "./memory-ledger.ts";
import type { AuthorityStorage, Lock, StoredToken, TokenEnd } from "./storage.ts";

/** A storage that answers at once. */
export type MemoryAuthorityStorage = {
  readonly [Method in keyof AuthorityStorage]: (
    ...given: Parameters<AuthorityStorage[Method]>
  ) => Awaited<ReturnType<AuthorityStorage[Method]>>;
};

export function createMemoryAuthorityStorage(): MemoryAuthorityStorage {
  const tokens = new Map<Digest, StoredToken>();
  const seen = {
    firstUsedAt: new Map<Digest, string>(),
    revokedAt: new Map<Digest, string>(),
    expiredAt: new Map<Digest, string>(),
  };
  const ledger = new MemoryLedger();
  const approvals = new Map<Digest, string>();
  const locks = new Map<string, Lock & { readonly released: boolean }>();
  const outbox: AuthorityEventDraft[] = [];
  let mode: ModeRecord | undefined;

  const mark = (fact: keyof typeof seen, token: Digest, at: string, event: AuthorityEventDraft): boolean => {
    if (seen[fact].has(token)) return false;
    seen[fact].set(token, at);
    outbox.push(structuredClone(event));
    return true;
  };
  const endOf = (token: Digest): TokenEnd | null =>
    seen.revokedAt.has(token) ? "revoked" : seen.expiredAt.has(token) ? "expired" : null;
  const withFacts = (token: StoredToken): StoredToken => ({
    ...token,
    firstUsedAt: seen.firstUsedAt.get(token.token) ?? null,
    revokedAt: seen.revokedAt.get(token.token) ?? null,
    expiredAt: seen.expiredAt.get(token.token) ?? null,
  });
  const own = (key: string, fence: number): Lock | undefined => {
    const lock = locks.get(key);
    return lock?.fence === fence && !lock.released ? lock : undefined;
  };

  return {
    register(token, event) {
      if (tokens.has(token.token)) return false;
      tokens.set(token.token, { ...token });
      outbox.push(structuredClone(event));
      return true;
    },
    token(digest) {
      const token = tokens.get(digest);
      return token && withFacts(token);
    },
    tokens: () => [...tokens.values()].map(withFacts),
    revoke: (token, at, event) => mark("revokedAt", token, at, event),
    endOf,
    standing: (asked) => ({ ends: asked.map(endOf), mode: mode && { ...mode } }),
    markFirstUsed: (token, at, event) => mark("firstUsedAt", token, at, event),
    markExpired: (token, at, event) => mark("expiredAt", token, at, event),
    reserve(request, isAllowed) {
      const counts = request.tokens.map(({ token, since }) => ledger.countsOf(token, request.id, since));
      const reserved = isAllowed(counts);
      if (reserved) ledger.hold(request);
      return { counts, reserved };
    },
    commit: (id, spent) => ledger.spend(id, spent),
    consumeApproval(approval, run, gate) {
      const use = `${run}/${gate}`;
      const before = approvals.get(approval);
      if (before === undefined) approvals.set(approval, use);
      return before === undefined ? "first" : before === use ? "again" : "other";
    },
    mode: () => mode && { ...mode },
    setMode(change) {
      const { record, event } = change(mode && { ...mode });
      mode = { ...record };
      outbox.push(structuredClone(event));
    },
    acquireLock({ key, holder, now, until }) {
      const last = locks.get(key);
      if (last !== undefined && !last.released && last.until > now) return { kind: "refused", lock: bare(last) };
      const lock = { key, fence: (last?.fence ?? 0) + 1, holder, until };
      locks.set(key, { ...lock, released: false });
      return { kind: "held", lock };
    },
    renewLock(key, fence, until) {
      const lock = own(key, fence);
      if (lock !== undefined) locks.set(key, { ...bare(lock), until, released: false });
      return lock !== undefined;
    },
    releaseLock(key, fence) {
      const lock = own(key, fence);
      if (lock !== undefined) locks.set(key, { ...bare(lock), released: true });
      return lock !== undefined;
    },
    outbox: (from, limit) => structuredClone(outbox.slice(from, from + limit)),
    close: () => {},
  };
}

function bare({ key, fence, holder, until }: Lock): Lock {
  return { key, fence, holder, until };
}
