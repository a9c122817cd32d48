/**
 * A group of events that will be committed together, and the promise that all its waiters share.
 *
 * @module
 */
import type { Digest, Payload } from "@canonic/contracts";
import type { StoredLeaf, StoredNode } from "./storage.ts";

export interface Group {
  /** The index of its first leaf. */
  readonly first: number;
  readonly leaves: StoredLeaf[];
  readonly payloads: Map<Digest, Payload>;
  readonly nodes: StoredNode[];
  payloadBytes: number;
  /** True when it is acknowledged only under a checkpoint. */
  signs: boolean;
  settled(): Promise<void>;
  resolve(): void;
  reject(cause: Error): void;
}

export function newGroup(first: number): Group {
  let promise: Promise<void> | undefined;
  let resolve: () => void = () => {};
  let reject: (cause: Error) => void = () => {};
  return {
    first,
    leaves: [],
    payloads: new Map(),
    nodes: [],
    payloadBytes: 0,
    signs: false,
    settled() {
      promise ??= new Promise((onDone, onFailed) => {
        resolve = onDone;
        reject = onFailed;
      });
      return promise;
    },
    resolve: () => resolve(),
    reject: (cause) => reject(cause),
  };
}
