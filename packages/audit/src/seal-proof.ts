/**
 * The seal of a run in the log, as a proof that other people's clients read: `seal.tlog-proof`.
 *
 * It says nothing that `proof.json` does not; it is there for who has no verifier of bundles.
 *
 * Invariants:
 *   S1. It is under the bundle's own checkpoint, byte for byte: what a client accepts here is what the verifier judged.
 *
 * @module
 */
import { SEAL_PROOF } from "./bundle-layout.ts";
import type { ExportContext } from "./export-context.ts";
import { isIncluded, proveInclusion } from "./proof.ts";
import { type LogProof, parseLogProof, printLogProof } from "./tlog-proof.ts";
import { sameBytes } from "./tree-hash.ts";
import { nodesOf } from "./tree-reader.ts";
import type { VerifiedLeaf, VerifyOpening, VerifyReader } from "./verify-context.ts";

/** Adds the proof of a sealed run's last leaf. */
export async function addSealProof(context: ExportContext): Promise<void> {
  const { record, options, checkpoint, note } = context;
  const seal = record.leaves.at(-1);
  if (!record.chain.sealed || seal === undefined) return;
  const hashes = await proveInclusion(nodesOf(options.storage), seal.index, checkpoint.size);
  context.add(SEAL_PROOF, printLogProof({ index: seal.index, hashes, checkpoint: note }));
}

/** Holds the proof of a bundle, when it has one, to the seal that passes by. */
export function sealProofReader(opening: VerifyOpening): VerifyReader {
  let seal: VerifiedLeaf | undefined;
  return {
    next(event, leaf) {
      if (event.type === "RUN_SEALED") seal = leaf;
    },
    async end({ files, findings }) {
      const bytes = files.has(SEAL_PROOF) ? await files.bytes(SEAL_PROOF) : undefined;
      if (bytes === undefined || opening.checkpoint === undefined) return;
      const proof = parsed(bytes);
      if (proof === undefined)
        findings.invalid("seal-proof-malformed", SEAL_PROOF, "the proof of the seal is not a tlog-proof");
      else if (!provesSeal(proof, seal, opening))
        findings.invalid(
          "seal-proof-wrong",
          SEAL_PROOF,
          "the proof is not of the run's seal under the bundle's checkpoint",
        );
    },
  };
}

function provesSeal(
  { index, hashes, checkpoint: note }: LogProof,
  seal: VerifiedLeaf | undefined,
  { checkpoint }: VerifyOpening,
): boolean {
  if (seal === undefined || checkpoint === undefined) return false;
  const { size, root } = checkpoint.value;
  return sameBytes(note, checkpoint.note) && index === seal.index && isIncluded(seal.hash, index, size, root, hashes);
}

function parsed(bytes: Uint8Array): LogProof | undefined {
  try {
    return parseLogProof(bytes);
  } catch {
    return undefined;
  }
}
