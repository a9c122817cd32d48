/**
 * Tokens, approvals, mode, locks and the outbox: every method is one transaction.
 *
 * @module
 */
import { type AuthorityEventDraft, canonicalJson, type Digest, type ModeRecord } from "@canonic/contracts";
import type { AuthorityStatements } from "./authority-part.ts";
import type { LockAnswer, LockRequest, PostgresAuthority, StoredToken } from "./authority-types.ts";
import type { Query, Row, Statement } from "./session.ts";

type Fact = "expired" | "revoked" | "used";
type Transact = <T>(work: (query: Query) => Promise<T>) => Promise<T>;

/** All of the store but its ledger; `close` is the opener's. */
export function recordsOf(
  read: Query,
  statements: AuthorityStatements,
  durably: Transact,
): Omit<PostgresAuthority, "reserve" | "commit" | "close"> {
  /** Does what answers with a row when it changed something, and tells of it. */
  const change = (statement: Statement, values: readonly unknown[], event?: AuthorityEventDraft): Promise<boolean> =>
    durably(async (query) => {
      const changed = (await query(statement, values)).length === 1;
      if (changed && event !== undefined) await query(statements.insertEvent, [canonicalJson(event)]);
      return changed;
    });
  const mark = (fact: Fact, token: Digest, at: string, event: AuthorityEventDraft): Promise<boolean> =>
    change(statements.insertMark, [token, fact, at], event);
  const first = async <T>(statement: Statement, values: readonly unknown[] = []): Promise<T | undefined> =>
    (await read(statement, values))[0] as T | undefined;

  return {
    register: ({ token, parent, label, user, expiresAt, registeredAt }, event) =>
      change(statements.insertToken, [token, parent, label, user, expiresAt, registeredAt], event),
    token: (token) => first<StoredToken>(statements.token, [token]),
    tokens: async () => (await read(statements.tokens)) as readonly Row[] as unknown as readonly StoredToken[],
    revoke: (token, at, event) => mark("revoked", token, at, event),
    endOf: async (token) =>
      (await first<{ readonly fact: "revoked" | "expired" | null }>(statements.end, [token]))?.fact ?? null,
    standing: async (tokens) => {
      const [row] = await read(statements.standing, [tokens]);
      const { mode, by, reason, since, until } = row as Row;
      return {
        ends: row?.["ends"] as readonly ("revoked" | "expired" | null)[],
        mode: mode === null ? undefined : ({ mode, by, reason, since, until } as ModeRecord),
      };
    },
    markFirstUsed: (token, at, event) => mark("used", token, at, event),
    markExpired: (token, at, event) => mark("expired", token, at, event),
    consumeApproval: (approval, run, gate, at) =>
      durably(async (query) => {
        const [before] = await query(statements.approval, [approval]);
        if (before !== undefined) return before["run"] === run && before["gate"] === gate ? "again" : "other";
        await query(statements.insertApproval, [approval, run, gate, at]);
        return "first";
      }),
    mode: () => first<ModeRecord>(statements.mode),
    setMode: (change) =>
      durably(async (query) => {
        const [before] = await query(statements.mode);
        const { record, event } = change(before as ModeRecord | undefined);
        const { mode, by, reason, since, until } = record;
        await query(statements.putMode, [mode, by, reason, since, until]);
        await query(statements.insertEvent, [canonicalJson(event)]);
      }),
    acquireLock: (request) => durably((query) => takeLock(query, statements, request)),
    renewLock: (key, fence, until) => change(statements.renewLock, [key, fence, until]),
    releaseLock: (key, fence) => change(statements.releaseLock, [key, fence]),
    outbox: async (from, limit) =>
      (await read(statements.outbox, [from, limit])).map((row) => JSON.parse(String(row["event"]))),
  };
}

async function takeLock(
  query: Query,
  statements: AuthorityStatements,
  { key, holder, now, until }: LockRequest,
): Promise<LockAnswer> {
  const [last] = await query(statements.lock, [key]);
  const fence = Number(last?.["fence"] ?? 0);
  if (last?.["released"] === false && String(last["until"]) > now) {
    return { kind: "refused", lock: { key, fence, holder: String(last["holder"]), until: String(last["until"]) } };
  }
  await query(statements.putLock, [key, fence + 1, holder, until]);
  return { kind: "held", lock: { key, fence: fence + 1, holder, until } };
}
