/**
 * The storage port: what a service registry must remember across processes.
 *
 * Many processes may share one store at a time. A store may answer at once or with a promise. It knows nothing of what a
 * change means: it keeps the changes, and beside them, written in the same transaction, the standing that each service has
 * by now, so that a reader need not begin at the first change.
 *
 * Invariants that every store keeps (`@canonic/registry/conformance` proves them):
 *   V1. Every method is one transaction, serialised against every other process: all of it or nothing.
 *   V2. A commit is written exactly when its revision is the next one and the head is the one that it was made for.
 *   V3. Changes are gap-free from 1 and append-only; a standing is there exactly when its change is.
 *   V4. What `load` gives is of one revision: the head's that it gives.
 *   V5. A commit survives the death of the process at any moment after the method has answered.
 *
 * @module
 */
import type { Digest } from "@canonic/contracts";

export type Answer<T> = T | Promise<T>;

/** The last revision and the digest of its change; 0 and null before the first. */
export interface ServicesHead {
  readonly revision: number;
  readonly digest: Digest | null;
}

/** One change as its canonical JSON. */
export interface StoredServiceChange {
  readonly revision: number;
  readonly digest: Digest;
  readonly text: string;
}

/** One contract as its canonical JSON. */
export interface StoredContract {
  readonly digest: Digest;
  readonly text: string;
}

/** What stands of one version of one service; `resumes` is what it is when it does not drain, `health` as canonical JSON. */
export interface StoredService {
  readonly service: string;
  readonly version: string;
  readonly contract: Digest;
  readonly owner: string | null;
  readonly signedBy: string | null;
  readonly state: string;
  readonly resumes: string;
  readonly health: string | null;
}

/** A change, the contracts that it brings, and the standings that it leaves. */
export interface ServicesCommit {
  readonly prev: Digest | null;
  readonly change: StoredServiceChange;
  readonly contracts: readonly StoredContract[];
  readonly services: readonly StoredService[];
}

/** What can be asked of a store that may not be written. */
export interface ServiceReading {
  head(): Answer<ServicesHead>;
  /** Everything that stands, of one revision; contracts of what is retired are left out. In any order. */
  load(): Answer<{
    readonly head: ServicesHead;
    readonly services: readonly StoredService[];
    readonly contracts: readonly StoredContract[];
  }>;
  /** Changes from revision `from` on, in order, at most `limit`; less than all only when there is at least one. */
  changes(from: number, limit: number): Answer<readonly StoredServiceChange[]>;
  /** Those of the contracts that are there, in any order. Also of what is retired. */
  contracts(digests: readonly Digest[]): Answer<readonly StoredContract[]>;
  close(): Answer<void>;
}

export interface ServiceStorage extends ServiceReading {
  /** Appends a change whose `prev` and revision follow on the head; false, and nothing written, when they do not. */
  commit(commit: ServicesCommit): Answer<boolean>;
}
