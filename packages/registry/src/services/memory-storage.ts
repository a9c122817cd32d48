/**
 * The storage port in memory: for tests, and for a registry that ends with its process.
 *
 * Invariants:
 *   The V1..V4 of `storage.ts`; V5 as far as memory reaches: all handles on one memory see one truth.
 *
 * @module
 */
import type { Digest } from "@canonic/contracts";
import type { ServiceStorage, ServicesHead, StoredContract, StoredService, StoredServiceChange } from "./storage.ts";

/** A storage that answers at once. */
export type MemoryServiceStorage = {
  readonly [Method in keyof ServiceStorage]: (
    ...given: Parameters<ServiceStorage[Method]>
  ) => Awaited<ReturnType<ServiceStorage[Method]>>;
};

export function createMemoryServiceStorage(): MemoryServiceStorage {
  const changes: StoredServiceChange[] = [];
  const services = new Map<string, StoredService>();
  const contracts = new Map<Digest, StoredContract>();
  const head = (): ServicesHead => {
    const last = changes.at(-1);
    return { revision: last?.revision ?? 0, digest: last?.digest ?? null };
  };
  const found = (digests: Iterable<Digest>) => [...new Set(digests)].flatMap((digest) => contracts.get(digest) ?? []);

  return {
    head,
    load() {
      const standing = [...services.values()];
      const alive = standing.filter(({ state }) => state !== "retired");
      return { head: head(), services: standing, contracts: found(alive.map(({ contract }) => contract)) };
    },
    changes: (from, limit) => changes.slice(Math.max(0, from - 1), Math.max(0, from - 1) + limit),
    contracts: found,
    commit(commit) {
      const before = head();
      if (before.digest !== commit.prev || before.revision + 1 !== commit.change.revision) return false;
      changes.push(Object.freeze({ ...commit.change }));
      for (const contract of commit.contracts) contracts.set(contract.digest, Object.freeze({ ...contract }));
      for (const one of commit.services) services.set(`${one.service} ${one.version}`, Object.freeze({ ...one }));
      return true;
    },
    close: () => {},
  };
}
