/**
 * Recovery: what a journal knows of its log before it writes to it.
 *
 * Everything up to the last checkpoint must recompute the checkpoint's root; every leaf behind it is verified one by one
 * (frame, hash, canonical bytes, schema, chain). The first bad leaf behind the checkpoint ends the log: it and what
 * follows go to quarantine, and the repair itself is journaled.
 *
 * Invariants:
 *   R1. Damage at or before the last checkpoint, and a log that is smaller than it, is an error and never repaired.
 *   R2. A log that is kept with a signer has a checkpoint from its first opening on, before its first leaf: leaves without
 *       any are a log whose checkpoint was taken away, and nobody can say how much of it with it.
 *   R3. A repair and its JOURNAL_REPAIRED event are one transaction; the dropped bytes stay in quarantine.
 *   R4. Opening reads of the chain of authority its last leaf before the tail, not the chain: what stands before the
 *       checkpoint is held by its root. The log's own chain is read whole: it says which key signs, and what was redacted.
 *   R5. A checkpoint counts only under the key that was in force for its size.
 *   R6. The end of the log is a checkpoint's or the keeper's own mark; leaves behind the last of both are cut with what is
 *       torn, or, where nothing is torn, refused: somebody else wrote them.
 *   R7. A statement entry stands behind the seal of its run, its seq follows, and no entry of a run stands twice.
 *
 * @module
 */
import { AUTHORITY_CHAIN, type Digest, digestBytes, LOG_CHAIN } from "@canonic/contracts";
import { type ChainState, isOwnChain } from "./chain.ts";
import { ownChainBefore } from "./chain-end.ts";
import { checkedEvent, runOfStatements } from "./checked-leaf.ts";
import { type Checkpoint, openCheckpoint, readCheckpoint } from "./checkpoint.ts";
import { AuditError } from "./errors.ts";
import type { Frontier } from "./frontier.ts";
import type { KeyTimeline } from "./key-rotation.ts";
import { writeLeaf } from "./leaf.ts";
import { readLogChain } from "./log-chain.ts";
import { identityAt, type LogIdentity, ownKeysAt } from "./log-identity.ts";
import { LogTail } from "./log-tail.ts";
import type { LogReader, LogStorage, StoredNode } from "./storage.ts";
import { TILE_LEVELS } from "./storage.ts";
import { isMarked, markersOf, TailMarker } from "./tail-mark.ts";
import { sameBytes } from "./tree-hash.ts";
import { frontierAt, nodesOf } from "./tree-reader.ts";

const PAGE = 1024;

export interface Repair {
  readonly sizeBefore: number;
  readonly sizeAfter: number;
  readonly dropped: number;
  readonly fault: string;
}

export interface RecoveredLog {
  readonly frontier: Frontier;
  readonly checkpoint: Uint8Array | undefined;
  readonly lastNumber: number;
  /** Where the chain of authority stands, and that of the log. */
  readonly authority: ChainState;
  readonly log: ChainState;
  readonly keys: KeyTimeline;
  /** Payloads that the log's chain says are removed; a crash may have left them there. */
  readonly redacted: ReadonlySet<Digest>;
  readonly repaired: Repair | null;
  /** True when what a checkpoint is owed (a seal, an entry, a rotation, a redaction) has none: a crash came between. */
  readonly owesCheckpoint: boolean;
}

/**
 * Verifies the tail of a log and cuts off what is torn.
 *
 * @param identity - Whose checkpoints count; null when the log is kept without a signer.
 * @throws {AuditError} `audit.checkpoint-missing`, `audit.log-behind-checkpoint`, `audit.checkpoint-mismatch`,
 *   `audit.log-damaged`, `audit.note-invalid`, `audit.checkpoint-invalid`, `audit.tail-unmarked`.
 */
export async function recoverLog(
  storage: LogStorage,
  now: () => string,
  identity: LogIdentity | null,
): Promise<RecoveredLog> {
  const note = await storage.checkpoint();
  const size = await storage.size();
  if (note === undefined && identity !== null && size > 0)
    throw new AuditError("audit.checkpoint-missing", `the log has ${size} leaves and no checkpoint`, { size });
  const claimed = note === undefined ? undefined : readCheckpoint(note);
  const verifiedSize = claimed?.size ?? 0;
  const { keys, redactions } = await readLogChain(storage, identity?.origin, verifiedSize);
  const checkpoint = note === undefined ? undefined : trustedCheckpoint(note, verifiedSize, keys, identity);
  if (size < verifiedSize) {
    throw new AuditError("audit.log-behind-checkpoint", `the log has ${size} leaves, its checkpoint ${verifiedSize}`, {
      size,
      checkpointSize: verifiedSize,
    });
  }
  const frontier = await frontierAt(nodesOf(storage), verifiedSize);
  if (checkpoint !== undefined && !sameBytes(frontier.root(), checkpoint.root)) {
    throw new AuditError(
      "audit.checkpoint-mismatch",
      `the first ${verifiedSize} leaves do not have the checkpoint's root`,
      {
        size: verifiedSize,
      },
    );
  }
  const { tail, fault, ...walked } = await walkTail(storage, { verifiedSize, size, frontier, keys }, identity);
  const repaired = fault === null ? null : await repair(storage, now, size, fault, walked.frontier, identity);
  return {
    ...(await standing(storage, walked.frontier)),
    keys: walked.keys,
    checkpoint: note,
    repaired,
    redacted: new Set([...redactions.keys(), ...tail.redacted]),
    owesCheckpoint: tail.owesCheckpoint,
  };
}

interface TailStart {
  readonly verifiedSize: number;
  readonly size: number;
  /** Over the verified leaves; grows. */
  readonly frontier: Frontier;
  readonly keys: KeyTimeline;
}

/** Walks to the last end that the keeper marked (R6); `fault` says what is wrong behind it, null when nothing is. */
async function walkTail(storage: LogStorage, start: TailStart, identity: LogIdentity | null) {
  const { verifiedSize, size, frontier, keys } = start;
  const tail = new LogTail(storage, verifiedSize, keys);
  const fault = await tail.walk(size, frontier);
  if (identity === null || frontier.size === verifiedSize) return { tail, fault, frontier, keys };
  const markers = markersOf(identity);
  if (await isMarked(storage, markers, frontier.size, frontier.root())) return { tail, fault, frontier, keys };
  identityAt(identity, keys);
  if (fault === null) throw unmarked(frontier.size);
  const end = await lastMarked(storage, markers, verifiedSize, frontier.size);
  const again = await readLogChain(storage, identity.origin, verifiedSize);
  const shorter = new LogTail(storage, verifiedSize, again.keys);
  const grown = await frontierAt(nodesOf(storage), verifiedSize);
  await shorter.walk(end, grown);
  return { tail: shorter, fault, frontier: grown, keys: again.keys };
}

/** The greatest size below `end` that is marked, or verified anyway. Groups differ in length, so each size is asked for. */
async function lastMarked(
  storage: LogStorage,
  markers: readonly TailMarker[],
  verifiedSize: number,
  end: number,
): Promise<number> {
  const frontier = await frontierAt(nodesOf(storage), verifiedSize);
  let last = verifiedSize;
  while (frontier.size < end) {
    const page = await storage.readLeaves(frontier.size, Math.min(PAGE, end - frontier.size));
    if (page.length === 0) break;
    for (const { hash } of page) {
      frontier.append(hash);
      if (await isMarked(storage, markers, frontier.size, frontier.root())) last = frontier.size;
    }
  }
  return last;
}

function unmarked(size: number): AuditError<"audit.tail-unmarked"> {
  const message = `the log's keeper did not write the last of its ${size} leaves; nothing was signed or changed`;
  return new AuditError("audit.tail-unmarked", message, { size });
}

/** What the leaves of a log, walked to their end, leave to go on from. */
async function standing(storage: LogStorage, frontier: Frontier) {
  return {
    frontier,
    lastNumber: await lastNumberOf(storage),
    authority: await ownChainBefore(storage, AUTHORITY_CHAIN, frontier.size),
    log: await ownChainBefore(storage, LOG_CHAIN, frontier.size),
  };
}

function trustedCheckpoint(
  note: Uint8Array,
  size: number,
  keys: KeyTimeline,
  identity: LogIdentity | null,
): Checkpoint {
  if (identity === null) return readCheckpoint(note);
  const checkpoint = openCheckpoint(note, ownKeysAt(identity, keys, size));
  if (checkpoint.origin === identity.origin) return checkpoint;
  throw new AuditError("audit.checkpoint-invalid", "the checkpoint is of another log", {
    fault: "of this log's origin",
  });
}

async function repair(
  storage: LogStorage,
  now: () => string,
  sizeBefore: number,
  fault: string,
  frontier: Frontier,
  identity: LogIdentity | null,
): Promise<Repair> {
  const chain = await ownChainBefore(storage, LOG_CHAIN, frontier.size);
  const sizeAfter = frontier.size;
  const quarantine = digestBytes(await storage.tail(sizeAfter));
  const dropped = sizeBefore - sizeAfter;
  const leaf = writeLeaf({
    run: LOG_CHAIN,
    seq: chain.seq,
    prev: chain.prev,
    at: now(),
    subject: LOG_CHAIN,
    type: "JOURNAL_REPAIRED",
    data: { sizeBefore, sizeAfter, dropped, quarantine },
  });
  const nodes: StoredNode[] = [];
  frontier.append(leaf.hash, (level, index, hash) => {
    if (level % TILE_LEVELS === 0) nodes.push({ level, index, hash });
  });
  await storage.repair(quarantine, {
    expectedSize: sizeAfter,
    leaves: [{ index: sizeAfter, run: LOG_CHAIN, seq: chain.seq, hash: leaf.hash, bytes: leaf.bytes }],
    payloads: [],
    nodes,
    ...(identity === null
      ? {}
      : { mark: new TailMarker(identity.origin, identity.signer).markOf(frontier.size, frontier.root()) }),
  });
  return { sizeBefore, sizeAfter, dropped, fault };
}

async function lastNumberOf(reader: LogReader): Promise<number> {
  const runs = await reader.runs();
  for (let position = runs.length - 1; position >= 0; position -= 1) {
    const { run, first } = runs[position] as { run: string; first: number };
    if (isOwnChain(run) || runOfStatements(run) !== undefined) continue;
    const [leaf] = await reader.readLeaves(first, 1);
    const event = leaf === undefined ? "missing" : checkedEvent(leaf);
    if (typeof event === "string" || event.type !== "PLAN_FROZEN") {
      throw new AuditError("audit.log-damaged", `leaf ${first} does not start a run`, {
        index: first,
        fault: "not the start of a run",
      });
    }
    return event.data.number;
  }
  return 0;
}
