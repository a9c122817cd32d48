/**
 * Where the run stands in the log: the checkpoint over it, and the proof of its leaves under that checkpoint.
 *
 * Invariants:
 *   C1. A checkpoint that only a bundle knows is never signed: a later recovery of the log could contradict it.
 *   C2. The proof was recomputed from the leaves that are exported, and gives the checkpoint's root.
 *
 * @module
 */
import { canonicalBytes, type JsonValue } from "@canonic/contracts";
import { CHECKPOINT, PROOF } from "./bundle-layout.ts";
import { type Checkpoint, openCheckpoint, readCheckpoint, signCheckpoint } from "./checkpoint.ts";
import { AuditError } from "./errors.ts";
import { type ExportContext, type ExportOptions, incomplete } from "./export-context.ts";
import type { NoteSigner } from "./keys.ts";
import { readLogChain } from "./log-chain.ts";
import { identityAt, ownKeysAt } from "./log-identity.ts";
import { proveRun, rootOfRunProof } from "./run-proof.ts";
import { isMarked, markersOf } from "./tail-mark.ts";
import { sameBytes } from "./tree-hash.ts";
import { frontierAt, nodesOf } from "./tree-reader.ts";

/**
 * The log's checkpoint when it covers the first `end` leaves, else one over the whole log, signed and stored now (C1); and
 * who signs a bundle under it.
 */
export async function checkpointOver(
  end: number,
  { storage, identity, under }: Pick<ExportOptions, "storage" | "identity" | "under">,
): Promise<{ readonly note: Uint8Array; readonly checkpoint: Checkpoint; readonly signer: NoteSigner }> {
  const { origin } = identity;
  const { keys } = await readLogChain(storage, origin);
  const signedBy = (size: number) => identityAt(identity, keys, size).signer;
  const isCovering = under !== undefined && readCheckpoint(under).size >= end;
  const kept = isCovering ? under : await storage.checkpoint();
  const last = kept === undefined ? undefined : readCheckpoint(kept);
  if (kept !== undefined && last !== undefined && last.size >= end) {
    openCheckpoint(kept, ownKeysAt(identity, keys, last.size));
    return { note: kept, checkpoint: last, signer: signedBy(last.size) };
  }
  const size = await storage.size();
  const root = (await frontierAt(nodesOf(storage), size)).root();
  if (size > (last?.size ?? 0) && !(await isMarked(storage, markersOf(identity), size, root)))
    throw new AuditError("audit.tail-unmarked", "the log's keeper did not write its last leaves", { size });
  const signer = signedBy(size);
  const note = signCheckpoint({ origin, size, root }, signer);
  if (!(await storage.swapCheckpoint?.(kept, note))) throw incomplete("a checkpoint that covers the run");
  return { note, checkpoint: readCheckpoint(note), signer };
}

export async function addProof(context: ExportContext): Promise<void> {
  const { note, checkpoint, record, options } = context;
  const indexes = record.leaves.map(({ index }) => index);
  const proof = await proveRun(nodesOf(options.storage), indexes, checkpoint.size);
  const root = rootOfRunProof(
    proof,
    record.leaves.map(({ hash }) => hash),
  );
  if (root === undefined || !sameBytes(root, checkpoint.root))
    throw new AuditError("audit.checkpoint-mismatch", "the log does not have the root of its checkpoint", {
      size: checkpoint.size,
    });
  context.add(CHECKPOINT, note);
  context.add(PROOF, canonicalBytes(proof as JsonValue));
}
