/**
 * Tokens, approvals, mode, locks and the outbox: every method is one transaction.
 *
 * @module
 */
import { type AuthorityEventDraft, canonicalJson, type Digest, type ModeRecord } from "@canonic/contracts";
import type { AuthorityStatements } from "./authority-schema.ts";
import type { Lock, LockRequest, SqliteAuthority, StoredToken } from "./authority-types.ts";
import { failed } from "./errors.ts";
import type { Transaction } from "./transaction.ts";

type Fact = "expired" | "revoked" | "used";

/** All of the store but its ledger; `close` is the opener's. */
export function recordsOf(
  statements: AuthorityStatements,
  durably: Transaction,
): Omit<SqliteAuthority, "reserve" | "commit" | "close"> {
  const tell = (event: AuthorityEventDraft): void => {
    statements.insertEvent.run(canonicalJson(event));
  };
  const mark = (fact: Fact, token: Digest, at: string, event: AuthorityEventDraft): boolean =>
    durably(() => {
      const isNew = statements.insertMark.run(token, fact, at).changes === 1;
      if (isNew) tell(event);
      return isNew;
    });

  return {
    register: ({ token, parent, label, user, expiresAt, registeredAt }, event) =>
      durably(() => {
        const isNew = statements.insertToken.run(token, parent, label, user, expiresAt, registeredAt).changes === 1;
        if (isNew) tell(event);
        return isNew;
      }),
    token: (token) => reading(() => plain<StoredToken>(statements.token.get(token))),
    tokens: () => reading(() => statements.tokens.all().map((row) => ({ ...row }) as unknown as StoredToken)),
    revoke: (token, at, event) => mark("revoked", token, at, event),
    endOf: (token) => reading(() => (statements.end.get(token)?.["fact"] ?? null) as "revoked" | "expired" | null),
    standing: (tokens) =>
      reading(() => {
        const row = statements.standing(tokens.length).get(...tokens) as Record<string, unknown>;
        const { mode, by, reason, since, until } = row;
        return {
          ends: tokens.map((_, place) => row[`end${place}`] as "revoked" | "expired" | null),
          mode: mode === null ? undefined : ({ mode, by, reason, since, until } as ModeRecord),
        };
      }),
    markFirstUsed: (token, at, event) => mark("used", token, at, event),
    markExpired: (token, at, event) => mark("expired", token, at, event),
    consumeApproval: (approval, run, gate, at) =>
      durably(() => {
        const before = statements.approval.get(approval);
        if (before !== undefined) return before["run"] === run && before["gate"] === gate ? "again" : "other";
        statements.insertApproval.run(approval, run, gate, at);
        return "first";
      }),
    mode: () => reading(() => plain<ModeRecord>(statements.mode.get())),
    setMode: (change) =>
      durably(() => {
        const { record, event } = change(plain<ModeRecord>(statements.mode.get()));
        const { mode, by, reason, since, until } = record;
        statements.putMode.run(mode, by, reason, since, until);
        tell(event);
      }),
    acquireLock: (request) => durably(() => takeLock(statements, request)),
    renewLock: (key, fence, until) => durably(() => statements.renewLock.run(key, fence, until).changes === 1),
    releaseLock: (key, fence) => durably(() => statements.releaseLock.run(key, fence).changes === 1),
    outbox: (from, limit) =>
      reading(() => statements.outbox.all(from, limit).map((row) => JSON.parse(String(row["event"])))),
  };
}

function takeLock(statements: AuthorityStatements, { key, holder, now, until }: LockRequest) {
  const last = plain<Lock & { readonly released: number }>(statements.lock.get(key));
  if (last !== undefined && last.released === 0 && last.until > now) {
    const { released: _, ...lock } = last;
    return { kind: "refused", lock } as const;
  }
  const lock: Lock = { key, fence: (last?.fence ?? 0) + 1, holder, until };
  statements.putLock.run(key, lock.fence, holder, until);
  return { kind: "held", lock } as const;
}

/** SQLite's rows have no prototype; ours are ordinary objects. */
function plain<T>(row: Record<string, unknown> | undefined): T | undefined {
  return row && ({ ...row } as T);
}

function reading<T>(read: () => T): T {
  try {
    return read();
  } catch (cause) {
    throw failed("store-sqlite.read-failed", "the authority store cannot be read", cause);
  }
}
