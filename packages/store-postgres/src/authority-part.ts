/**
 * The authority store's tables and statements.
 *
 * A token's facts (`marks`) stand apart from the token: a token that was never registered here can be revoked, used and
 * over. `ledger` holds the sums of `uses`, so that a reservation costs the same after a million of them.
 *
 * @module
 */
import type { Part } from "./part.ts";
import { named } from "./session.ts";

export const AUTHORITY_VERSION = 1;

export const AUTHORITY: Part = {
  what: "authority store",
  table: "authority_state",
  application: "canonic-authority",
  version: AUTHORITY_VERSION,
  tables: (schema) => `
    CREATE TABLE ${schema}.authority_state (
      single boolean PRIMARY KEY DEFAULT true CHECK (single), application text NOT NULL, version integer NOT NULL
    );
    CREATE TABLE ${schema}.authority_tokens (
      position bigint PRIMARY KEY, token text COLLATE "C" NOT NULL UNIQUE, parent text, label text NOT NULL,
      "user" text NOT NULL, expires_at text NOT NULL, registered_at text NOT NULL
    );
    CREATE TABLE ${schema}.authority_marks (
      token text COLLATE "C" NOT NULL, fact text NOT NULL CHECK (fact IN ('expired', 'revoked', 'used')),
      at text NOT NULL, PRIMARY KEY (token, fact)
    );
    CREATE TABLE ${schema}.authority_ledger (
      token text COLLATE "C" PRIMARY KEY, invocations_used bigint NOT NULL, invocations_reserved bigint NOT NULL,
      tokens_used bigint NOT NULL, tokens_reserved bigint NOT NULL
    ) WITH (fillfactor = 50);
    CREATE TABLE ${schema}.authority_uses (
      id text COLLATE "C" NOT NULL, token text COLLATE "C" NOT NULL, at text COLLATE "C" NOT NULL,
      tokens bigint NOT NULL, spent boolean NOT NULL DEFAULT false, PRIMARY KEY (id, token)
    );
    CREATE INDEX authority_uses_by_time ON ${schema}.authority_uses (token, at);
    CREATE TABLE ${schema}.authority_approvals (
      approval text COLLATE "C" PRIMARY KEY, run text NOT NULL, gate text NOT NULL, at text NOT NULL
    );
    CREATE TABLE ${schema}.authority_mode (
      single boolean PRIMARY KEY DEFAULT true CHECK (single), mode text NOT NULL, by text NOT NULL, reason text NOT NULL,
      since text NOT NULL, until text
    );
    CREATE TABLE ${schema}.authority_locks (
      key text COLLATE "C" PRIMARY KEY, fence bigint NOT NULL, holder text NOT NULL, until text COLLATE "C" NOT NULL,
      released boolean NOT NULL
    );
    CREATE TABLE ${schema}.authority_outbox (position bigint PRIMARY KEY, event text NOT NULL)`,
  upgrades: {},
};

export function authorityStatements(s: string) {
  const fact = (name: string, column: string) =>
    `(SELECT at FROM ${s}.authority_marks m WHERE m.token = t.token AND fact = '${name}') AS "${column}"`;
  const tokens = `
    SELECT t.token, parent, label, "user", expires_at AS "expiresAt", registered_at AS "registeredAt",
      ${fact("used", "firstUsedAt")}, ${fact("revoked", "revokedAt")}, ${fact("expired", "expiredAt")}
    FROM ${s}.authority_tokens t`;
  // Of two facts, `revoked` is the last in this order.
  const end = `SELECT max(fact) AS fact FROM ${s}.authority_marks`;
  return named({
    token: `${tokens} WHERE t.token = $1`,
    tokens: `${tokens} ORDER BY position`,
    insertToken: `
      INSERT INTO ${s}.authority_tokens (position, token, parent, label, "user", expires_at, registered_at)
      SELECT coalesce(max(position) + 1, 0), $1, $2, $3, $4, $5, $6 FROM ${s}.authority_tokens
      ON CONFLICT DO NOTHING RETURNING 1`,
    end: `${end} WHERE token = $1 AND fact IN ('expired', 'revoked')`,
    standing: `
      SELECT mode, by, reason, since, until, ARRAY(
        SELECT (${end} m WHERE m.token = asked.token AND fact IN ('expired', 'revoked'))
        FROM unnest($1::text[]) WITH ORDINALITY AS asked(token, place) ORDER BY place
      ) AS ends
      FROM (SELECT 1) AS one LEFT JOIN ${s}.authority_mode ON true`,
    insertMark: `
      INSERT INTO ${s}.authority_marks (token, fact, at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING RETURNING 1`,
    counts: `
      SELECT asked.token, l.invocations_used, l.invocations_reserved, l.tokens_used, l.tokens_reserved,
        own.tokens AS own_tokens, own.spent AS own_spent,
        CASE WHEN (SELECT min(at) FROM ${s}.authority_uses u WHERE u.token = asked.token) >= asked.since THEN NULL
          ELSE (SELECT count(*) FROM ${s}.authority_uses u WHERE u.token = asked.token AND u.at >= asked.since AND u.id <> $1)
        END AS recent
      FROM unnest($2::text[], $3::text[]) WITH ORDINALITY AS asked(token, since, place)
      LEFT JOIN ${s}.authority_ledger l ON l.token = asked.token
      LEFT JOIN ${s}.authority_uses own ON own.id = $1 AND own.token = asked.token
      ORDER BY place`,
    hold: `
      WITH held AS (
        INSERT INTO ${s}.authority_uses (id, token, at, tokens)
        SELECT $1, token, $3, $4 FROM unnest($2::text[]) AS asked(token)
        ON CONFLICT DO NOTHING RETURNING token
      )
      INSERT INTO ${s}.authority_ledger AS l SELECT token, 0, 1, 0, $4 FROM held
      ON CONFLICT (token) DO UPDATE SET
        invocations_reserved = l.invocations_reserved + 1, tokens_reserved = l.tokens_reserved + $4`,
    spend: `
      WITH held AS (SELECT token, tokens FROM ${s}.authority_uses WHERE id = $1 AND NOT spent),
      spent AS (UPDATE ${s}.authority_uses SET tokens = $2, spent = true WHERE id = $1 AND NOT spent)
      UPDATE ${s}.authority_ledger AS l SET
        invocations_reserved = l.invocations_reserved - 1, tokens_reserved = l.tokens_reserved - held.tokens,
        invocations_used = l.invocations_used + 1, tokens_used = l.tokens_used + $2
      FROM held WHERE l.token = held.token`,
    approval: `SELECT run, gate FROM ${s}.authority_approvals WHERE approval = $1`,
    insertApproval: `INSERT INTO ${s}.authority_approvals (approval, run, gate, at) VALUES ($1, $2, $3, $4)`,
    mode: `SELECT mode, by, reason, since, until FROM ${s}.authority_mode`,
    putMode: `
      INSERT INTO ${s}.authority_mode (mode, by, reason, since, until) VALUES ($1, $2, $3, $4, $5)
      ON CONFLICT (single) DO UPDATE SET mode = $1, by = $2, reason = $3, since = $4, until = $5`,
    lock: `SELECT fence, holder, until, released FROM ${s}.authority_locks WHERE key = $1`,
    putLock: `
      INSERT INTO ${s}.authority_locks (key, fence, holder, until, released) VALUES ($1, $2, $3, $4, false)
      ON CONFLICT (key) DO UPDATE SET fence = $2, holder = $3, until = $4, released = false`,
    renewLock: `
      UPDATE ${s}.authority_locks SET until = $3 WHERE key = $1 AND fence = $2 AND NOT released RETURNING 1`,
    releaseLock: `
      UPDATE ${s}.authority_locks SET released = true WHERE key = $1 AND fence = $2 AND NOT released RETURNING 1`,
    outbox: `SELECT event FROM ${s}.authority_outbox WHERE position >= $1 ORDER BY position LIMIT $2`,
    insertEvent: `
      INSERT INTO ${s}.authority_outbox (position, event)
      SELECT coalesce(max(position) + 1, 0), $1 FROM ${s}.authority_outbox`,
  });
}

export type AuthorityStatements = ReturnType<typeof authorityStatements>;
