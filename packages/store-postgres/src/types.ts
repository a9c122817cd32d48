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

/** A log in a schema, open for reading. */
export interface PostgresReader {
  size(): Promise<number>;
  readLeaves(from: number, limit: number): Promise<readonly StoredLeaf[]>;
  readRun(run: string, seq: number, limit: number): Promise<readonly StoredLeaf[]>;
  runs(): Promise<readonly StoredRun[]>;
  payload(digest: Digest): Promise<Uint8Array | undefined>;
  payloadDigests(after: Digest | null, limit: number): Promise<readonly Digest[]>;
  readNodes(level: number, from: number, limit: number): Promise<readonly Uint8Array[]>;
  nodeCount(): Promise<number>;
  mark(size: number): Promise<Uint8Array | undefined>;
  checkpoint(): Promise<Uint8Array | undefined>;
  quarantined(digest: Digest): Promise<Uint8Array | undefined>;
  close(): Promise<void>;
}

/** A log in a schema, open for its one writer. */
export interface PostgresStore extends PostgresReader {
  append(batch: LogBatch): Promise<void>;
  swapCheckpoint(expected: Uint8Array | undefined, next: Uint8Array): Promise<boolean>;
  tail(size: number): Promise<Uint8Array>;
  repair(quarantine: Digest, batch: LogBatch): Promise<void>;
  removePayload(digest: Digest): Promise<void>;
  rebuildNodes(nodes: readonly StoredNode[]): Promise<void>;
}
