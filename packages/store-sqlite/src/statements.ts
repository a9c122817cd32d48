/**
 * Every statement that the store runs, prepared once.
 *
 * @module
 */
import type { DatabaseSync } from "node:sqlite";

/** False for a database of version 1 that is open for reading. */
function isMarked(database: DatabaseSync): boolean {
  return database
    .prepare("PRAGMA table_info(segments)")
    .all()
    .some(({ name }) => name === "mark");
}

export function prepareReads(database: DatabaseSync) {
  return {
    size: database.prepare("SELECT first + count AS size FROM segments ORDER BY first DESC LIMIT 1"),
    segmentsFrom: database.prepare(
      "SELECT first, count, frames FROM segments WHERE first >= coalesce((SELECT max(first) FROM segments WHERE first <= ?), 0) AND first < ? ORDER BY first",
    ),
    runSegments: database.prepare(
      "SELECT s.first, s.count, s.frames FROM run_segments r JOIN segments s ON s.first = r.first WHERE r.run = ? AND r.last_seq >= ? ORDER BY r.last_seq",
    ),
    runs: database.prepare("SELECT run, first FROM runs ORDER BY key"),
    runKey: database.prepare("SELECT key FROM runs WHERE run = ?"),
    runKeys: database.prepare("SELECT key, run FROM runs WHERE key > ? ORDER BY key"),
    payload: database.prepare("SELECT bytes FROM payloads WHERE digest = ?"),
    payloadDigests: database.prepare("SELECT digest FROM payloads WHERE digest > ? ORDER BY digest LIMIT ?"),
    nodes: database.prepare(
      "SELECT position, hash FROM nodes WHERE level = ? AND position >= ? ORDER BY position LIMIT ?",
    ),
    mark: isMarked(database)
      ? database.prepare("SELECT first + count AS size, mark FROM segments WHERE first < ? ORDER BY first DESC LIMIT 1")
      : undefined,
    nodeCount: database.prepare("SELECT count(*) AS count FROM nodes"),
    quarantined: database.prepare("SELECT frames FROM quarantine WHERE digest = ?"),
  };
}

export function prepareWrites(database: DatabaseSync) {
  return {
    insertRun: database.prepare("INSERT INTO runs (run, first) VALUES (?, ?)"),
    insertSegment: database.prepare("INSERT INTO segments (first, count, frames, mark) VALUES (?, ?, ?, ?)"),
    insertRunSegment: database.prepare("INSERT INTO run_segments (run, last_seq, first) VALUES (?, ?, ?)"),
    insertPayload: database.prepare("INSERT INTO payloads (digest, bytes) VALUES (?, ?) ON CONFLICT DO NOTHING"),
    deletePayload: database.prepare("DELETE FROM payloads WHERE digest = ?"),
    putNode: database.prepare("INSERT OR REPLACE INTO nodes (level, position, hash) VALUES (?, ?, ?)"),
    insertQuarantine: database.prepare(
      "INSERT INTO quarantine (digest, first, frames) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
    ),
    segmentAt: database.prepare(
      "SELECT first, count, frames FROM segments WHERE first <= ? ORDER BY first DESC LIMIT 1",
    ),
    segmentsAfter: database.prepare("SELECT first, count, frames FROM segments WHERE first > ? ORDER BY first"),
    deleteSegments: database.prepare("DELETE FROM segments WHERE first >= ?"),
    deleteRunSegments: database.prepare("DELETE FROM run_segments WHERE first >= ?"),
    deleteRuns: database.prepare("DELETE FROM runs WHERE first >= ?"),
    deleteNodes: database.prepare("DELETE FROM nodes WHERE (position + 1) * (1 << level) > ?"),
    deleteAllNodes: database.prepare("DELETE FROM nodes"),
  };
}

export type Reads = ReturnType<typeof prepareReads>;
export type Writes = ReturnType<typeof prepareWrites>;
