/**
 * Walks a whole log and says everything that is wrong with it.
 *
 * Checked: every frame, leaf hash, canonical form and schema; the chain of every run, of the log and of authority; gap-free run numbers; the run index
 * against the leaves; every stored tree node, and that there is no other; that there is a checkpoint, its signature, size
 * and root; for its keeper, the mark of what is behind it; every payload's digest, and that the payloads are there which events or plans name: plan, registry, artifacts,
 * token claims, outputs, approvals, STOP records, what verdicts looked at, the text of a document record, the quarantine of
 * a repair, the signed bytes of a statement; and not there which were redacted. A statement stands behind its run's seal, in
 * order, and once; a rotation is signed by both keys, and each checkpoint by the one in force. Nothing is changed, but stored nodes when asked: they are derived.
 *
 * Invariants:
 *   K1. Total: damage is a finding, also when the store refuses to read; nothing but the store's absence throws.
 *   K2. Nodes are rebuilt from leaves only when every leaf is sound.
 *
 * @module
 */
import type { Digest, Reason } from "@canonic/contracts";
import type { NoteKey } from "./keys.ts";
import type { LogIdentity } from "./log-identity.ts";
import { LogWalk } from "./log-walk.ts";
import type { LogReader, LogStorage } from "./storage.ts";

export interface FsckOptions {
  /** Origin and keys of the log; without them the checkpoint's presence, signature and origin are not checked. */
  readonly trust?: { readonly origin: string; readonly keys: readonly NoteKey[] };
  /** Whose marks count: with it, leaves behind the checkpoint that the log's keeper did not write are found. */
  readonly keeper?: LogIdentity;
  /** Writes the tree nodes anew from the leaves. */
  readonly rebuildNodes?: boolean;
}

export interface FsckReport {
  readonly sound: boolean;
  /** At most 200 are kept. */
  readonly findings: readonly Reason[];
  readonly count: number;
  readonly leaves: number;
  readonly runs: number;
  readonly payloads: number;
  readonly nodes: number;
  readonly root: Digest;
  readonly rebuilt: boolean;
}

/** Checks a log. `rebuildNodes` needs a store that is open for writing. */
export async function fsck(
  storage: LogReader & Partial<Pick<LogStorage, "rebuildNodes">>,
  options: FsckOptions = {},
): Promise<FsckReport> {
  const walk = new LogWalk(storage, options);
  await walk.attempt("leaves", () => walk.checkLeaves());
  await walk.attempt("runs", () => walk.checkRuns());
  await walk.attempt("nodes", () => walk.checkNodes());
  await walk.attempt("checkpoint", () => walk.checkCheckpoint());
  await walk.attempt("tail", () => walk.checkTail());
  await walk.attempt("payloads", () => walk.checkPayloads());
  await walk.attempt("rebuild", () => walk.rebuild());
  return walk.report();
}
