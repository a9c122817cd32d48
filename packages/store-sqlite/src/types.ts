/**
 * The values that a log store takes and gives, structurally the storage port of `@canonic/audit`.
 *
 * @module
 */
import type { Digest, Payload } from "@canonic/contracts";

/** One leaf of the log; `hash` is its RFC 6962 leaf hash. */
export interface StoredLeaf {
  readonly index: number;
  readonly run: string;
  readonly seq: number;
  readonly hash: Uint8Array;
  readonly bytes: Uint8Array;
}

/** The root of a complete subtree of 2^level leaves. */
export interface StoredNode {
  readonly level: number;
  readonly index: number;
  readonly hash: Uint8Array;
}

export interface LogBatch {
  readonly expectedSize: number;
  readonly leaves: readonly StoredLeaf[];
  readonly payloads: readonly Payload[];
  readonly nodes: readonly StoredNode[];
  readonly mark?: Uint8Array;
}

export interface StoredRun {
  readonly run: string;
  readonly first: number;
}

/** A log in a directory, open for reading. Every method answers at once. */
export interface SqliteReader {
  size(): number;
  readLeaves(from: number, limit: number): readonly StoredLeaf[];
  readRun(run: string, seq: number, limit: number): readonly StoredLeaf[];
  runs(): readonly StoredRun[];
  payload(digest: Digest): Uint8Array | undefined;
  payloadDigests(after: Digest | null, limit: number): readonly Digest[];
  readNodes(level: number, from: number, limit: number): readonly Uint8Array[];
  nodeCount(): number;
  mark(size: number): Uint8Array | undefined;
  checkpoint(): Uint8Array | undefined;
  quarantined(digest: Digest): Uint8Array | undefined;
  close(): void;
}

/** A log in a directory, open for its one writer. */
export interface SqliteStore extends SqliteReader {
  append(batch: LogBatch): void;
  swapCheckpoint(expected: Uint8Array | undefined, next: Uint8Array): boolean;
  tail(size: number): Uint8Array;
  repair(quarantine: Digest, batch: LogBatch): void;
  removePayload(digest: Digest): void;
  rebuildNodes(nodes: readonly StoredNode[]): void;
}
