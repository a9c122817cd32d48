/**
 * The values that a service store takes and gives, structurally the storage port of `@canonic/registry`.
 *
 * @module
 */
import type { Digest } from "@canonic/contracts";

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

/** What stands of one version of one service; `health` as canonical JSON. */
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

/** What can be asked of a store that may not be written. Every method answers at once. */
export interface SqliteServicesReader {
  head(): ServicesHead;
  load(): {
    readonly head: ServicesHead;
    readonly services: readonly StoredService[];
    readonly contracts: readonly StoredContract[];
  };
  changes(from: number, limit: number): readonly StoredServiceChange[];
  contracts(digests: readonly Digest[]): readonly StoredContract[];
  close(): void;
}

/** A registry's services, in a directory that many processes share. */
export interface SqliteServices extends SqliteServicesReader {
  commit(commit: ServicesCommit): boolean;
}
