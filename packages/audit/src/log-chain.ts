/**
 * What the log's own chain says: whose key signs when, and which payloads were removed on purpose.
 *
 * It is read whole wherever it is needed: repairs, rotations and redactions are few, and made by people.
 *
 * @module
 */
import { type Digest, digestFromBytes, LOG_CHAIN } from "@canonic/contracts";
import { type ChainState, followChain } from "./chain.ts";
import { type Checkpoint, openCheckpoint, readCheckpoint } from "./checkpoint.ts";
import { KeyTimeline } from "./key-rotation.ts";
import type { NoteKey } from "./keys.ts";
import { identityAt, type LogIdentity } from "./log-identity.ts";
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

/**
 * Reads a log's checkpoint as one does who trusts these keys: under the key in force for its size.
 *
 * @throws {AuditError} `audit.note-invalid`, `audit.checkpoint-invalid`, `audit.log-damaged`.
 */
export async function openLogCheckpoint(
  reader: Pick<LogReader, "readRun">,
  note: Uint8Array,
  trusted: readonly NoteKey[],
): Promise<Checkpoint> {
  const { origin, size } = readCheckpoint(note);
  const { keys } = await readLogChain(reader, origin, size);
  return openCheckpoint(note, keys.keysAt(size, trusted));
}

/** The key of a log that signs now: of the identity's, the one that the log says is in force. */
export async function currentKey(reader: Pick<LogReader, "readRun">, identity: LogIdentity): Promise<NoteKey> {
  const { keys } = await readLogChain(reader, identity.origin);
  const { name, publicKey } = identityAt(identity, keys).signer;
  return { name, publicKey };
}
