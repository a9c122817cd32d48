/**
 * Adds where the log stood when the run began: the signed checkpoint that PLAN_FROZEN names, and the proof that the log
 * only grew from there to the bundle's checkpoint. Nothing is added for a run of a log without a signer.
 *
 * @module
 */
import { type ConsistencyProof, canonicalBytes, digestFromBytes } from "@canonic/contracts";
import { CONSISTENCY, START_CHECKPOINT } from "./bundle-layout.ts";
import { readCheckpoint } from "./checkpoint.ts";
import { type ExportContext, incomplete } from "./export-context.ts";
import { proveConsistency } from "./proof.ts";
import { nodesOf } from "./tree-reader.ts";

export async function addStart(context: ExportContext): Promise<void> {
  const [first] = context.record.events;
  if (first?.type !== "PLAN_FROZEN" || first.data.checkpoint === undefined) return;
  const note = await context.payload(first.data.checkpoint);
  if (note === undefined) throw incomplete("the checkpoint that the run began with");
  const from = readCheckpoint(note).size;
  const to = context.checkpoint.size;
  // The empty tree is a prefix of every tree: there is nothing to prove, and RFC 6962 has no proof of it.
  const hashes = from === 0 ? [] : await proveConsistency(nodesOf(context.options.storage), from, to);
  const proof: ConsistencyProof = {
    schema: "canonic/consistency-proof/v1",
    from,
    to,
    hashes: hashes.map(digestFromBytes),
  };
  context.add(START_CHECKPOINT, note);
  context.add(CONSISTENCY, canonicalBytes(proof));
}
