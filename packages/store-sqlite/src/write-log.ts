/**
 * Writing a log: groups in, a torn tail out. Every public function here is one transaction (T1).
 *
 * @module
 */
import { type Digest, digestBytes, digestToBytes } from "@canonic/contracts";
import { StoreSqliteError } from "./errors.ts";
import { decodeFrames, encodeFrames, framesLength } from "./frames.ts";
import type { Reads, Writes } from "./statements.ts";
import type { Transaction } from "./transaction.ts";
import type { LogBatch, SqliteReader, SqliteStore, StoredNode } from "./types.ts";

type LogWrites = Pick<SqliteStore, "append" | "tail" | "repair" | "removePayload" | "rebuildNodes">;

/** The writing half of a store. `forget` lets go of old pages, so that what was removed is in no file. */
export function writesOf(
  reads: Omit<SqliteReader, "close">,
  readStatements: Reads,
  statements: Writes,
  transaction: Transaction,
  forget: () => void,
): LogWrites {
  const keys = new Map<string, number>();

  const keyOf = (run: string, first: number): number => {
    let key = keys.get(run);
    if (key === undefined) {
      const found = readStatements.runKey.get(run)?.["key"];
      key = Number(found ?? statements.insertRun.run(run, first).lastInsertRowid);
      keys.set(run, key);
    }
    return key;
  };

  const transact = (work: () => void): void => {
    try {
      transaction(work);
    } catch (cause) {
      keys.clear();
      throw cause;
    }
  };

  const put = ({ expectedSize, leaves, payloads, nodes, mark }: LogBatch): void => {
    const found = reads.size();
    if (found !== expectedSize) {
      const details = { expected: expectedSize, found };
      throw new StoreSqliteError(
        "store-sqlite.size-conflict",
        `the log has ${found} leaves, not ${expectedSize}`,
        details,
      );
    }
    for (const { digest, bytes } of payloads) statements.insertPayload.run(digestToBytes(digest), bytes);
    putNodes(statements, nodes);
    if (leaves.length === 0) return;
    const lastSeq = new Map<number, number>();
    for (const { run, index, seq } of leaves) lastSeq.set(keyOf(run, index), seq);
    const frames = encodeFrames(leaves, (run) => keys.get(run) as number);
    statements.insertSegment.run(expectedSize, leaves.length, frames, mark ?? null);
    for (const [key, seq] of lastSeq) statements.insertRunSegment.run(key, seq, expectedSize);
  };

  /** The segment that holds leaf `size`, split in front of it, and everything after. */
  const splitAt = (size: number) => {
    const row = statements.segmentAt.get(size) as unknown as
      | { first: number; count: number; frames: Uint8Array }
      | undefined;
    const later = statements.segmentsAfter.all(size).map((segment) => segment["frames"] as Uint8Array);
    if (row === undefined || size >= row.first + row.count) return { kept: null, tail: Buffer.concat(later) };
    const length = framesLength(row.frames, size - row.first);
    const kept = { first: row.first, count: size - row.first, frames: row.frames.subarray(0, length) };
    return { kept, tail: Buffer.concat([row.frames.subarray(length), ...later]) };
  };

  const cut = (size: number, quarantine: Digest): void => {
    const { kept, tail } = splitAt(size);
    if (digestBytes(tail) !== quarantine) {
      throw new StoreSqliteError("store-sqlite.quarantine-mismatch", "the tail is not what the repair names", {
        digest: quarantine,
      });
    }
    statements.insertQuarantine.run(digestToBytes(quarantine), size, tail);
    const from = kept?.first ?? size;
    statements.deleteSegments.run(from);
    statements.deleteRunSegments.run(from);
    if (kept !== null && kept.count > 0) {
      const lastSeq = new Map<string, number>();
      for (const { run, seq } of decodeFrames(kept.first, kept.frames, (key) => runOfKey(readStatements, key)))
        lastSeq.set(run, seq);
      statements.insertSegment.run(kept.first, kept.count, kept.frames, null);
      for (const [run, seq] of lastSeq) statements.insertRunSegment.run(keyOf(run, kept.first), seq, kept.first);
    }
    statements.deleteRuns.run(size);
    statements.deleteNodes.run(size);
    keys.clear();
  };

  return {
    append: (batch) => transact(() => put(batch)),
    tail: (size) => splitAt(size).tail,
    repair: (quarantine, batch) =>
      transact(() => {
        cut(batch.expectedSize, quarantine);
        put(batch);
      }),
    removePayload: (digest) => {
      transact(() => void statements.deletePayload.run(digestToBytes(digest)));
      forget();
    },
    rebuildNodes: (nodes) =>
      transact(() => {
        statements.deleteAllNodes.run();
        putNodes(statements, nodes);
      }),
  };
}

function runOfKey(statements: Reads, key: number): string | undefined {
  const row = statements.runKeys.all(key - 1)[0];
  return Number(row?.["key"]) === key ? String(row?.["run"]) : undefined;
}

function putNodes(statements: Writes, nodes: readonly StoredNode[]): void {
  for (const { level, index, hash } of nodes) statements.putNode.run(level, index, hash);
}
