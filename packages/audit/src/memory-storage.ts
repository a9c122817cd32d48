/**
 * The storage port in memory: for tests and for runs that nobody needs to prove.
 *
 * @module
 */
import { type Digest, digestBytes } from "@canonic/contracts";
import { AuditError } from "./errors.ts";
import type { LogBatch, LogStorage, StoredLeaf, StoredNode, StoredRun } from "./storage.ts";

export interface MemoryStorageOptions {
  /** Called before each write with its name; what it throws is the write's failure, and nothing is written. */
  readonly beforeWrite?: (operation: "append" | "swapCheckpoint" | "repair" | "rebuildNodes" | "removePayload") => void;
}

/** A log in memory, with the stored values in reach of tests that damage them. */
export interface MemoryStorage extends LogStorage {
  readonly leaves: StoredLeaf[];
  readonly nodes: Map<number, Uint8Array[]>;
  readonly payloads: Map<Digest, Uint8Array>;
  /** By the size of the log that they are of. */
  readonly marks: Map<number, Uint8Array>;
}

export function createMemoryStorage(options: MemoryStorageOptions = {}): MemoryStorage {
  const leaves: StoredLeaf[] = [];
  const nodes = new Map<number, Uint8Array[]>();
  const payloads = new Map<Digest, Uint8Array>();
  const marks = new Map<number, Uint8Array>();
  const quarantine = new Map<Digest, Uint8Array>();
  let note: Uint8Array | undefined;

  const put = (batch: LogBatch) => {
    for (const leaf of batch.leaves) leaves.push({ ...leaf, hash: copy(leaf.hash), bytes: copy(leaf.bytes) });
    for (const { digest, bytes } of batch.payloads) if (!payloads.has(digest)) payloads.set(digest, copy(bytes));
    putNodes(nodes, batch.nodes);
    if (batch.mark !== undefined && batch.leaves.length > 0) marks.set(leaves.length, copy(batch.mark));
  };
  const tailOf = (size: number) => Buffer.concat(leaves.slice(size).flatMap((leaf) => [leaf.hash, leaf.bytes]));

  return {
    leaves,
    nodes,
    payloads,
    marks,
    size: () => leaves.length,
    readLeaves: (from, limit) => leaves.slice(from, from + limit),
    readRun: (run, seq, limit) => leaves.filter((leaf) => leaf.run === run && leaf.seq >= seq).slice(0, limit),
    runs: () => runsOf(leaves),
    payload: (digest) => payloads.get(digest),
    payloadDigests: (after, limit) =>
      [...payloads.keys()]
        .sort()
        .filter((digest) => after === null || digest > after)
        .slice(0, limit),
    readNodes: (level, from, limit) => (nodes.get(level) ?? []).slice(from, from + limit),
    nodeCount: () => [...nodes.values()].reduce((sum, hashes) => sum + hashes.filter(Boolean).length, 0),
    mark: (size) => marks.get(size),
    checkpoint: () => note,
    close: () => {},
    append(batch) {
      options.beforeWrite?.("append");
      if (batch.expectedSize !== leaves.length) {
        const details = { expected: batch.expectedSize, found: leaves.length };
        throw new AuditError(
          "audit.size-conflict",
          `the log has ${details.found} leaves, not ${details.expected}`,
          details,
        );
      }
      put(batch);
    },
    swapCheckpoint(expected, next) {
      options.beforeWrite?.("swapCheckpoint");
      const same =
        note === undefined ? expected === undefined : expected !== undefined && Buffer.compare(note, expected) === 0;
      if (same) note = copy(next);
      return same;
    },
    tail: tailOf,
    repair(digest, batch) {
      options.beforeWrite?.("repair");
      const tail = tailOf(batch.expectedSize);
      if (digestBytes(tail) !== digest) {
        throw new AuditError("audit.payload-mismatch", "the tail is not what the repair names", { claimed: digest });
      }
      quarantine.set(digest, tail);
      leaves.length = batch.expectedSize;
      for (const size of [...marks.keys()]) if (size > batch.expectedSize) marks.delete(size);
      for (const [level, hashes] of nodes)
        hashes.length = Math.min(hashes.length, Math.floor(batch.expectedSize / 2 ** level));
      put(batch);
    },
    quarantined: (digest) => quarantine.get(digest),
    removePayload(digest) {
      options.beforeWrite?.("removePayload");
      payloads.delete(digest);
    },
    rebuildNodes(rebuilt) {
      options.beforeWrite?.("rebuildNodes");
      nodes.clear();
      putNodes(nodes, rebuilt);
    },
  };
}

function putNodes(nodes: Map<number, Uint8Array[]>, added: readonly StoredNode[]): void {
  for (const { level, index, hash } of added) {
    const hashes = nodes.get(level) ?? [];
    hashes[index] = copy(hash);
    nodes.set(level, hashes);
  }
}

function runsOf(leaves: readonly StoredLeaf[]): StoredRun[] {
  const first = new Map<string, number>();
  for (const leaf of leaves) if (!first.has(leaf.run)) first.set(leaf.run, leaf.index);
  return [...first].map(([run, index]) => ({ run, first: index }));
}

function copy(bytes: Uint8Array): Uint8Array {
  return Uint8Array.from(bytes);
}
