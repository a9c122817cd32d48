/**
 * The log's tables and statements.
 *
 * A leaf is a row, so that an auditor can read the log with SQL alone, and the last leaf of a group holds the group's mark. A
 * group is one statement, which is one transaction and one turn on the network. Its bytes travel as one value and are cut
 * on the server.
 *
 * @module
 */
import type { Part } from "./part.ts";
import { named } from "./session.ts";

export const LOG_VERSION = 2;

export const LOG: Part = {
  what: "log",
  table: "log_state",
  application: "canonic-log",
  version: LOG_VERSION,
  tables: (schema) => `
    CREATE TABLE ${schema}.log_state (
      single boolean PRIMARY KEY DEFAULT true CHECK (single), application text NOT NULL, version integer NOT NULL,
      fence bigint NOT NULL DEFAULT 0
    );
    CREATE TABLE ${schema}.log_leaves (
      position bigint PRIMARY KEY, run text COLLATE "C" NOT NULL, seq integer NOT NULL,
      hash bytea NOT NULL CHECK (octet_length(hash) = 32), bytes bytea NOT NULL, mark bytea
    );
    CREATE UNIQUE INDEX log_leaves_by_run ON ${schema}.log_leaves (run, seq);
    CREATE INDEX log_runs ON ${schema}.log_leaves (position) WHERE seq = 0;
    CREATE TABLE ${schema}.log_payloads (digest bytea PRIMARY KEY, bytes bytea NOT NULL);
    CREATE TABLE ${schema}.log_nodes (level integer, position bigint, hash bytea NOT NULL, PRIMARY KEY (level, position));
    CREATE TABLE ${schema}.log_quarantine (digest bytea PRIMARY KEY, first bigint NOT NULL, frames bytea NOT NULL);
    CREATE TABLE ${schema}.log_checkpoint (single boolean PRIMARY KEY DEFAULT true CHECK (single), note bytea NOT NULL)`,
  upgrades: { 1: (schema) => `ALTER TABLE ${schema}.log_leaves ADD COLUMN mark bytea` },
};

/** Bytes `$n` cut into pieces: the offset from 1 and the length of each. */
const piece = (blob: string) => `substring(${blob}::bytea FROM start FOR length)`;

export function logStatements(s: string) {
  const size = `(SELECT coalesce(max(position) + 1, 0) FROM ${s}.log_leaves)`;
  const writer = `writer AS (SELECT 1 FROM ${s}.log_state WHERE fence = $1 FOR UPDATE)`;
  return named({
    size: `SELECT ${size} AS size`,
    leaves: `SELECT position, run, seq, hash, bytes FROM ${s}.log_leaves WHERE position >= $1 AND position < $2 ORDER BY position`,
    run: `SELECT position, run, seq, hash, bytes FROM ${s}.log_leaves WHERE run = $1 AND seq >= $2 ORDER BY seq LIMIT $3`,
    runs: `SELECT run, position FROM ${s}.log_leaves WHERE seq = 0 ORDER BY position`,
    payload: `SELECT bytes FROM ${s}.log_payloads WHERE digest = $1`,
    payloadDigests: `SELECT digest FROM ${s}.log_payloads WHERE digest > $1 ORDER BY digest LIMIT $2`,
    nodes: `SELECT position, hash FROM ${s}.log_nodes WHERE level = $1 AND position >= $2 ORDER BY position LIMIT $3`,
    nodeCount: `SELECT count(*) AS count FROM ${s}.log_nodes`,
    quarantined: `SELECT frames FROM ${s}.log_quarantine WHERE digest = $1`,
    mark: `SELECT mark FROM ${s}.log_leaves WHERE position = $1::bigint - 1`,
    checkpoint: `SELECT note FROM ${s}.log_checkpoint`,
    takeFence: `UPDATE ${s}.log_state SET fence = fence + 1 RETURNING fence`,
    holdFence: `SELECT 1 FROM ${s}.log_state WHERE fence = $1 FOR UPDATE`,
    append: `
      WITH ${writer}, ready AS (SELECT 1 FROM writer WHERE ${size} = $2::bigint),
      leaves AS (
        INSERT INTO ${s}.log_leaves (position, run, seq, hash, bytes, mark)
        SELECT $2::bigint + n - 1, run, seq, substring($6::bytea FROM (n * 32 - 31)::integer FOR 32), ${piece("$7")},
          CASE WHEN n = cardinality($3::text[]) THEN $16::bytea END
        FROM ready, unnest($3::text[], $4::integer[], $5::integer[], $8::integer[]) WITH ORDINALITY AS leaf(run, seq, length, start, n)
      ),
      payloads AS (
        INSERT INTO ${s}.log_payloads (digest, bytes)
        SELECT substring($9::bytea FROM (n * 32 - 31)::integer FOR 32), ${piece("$10")}
        FROM ready, unnest($11::integer[], $12::integer[]) WITH ORDINALITY AS payload(length, start, n)
        ON CONFLICT DO NOTHING
      ),
      nodes AS (
        INSERT INTO ${s}.log_nodes (level, position, hash)
        SELECT level, position, substring($15::bytea FROM (n * 32 - 31)::integer FOR 32)
        FROM ready, unnest($13::integer[], $14::bigint[]) WITH ORDINALITY AS node(level, position, n)
        ON CONFLICT (level, position) DO UPDATE SET hash = EXCLUDED.hash
      )
      SELECT EXISTS (SELECT FROM writer) AS holds, EXISTS (SELECT FROM ready) AS done, ${size} AS size`,
    swapCheckpoint: `
      WITH ${writer}, put AS (
        INSERT INTO ${s}.log_checkpoint (note)
        SELECT $3::bytea FROM writer WHERE (SELECT note FROM ${s}.log_checkpoint) IS NOT DISTINCT FROM $2::bytea
        ON CONFLICT (single) DO UPDATE SET note = EXCLUDED.note RETURNING 1
      )
      SELECT EXISTS (SELECT FROM writer) AS holds, EXISTS (SELECT FROM put) AS done`,
    tail: `SELECT position, run, seq, hash, bytes FROM ${s}.log_leaves WHERE position >= $1 ORDER BY position`,
    insertQuarantine: `INSERT INTO ${s}.log_quarantine (digest, first, frames) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING`,
    deleteLeaves: `DELETE FROM ${s}.log_leaves WHERE position >= $1`,
    deleteNodes: `DELETE FROM ${s}.log_nodes WHERE (position + 1) * (1::bigint << level) > $1`,
    deletePayload: `
      WITH ${writer}, gone AS (DELETE FROM ${s}.log_payloads WHERE digest = $2 AND EXISTS (SELECT FROM writer))
      SELECT EXISTS (SELECT FROM writer) AS holds`,
    deleteAllNodes: `DELETE FROM ${s}.log_nodes`,
    insertNodes: `
      INSERT INTO ${s}.log_nodes (level, position, hash)
      SELECT level, position, substring($3::bytea FROM (n * 32 - 31)::integer FOR 32)
      FROM unnest($1::integer[], $2::bigint[]) WITH ORDINALITY AS node(level, position, n)`,
  });
}

export type LogStatements = ReturnType<typeof logStatements>;
