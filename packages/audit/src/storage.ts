/**
 * The storage port: where leaves, payloads, tree nodes and the last checkpoint are kept.
 *
 * The journal is its only writer. A store may answer at once or with a promise; a store that answers at once saves a
 * turn of the event loop per group.
 *
 * Invariants that every store keeps (`@canonic/audit/conformance` proves them):
 *   S1. `append` is atomic and durable: when it returns, all of the batch survives a loss of power; when it throws, none
 *       of it is there.
 *   S2. `append` refuses a batch whose `expectedSize` is not the size of the log.
 *   S3. Leaves come back byte for byte, in index order and in `seq` order of a run.
 *   S4. The checkpoint lives outside the log: damage to one does not reach the other.
 *   S5. `repair` loses nothing: what it cuts is kept in quarantine under the digest of its bytes.
 *   S6. There is one writer; its lock is released by the operating system when the process dies.
 *   S7. `removePayload` is durable when it returns, and touches nothing else; what is not there is removed already.
 *   S8. The mark of a batch stands and falls with the batch's last leaf.
 *
 * @module
 */
import type { Digest, Payload } from "@canonic/contracts";

/** One leaf of the log: `hash` is its RFC 6962 leaf hash, `run` and `seq` repeat what the bytes say. */
export interface StoredLeaf {
  readonly index: number;
  readonly run: string;
  readonly seq: number;
  readonly hash: Uint8Array;
  readonly bytes: Uint8Array;
}

/** The root of a complete subtree of 2^level leaves; only levels 8, 16, 24 … are stored, the rest is recomputed. */
export interface StoredNode {
  readonly level: number;
  readonly index: number;
  readonly hash: Uint8Array;
}

/** Levels between stored nodes: a tile is 256 wide, as in C2SP tlog-tiles. */
export const TILE_LEVELS = 8;

/**
 * What one group commit writes. The views belong to the caller again as soon as the append has ended. `mark` is what the
 * writer says of the log's end with this batch; a batch without leaves marks nothing.
 */
export interface LogBatch {
  readonly expectedSize: number;
  readonly leaves: readonly StoredLeaf[];
  readonly payloads: readonly Payload[];
  readonly nodes: readonly StoredNode[];
  readonly mark?: Uint8Array;
}

/** A run of the log and the index of its first leaf. */
export interface StoredRun {
  readonly run: string;
  readonly first: number;
}

export type Answer<T> = T | Promise<T>;

/** What a reader of the log needs; every method may throw the store's own coded error. */
export interface LogReader {
  /** The number of leaves. */
  size(): Answer<number>;
  /** Up to `limit` leaves from `from` on; fewer, or none, at the end and where the stored frames cannot be told apart. */
  readLeaves(from: number, limit: number): Answer<readonly StoredLeaf[]>;
  /** Up to `limit` leaves of one run from `seq` on, in order. */
  readRun(run: string, seq: number, limit: number): Answer<readonly StoredLeaf[]>;
  /** All runs, by first leaf. */
  runs(): Answer<readonly StoredRun[]>;
  payload(digest: Digest): Answer<Uint8Array | undefined>;
  /** Up to `limit` payload digests after `after`, in code-unit order. */
  payloadDigests(after: Digest | null, limit: number): Answer<readonly Digest[]>;
  /** Up to `limit` stored nodes of a level from `from` on, without gaps. */
  readNodes(level: number, from: number, limit: number): Answer<readonly Uint8Array[]>;
  /** How many nodes are stored, wherever they lie. */
  nodeCount(): Answer<number>;
  /** The mark of the batch that ended the log at `size` leaves; undefined where none ended, or none was marked. */
  mark(size: number): Answer<Uint8Array | undefined>;
  /** The last signed checkpoint. */
  checkpoint(): Answer<Uint8Array | undefined>;
  /** What a repair put aside. */
  quarantined(digest: Digest): Answer<Uint8Array | undefined>;
  close(): Answer<void>;
}

export interface LogStorage extends LogReader {
  append(batch: LogBatch): Answer<void>;
  /** Replaces the checkpoint if the present one is `expected`; false, and nothing written, if it is another. */
  swapCheckpoint(expected: Uint8Array | undefined, next: Uint8Array): Answer<boolean>;
  /** The raw stored bytes of all leaves from `size` on, as {@link repair} will quarantine them. */
  tail(size: number): Answer<Uint8Array>;
  /** Cuts the log to `batch.expectedSize`, quarantines the tail under `quarantine`, and appends the batch: all or nothing. */
  repair(quarantine: Digest, batch: LogBatch): Answer<void>;
  /** Removes a payload for good. */
  removePayload(digest: Digest): Answer<void>;
  /** Replaces all stored nodes; they are derived data. */
  rebuildNodes(nodes: readonly StoredNode[]): Answer<void>;
}
