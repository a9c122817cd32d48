/**
 * What the log's own chain says: whose key signs when, and which payloads were removed on purpose.
 *
 * It is read whole wherever it is needed: repairs, rotations and redactions are few, and made by people.
 *
 * @module
 */
import { type Digest, digestFromBytes, LOG_CHAIN } from "@canonic/contracts";
import { type ChainState, followChain } from "./chain.ts";
import { KeyTimeline } from "./key-rotation.ts";
import { damaged, readRunStrictly } from "./read-run.ts";
import type { LogReader, StoredLeaf } from "./storage.ts";

export interface LogChain {
  readonly keys: KeyTimeline;
  /** The leaves of the rotations, in order. */
  readonly rotations: readonly StoredLeaf[];
  /** By the digest of what was removed: the leaf that says so. */
  readonly redactions: ReadonlyMap<Digest, StoredLeaf>;
}

/**
 * Reads the log's chain before log index `end`.
 *
 * @throws {AuditError} `audit.log-damaged`, also for a rotation that its keys did not sign.
 */
export async function readLogChain(
  reader: Pick<LogReader, "readRun">,
  origin: string | undefined,
  end?: number,
): Promise<LogChain> {
  const keys = new KeyTimeline(origin);
  const rotations: StoredLeaf[] = [];
  const redactions = new Map<Digest, StoredLeaf>();
  let chain: ChainState | undefined;
  for await (const { leaf, event } of readRunStrictly(reader, LOG_CHAIN, end)) {
    const next = followChain(chain, event, digestFromBytes(leaf.hash));
    if (typeof next === "string") throw damaged(leaf, next);
    chain = next;
    const fault = keys.follow(leaf.index, event);
    if (fault !== null) throw damaged(leaf, fault);
    if (event.type === "KEY_ROTATED") rotations.push(leaf);
    if (event.type === "PAYLOAD_REDACTED") redactions.set(event.data.digest, leaf);
  }
  return { keys, rotations, redactions };
}
