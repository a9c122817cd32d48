/**
 * The database of the authority store: its tables, its version and its statements, prepared once.
 *
 * A token's facts (`marks`) stand apart from the token: a token that was never registered here can be revoked, used and
 * over. `ledger` holds the sums of `uses`, so that a reservation costs the same after a million of them.
 *
 * @module
 */
import type { DatabaseSync, StatementSync } from "node:sqlite";
import type { Application } from "./application.ts";

export const AUTHORITY_SCHEMA_VERSION = 1;

/** "CNOA" as a 32-bit number: says that a SQLite file is an authority store of ours. */
export const AUTHORITY: Application = { what: "authority store", id: 0x434e_4f41, version: AUTHORITY_SCHEMA_VERSION };

export const AUTHORITY_TABLES = `
  CREATE TABLE tokens (
    position INTEGER PRIMARY KEY, token TEXT NOT NULL UNIQUE, parent TEXT, label TEXT NOT NULL, user TEXT NOT NULL,
    expires_at TEXT NOT NULL, registered_at TEXT NOT NULL
  ) STRICT;
  CREATE TABLE marks (
    token TEXT NOT NULL, fact TEXT NOT NULL CHECK (fact IN ('expired', 'revoked', 'used')), at TEXT NOT NULL,
    PRIMARY KEY (token, fact)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE ledger (
    token TEXT PRIMARY KEY, invocations_used INTEGER NOT NULL, invocations_reserved INTEGER NOT NULL,
    tokens_used INTEGER NOT NULL, tokens_reserved INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE uses (
    id TEXT NOT NULL, token TEXT NOT NULL, at TEXT NOT NULL, tokens INTEGER NOT NULL, spent INTEGER NOT NULL,
    PRIMARY KEY (id, token)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX uses_by_time ON uses (token, at);
  CREATE TABLE approvals (approval TEXT PRIMARY KEY, run TEXT NOT NULL, gate TEXT NOT NULL, at TEXT NOT NULL) STRICT, WITHOUT ROWID;
  CREATE TABLE mode (
    only INTEGER PRIMARY KEY CHECK (only = 1), mode TEXT NOT NULL, by TEXT NOT NULL, reason TEXT NOT NULL,
    since TEXT NOT NULL, until TEXT
  ) STRICT;
  CREATE TABLE locks (
    key TEXT PRIMARY KEY, fence INTEGER NOT NULL, holder TEXT NOT NULL, until TEXT NOT NULL, released INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE outbox (position INTEGER PRIMARY KEY, event TEXT NOT NULL) STRICT;
`;

const TOKENS = `
  SELECT t.token, parent, label, user, expires_at AS expiresAt, registered_at AS registeredAt,
    (SELECT at FROM marks m WHERE m.token = t.token AND fact = 'used') AS firstUsedAt,
    (SELECT at FROM marks m WHERE m.token = t.token AND fact = 'revoked') AS revokedAt,
    (SELECT at FROM marks m WHERE m.token = t.token AND fact = 'expired') AS expiredAt
  FROM tokens t`;

/** Of two facts, `revoked` is the last in this order. */
const END = "SELECT max(fact) AS fact FROM marks WHERE fact IN ('expired', 'revoked')";

export function prepareAuthority(database: DatabaseSync) {
  const prepare = (sql: string) => database.prepare(sql);
  /** By how many tokens they ask for. */
  const standings = new Map<number, StatementSync>();
  return {
    token: prepare(`${TOKENS} WHERE t.token = ?`),
    tokens: prepare(`${TOKENS} ORDER BY position`),
    insertToken: prepare(
      "INSERT INTO tokens (token, parent, label, user, expires_at, registered_at) VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
    ),
    end: prepare(`${END} AND token = ?`),
    standing: (count: number) => {
      const known = standings.get(count);
      if (known !== undefined) return known;
      const ends = Array.from({ length: count }, (_, place) => `(${END} AND token = ?${place + 1}) AS end${place}, `);
      const made = prepare(`SELECT ${ends.join("")}mode, by, reason, since, until FROM (SELECT 1) LEFT JOIN mode`);
      standings.set(count, made);
      return made;
    },
    insertMark: prepare("INSERT INTO marks (token, fact, at) VALUES (?, ?, ?) ON CONFLICT DO NOTHING"),
    counts: prepare(`
      SELECT invocations_used AS used, invocations_reserved AS reserved, tokens_used AS tokensUsed,
        tokens_reserved AS tokensReserved, own.tokens AS own, own.spent AS isSpent,
        (SELECT min(at) FROM uses WHERE token = ?1) AS firstAt
      FROM (SELECT 1) LEFT JOIN ledger l ON l.token = ?1 LEFT JOIN uses own ON own.id = ?2 AND own.token = ?1`),
    recent: prepare("SELECT count(*) AS count FROM uses WHERE token = ? AND at >= ? AND id <> ?"),
    insertUse: prepare("INSERT INTO uses (id, token, at, tokens, spent) VALUES (?, ?, ?, ?, 0) ON CONFLICT DO NOTHING"),
    holdSums: prepare(
      "INSERT INTO ledger VALUES (?1, 0, 1, 0, ?2) ON CONFLICT DO UPDATE SET invocations_reserved = invocations_reserved + 1, tokens_reserved = tokens_reserved + ?2",
    ),
    spendSums: prepare(`
      UPDATE ledger SET
        invocations_reserved = invocations_reserved - 1, tokens_reserved = tokens_reserved - held.tokens,
        invocations_used = invocations_used + 1, tokens_used = tokens_used + ?2
      FROM (SELECT token, tokens FROM uses WHERE id = ?1 AND spent = 0) AS held WHERE ledger.token = held.token`),
    spendUses: prepare("UPDATE uses SET tokens = ?2, spent = 1 WHERE id = ?1 AND spent = 0"),
    approval: prepare("SELECT run, gate FROM approvals WHERE approval = ?"),
    insertApproval: prepare("INSERT INTO approvals (approval, run, gate, at) VALUES (?, ?, ?, ?)"),
    mode: prepare("SELECT mode, by, reason, since, until FROM mode"),
    putMode: prepare("INSERT OR REPLACE INTO mode (only, mode, by, reason, since, until) VALUES (1, ?, ?, ?, ?, ?)"),
    lock: prepare("SELECT key, fence, holder, until, released FROM locks WHERE key = ?"),
    putLock: prepare("INSERT OR REPLACE INTO locks (key, fence, holder, until, released) VALUES (?, ?, ?, ?, 0)"),
    renewLock: prepare("UPDATE locks SET until = ?3 WHERE key = ?1 AND fence = ?2 AND released = 0"),
    releaseLock: prepare("UPDATE locks SET released = 1 WHERE key = ? AND fence = ? AND released = 0"),
    outbox: prepare("SELECT event FROM outbox WHERE position >= ? ORDER BY position LIMIT ?"),
    insertEvent: prepare(
      "INSERT INTO outbox (position, event) VALUES ((SELECT coalesce(max(position) + 1, 0) FROM outbox), ?)",
    ),
  };
}

export type AuthorityStatements = ReturnType<typeof prepareAuthority>;
