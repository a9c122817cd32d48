/**
 * What runs over one registry share: contracts as checks, each compiled once, and snapshots as bytes, each printed once.
 *
 * Invariants:
 *   B1. An input or output passes only when its own contract's schema says so; the text of an output is read back strictly,
 *       so what is checked is what its digest names.
 *   B2. A snapshot is printed anew for every run unless it is frozen in depth: then nobody can have changed it.
 *
 * @module
 */
import {
  compileSchema,
  contractDigestOf,
  type Digest,
  type JsonObject,
  type JsonValue,
  type OperationContract,
  parseCanonicalJson,
  type Reason,
  type RegistrySnapshot,
  type SchemaCheck,
} from "@canonic/contracts";
import { copyOf, isFrozenDeep, type JsonCopy } from "./json-copy.ts";
import { keptReasons, reasonOf } from "./reasons.ts";

export interface ContractBook {
  digestOf(contract: OperationContract): Digest;
  checkInput(contract: OperationContract, input: JsonObject): readonly Reason[];
  checkOutput(contract: OperationContract, output: string): readonly Reason[];
  copyOfSnapshot(snapshot: RegistrySnapshot): JsonCopy;
}

type Entry = { readonly digest: Digest; readonly input: SchemaCheck; readonly output: SchemaCheck };

/** An empty book. Contract objects are read when first seen; a caller that changes one afterwards changes nothing here. */
export function createContractBook(): ContractBook {
  const byDigest = new Map<Digest, Entry>();
  const byObject = new WeakMap<OperationContract, Entry>();
  const snapshots = new WeakMap<RegistrySnapshot, JsonCopy>();
  const entryOf = (contract: OperationContract): Entry => {
    const known = byObject.get(contract);
    if (known !== undefined) return known;
    const digest = contractDigestOf(contract);
    const entry = byDigest.get(digest) ?? {
      digest,
      input: compileSchema(contract.input as JsonObject),
      output: compileSchema(contract.output as JsonObject),
    };
    byDigest.set(digest, entry);
    byObject.set(contract, entry);
    return entry;
  };
  return {
    digestOf: (contract) => entryOf(contract).digest,
    checkInput: (contract, input) => toReasons("runner.input-invalid", entryOf(contract).input(input)),
    checkOutput: (contract, output) => {
      try {
        return toReasons("runner.output-invalid", entryOf(contract).output(parseCanonicalJson(output)));
      } catch {
        return [{ code: "runner.output-invalid", place: "", message: "the output is not canonical JSON" }];
      }
    },
    copyOfSnapshot: (snapshot) => {
      const known = snapshots.get(snapshot);
      if (known !== undefined) return known;
      const copy = copyOf(snapshot as JsonValue);
      if (isFrozenDeep(snapshot)) snapshots.set(snapshot, copy);
      return copy;
    },
  };
}

/** Pointer and expectation only: the value itself is not repeated in the journal. */
function toReasons(code: string, issues: ReturnType<SchemaCheck>): Reason[] {
  return keptReasons(issues.map(({ pointer, expected }) => reasonOf(code, pointer, expected)));
}
