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
 *   R4. Opening reads of an own chain its last leaf before the tail, not the chain: what stands before the checkpoint is
 *       held by its root.
 *
 * @module
 */
import { AUTHORITY_CHAIN, digestBytes, digestFromBytes, LOG_CHAIN, type RunEvent } from "@canonic/contracts";
import { type ChainState, followChain, isOwnChain, type OwnChain, ownChainAt } from "./chain.ts";
import { type Checkpoint, openCheckpoint, readCheckpoint } from "./checkpoint.ts";
import { AuditError } from "./errors.ts";
import type { Frontier } from "./frontier.ts";
import type { NoteKey } from "./keys.ts";
import { readLeaf, writeLeaf } from "./leaf.ts";
import type { LogReader, LogStorage, StoredLeaf, StoredNode } from "./storage.ts";
import { TILE_LEVELS } from "./storage.ts";
import { leafHash, sameBytes } from "./tree-hash.ts";
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
  /** Where the chain of authority stands. */
  readonly authority: ChainState;
  readonly repaired: Repair | null;
  /** True when a run was sealed and no checkpoint covers the seal: a crash came between the two. */
  readonly owesCheckpoint: boolean;
}

/**
 * Verifies the tail of a log and cuts off what is torn.
 *
 * @param trust - Origin and keys of this log's checkpoints; null when the log is kept without a signer.
 * @throws {AuditError} `audit.checkpoint-missing`, `audit.log-behind-checkpoint`, `audit.checkpoint-mismatch`,
 *   `audit.log-damaged`, `audit.note-invalid`, `audit.checkpoint-invalid`.
 */
export async function recoverLog(
  storage: LogStorage,
  now: () => string,
  trust: { readonly origin: string; readonly keys: readonly NoteKey[] } | null,
): Promise<RecoveredLog> {
  const note = await storage.checkpoint();
  const checkpoint = note === undefined ? undefined : trustedCheckpoint(note, trust);
  const size = await storage.size();
  if (checkpoint === undefined && trust !== null && size > 0)
    throw new AuditError("audit.checkpoint-missing", `the log has ${size} leaves and no checkpoint`, { size });
  const verifiedSize = checkpoint?.size ?? 0;
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
  const { fault, seals } = await verifyTail(storage, verifiedSize, size, frontier);
  const repaired = fault === null ? null : await repair(storage, now, size, fault, frontier);
  const lastNumber = await lastNumberOf(storage);
  const authority = await ownChainBefore(storage, AUTHORITY_CHAIN, frontier.size);
  return { frontier, checkpoint: note, lastNumber, authority, repaired, owesCheckpoint: seals > 0 };
}

/** The events of a run before index `end`, in order, each leaf checked against its hash and its strict form. */
export async function* readRunStrictly(
  reader: LogReader,
  run: string,
  end = Number.POSITIVE_INFINITY,
): AsyncGenerator<{ leaf: StoredLeaf; event: RunEvent }> {
  let seq = 0;
  for (;;) {
    const page = await reader.readRun(run, seq, PAGE);
    if (page.length === 0) return;
    for (const leaf of page) {
      if (leaf.index >= end) return;
      const event = checkedEvent(leaf);
      if (typeof event === "string") {
        throw new AuditError("audit.log-damaged", `leaf ${leaf.index}: ${event}`, { index: leaf.index, fault: event });
      }
      yield { leaf, event };
    }
    seq += page.length;
  }
}

/** A stored leaf's event, or what is wrong with the leaf by itself. */
export function checkedEvent(leaf: StoredLeaf): RunEvent | string {
  if (!sameBytes(leafHash(leaf.bytes), leaf.hash)) return "bytes that are not those of its hash";
  let event: RunEvent;
  try {
    event = readLeaf(leaf.bytes);
  } catch {
    return "bytes that are not canonical JSON of a valid event";
  }
  return event.run === leaf.run && event.seq === leaf.seq ? event : "a frame that names another run or seq";
}

function trustedCheckpoint(
  note: Uint8Array,
  trust: { readonly origin: string; readonly keys: readonly NoteKey[] } | null,
): Checkpoint {
  if (trust === null) return readCheckpoint(note);
  const checkpoint = openCheckpoint(note, trust.keys);
  if (checkpoint.origin === trust.origin) return checkpoint;
  throw new AuditError("audit.checkpoint-invalid", "the checkpoint is of another log", {
    fault: "of this log's origin",
  });
}

/** Walks `[from, size)`, growing the frontier leaf by leaf, up to the first bad one; counts the seals in front of it. */
async function verifyTail(
  storage: LogStorage,
  from: number,
  size: number,
  frontier: Frontier,
): Promise<{ fault: string | null; seals: number }> {
  const chains = new Map<string, ChainState>();
  let seals = 0;
  let fault: string | null = null;
  while (fault === null && frontier.size < size) {
    const page = await storage.readLeaves(frontier.size, PAGE);
    if (page.length === 0) fault = "a frame that cannot be read";
    for (const leaf of page) {
      fault = await verifyLeaf(storage, leaf, from, frontier.size, chains);
      if (fault !== null) break;
      frontier.append(leaf.hash);
      if (chains.get(leaf.run)?.sealed === true) seals += 1;
    }
  }
  return { fault, seals };
}

async function verifyLeaf(
  storage: LogStorage,
  leaf: StoredLeaf,
  from: number,
  index: number,
  chains: Map<string, ChainState>,
) {
  if (leaf.index !== index) return `index ${leaf.index} where ${index} is next`;
  const event = checkedEvent(leaf);
  if (typeof event === "string") return event;
  const isStart = event.seq === 0 && !isOwnChain(leaf.run);
  const known = chains.get(leaf.run) ?? (isStart ? undefined : await chainBefore(storage, leaf.run, from));
  const next = followChain(known, event, digestFromBytes(leaf.hash));
  if (typeof next === "string") return next;
  chains.set(leaf.run, next);
  return null;
}

/** The chain of a run as the leaves before index `end` leave it; undefined when none of them is of the run. */
async function chainBefore(storage: LogStorage, run: string, end: number): Promise<ChainState | undefined> {
  if (isOwnChain(run)) return ownChainBefore(storage, run, end);
  let state: ChainState | undefined;
  for await (const { leaf, event } of readRunStrictly(storage, run, end)) {
    const next = followChain(state, event, digestFromBytes(leaf.hash));
    if (typeof next === "string")
      throw new AuditError("audit.log-damaged", `leaf ${leaf.index}: ${next}`, { index: leaf.index, fault: next });
    state = next;
  }
  return state;
}

/** The same of an own chain, from its last leaf alone (R4): its length is found by halving. */
async function ownChainBefore(storage: LogStorage, run: OwnChain, end: number): Promise<ChainState> {
  const leafAt = async (seq: number) => {
    const [leaf] = await storage.readRun(run, seq, 1);
    return leaf !== undefined && leaf.index < end ? leaf : undefined;
  };
  let [known, beyond] = [0, 1];
  while ((await leafAt(beyond - 1)) !== undefined) [known, beyond] = [beyond, beyond * 2];
  while (beyond - known > 1) {
    const middle = Math.floor((known + beyond) / 2);
    if ((await leafAt(middle - 1)) === undefined) beyond = middle;
    else known = middle;
  }
  if (known === 0) return ownChainAt(run);
  const leaf = (await leafAt(known - 1)) as StoredLeaf;
  const event = checkedEvent(leaf);
  const fault =
    typeof event === "string" ? event : event.seq === known - 1 ? null : `seq ${event.seq} for ${known - 1}`;
  if (fault !== null)
    throw new AuditError("audit.log-damaged", `leaf ${leaf.index}: ${fault}`, { index: leaf.index, fault });
  return ownChainAt(run, known, digestFromBytes(leaf.hash));
}

async function repair(
  storage: LogStorage,
  now: () => string,
  sizeBefore: number,
  fault: string,
  frontier: Frontier,
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
  });
  return { sizeBefore, sizeAfter, dropped, fault };
}

async function lastNumberOf(reader: LogReader): Promise<number> {
  const runs = await reader.runs();
  for (let position = runs.length - 1; position >= 0; position -= 1) {
    const { run, first } = runs[position] as { run: string; first: number };
    if (isOwnChain(run)) continue;
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
