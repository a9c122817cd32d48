/**
 * Reading a log: segments back into leaves, and everything else by its key.
 *
 * @module
 */
import { digestFromBytes, digestToBytes } from "@canonic/contracts";
import { readCheckpointFile } from "./checkpoint-file.ts";
import { failed } from "./errors.ts";
import { decodeFrames } from "./frames.ts";
import type { Reads } from "./statements.ts";
import type { SqliteReader, StoredLeaf } from "./types.ts";

interface Segment {
  readonly first: number;
  readonly count: number;
  readonly frames: Uint8Array;
}

const NO_DIGEST = Buffer.alloc(0);

/** The reading half of a store; `close` is the opener's. */
export function readsOf(directory: string, statements: Reads): Omit<SqliteReader, "close"> {
  const runs = new Map<number, string>();
  let lastKey = 0;

  /** Runs that the writer added since are looked up once, all together. */
  const runOf = (key: number): string | undefined => {
    if (key > lastKey) {
      for (const row of statements.runKeys.all(lastKey)) {
        lastKey = Number(row["key"]);
        runs.set(lastKey, String(row["run"]));
      }
    }
    return runs.get(key);
  };

  const leavesOf = (row: Record<string, unknown>): { readonly leaves: StoredLeaf[]; readonly whole: boolean } => {
    const { first, count, frames } = row as unknown as Segment;
    const leaves = decodeFrames(first, frames, runOf);
    return { leaves: leaves.slice(0, count), whole: leaves.length === count };
  };

  return {
    size: () => reading(() => Number(statements.size.get()?.["size"] ?? 0)),
    readLeaves: (from, limit) =>
      reading(() => {
        const found: StoredLeaf[] = [];
        for (const row of statements.segmentsFrom.iterate(from, from + limit)) {
          const { leaves, whole } = leavesOf(row);
          for (const leaf of leaves) if (leaf.index >= from && found.length < limit) found.push(leaf);
          if (!whole || found.length >= limit) break;
        }
        return found;
      }),
    readRun: (run, seq, limit) =>
      reading(() => {
        const key = statements.runKey.get(run)?.["key"];
        if (key === undefined) return [];
        const found: StoredLeaf[] = [];
        for (const row of statements.runSegments.iterate(Number(key), seq)) {
          for (const leaf of leavesOf(row).leaves) {
            if (leaf.run === run && leaf.seq >= seq && found.length < limit) found.push(leaf);
          }
          if (found.length >= limit) break;
        }
        return found;
      }),
    runs: () =>
      reading(() => statements.runs.all().map((row) => ({ run: String(row["run"]), first: Number(row["first"]) }))),
    payload: (digest) =>
      reading(() => statements.payload.get(digestToBytes(digest))?.["bytes"] as Uint8Array | undefined),
    payloadDigests: (after, limit) =>
      reading(() => {
        const rows = statements.payloadDigests.all(after === null ? NO_DIGEST : digestToBytes(after), limit);
        return rows.map((row) => digestFromBytes(row["digest"] as Uint8Array));
      }),
    readNodes: (level, from, limit) =>
      reading(() => {
        const hashes: Uint8Array[] = [];
        for (const row of statements.nodes.all(level, from, limit)) {
          if (Number(row["position"]) !== from + hashes.length) break;
          hashes.push(row["hash"] as Uint8Array);
        }
        return hashes;
      }),
    nodeCount: () => reading(() => Number(statements.nodeCount.get()?.["count"] ?? 0)),
    mark: (size) =>
      reading(() => {
        const row = statements.mark?.get(size);
        return Number(row?.["size"]) === size ? ((row?.["mark"] ?? undefined) as Uint8Array | undefined) : undefined;
      }),
    checkpoint: () => readCheckpointFile(directory),
    quarantined: (digest) =>
      reading(() => statements.quarantined.get(digestToBytes(digest))?.["frames"] as Uint8Array | undefined),
  };
}

function reading<T>(read: () => T): T {
  try {
    return read();
  } catch (cause) {
    throw failed("store-sqlite.read-failed", "the log cannot be read", cause);
  }
}
