/**
 * Operations modules: found by URL, loaded where the operations run, and let go of there.
 *
 * A module exports `operations: readonly Operation[]`, or `connect(resources)` that answers with them, at once or later; it
 * may export `close()`. A plan over several packs has several modules.
 *
 * Invariants:
 *   L1. An operation is found by the digest of its contract; two modules that bring the same contract are refused.
 *   L2. Resources go to `connect` and nowhere else: what loading throws leaves as a digest.
 *
 * @module
 */
import { contractDigestOf, type Digest, type JsonObject, type Operation, OperationContract } from "@canonic/contracts";

export type LoadedOperations = {
  readonly byContract: ReadonlyMap<Digest, Operation>;
  close(): Promise<void>;
};

type OperationsModule = {
  readonly operations?: readonly Operation[];
  readonly connect?: (resources: JsonObject) => readonly Operation[] | Promise<readonly Operation[]>;
  readonly close?: () => void | Promise<void>;
};

/** Loads the modules in order. Whatever is thrown is foreign text: digest it, do not repeat it. */
export async function loadOperations(urls: readonly string[], resources: JsonObject): Promise<LoadedOperations> {
  const byContract = new Map<Digest, Operation>();
  const modules: OperationsModule[] = [];
  for (const url of urls) {
    const module = (await import(url)) as OperationsModule;
    modules.push(module);
    const operations = module.connect === undefined ? module.operations : await module.connect(resources);
    for (const operation of operations as readonly Operation[]) {
      const digest = contractDigestOf(OperationContract.parse(operation.contract));
      if (byContract.has(digest)) throw new Error("one contract, two operations");
      byContract.set(digest, operation);
    }
  }
  return {
    byContract,
    async close() {
      for (const module of modules) await module.close?.();
    },
  };
}
