/**
 * Where the log stood when the run began, held to where it stands in the bundle: a log that was rolled back or rewritten
 * since the run's first event has no consistency proof.
 *
 * Invariants:
 *   G1. The start checkpoint is the one that the run's first leaf names, signed by the key in force for its size, of this
 *       log, and not of a tree that holds that leaf already.
 *   G2. The empty tree is a prefix of every tree; of every other start the proof is RFC 6962's.
 *
 * @module
 */
import { ConsistencyProof, type Digest, digestBytes, digestToBytes } from "@canonic/contracts";
import { CONSISTENCY, START_CHECKPOINT } from "./bundle-layout.ts";
import type { Checkpoint } from "./checkpoint.ts";
import { isConsistent } from "./proof.ts";
import { EMPTY_ROOT, sameBytes } from "./tree-hash.ts";
import type { VerifyContext, VerifyOpening, VerifyReader } from "./verify-context.ts";
import { openTrusted } from "./verify-place.ts";

export function startReader(opening: VerifyOpening): VerifyReader {
  let start: { readonly named: Digest | undefined; readonly index: number | undefined } | undefined;
  return {
    next(event, { index }) {
      if (event.type === "PLAN_FROZEN") start ??= { named: event.data.checkpoint, index };
    },
    end: (context) => verifyStart(context, opening, start?.named, start?.index),
  };
}

async function verifyStart(
  { files, findings }: VerifyContext,
  opening: VerifyOpening,
  named: Digest | undefined,
  index: number | undefined,
): Promise<void> {
  const invalid = (code: string, message: string) => findings.invalid(code, START_CHECKPOINT, message);
  if (!files.has(START_CHECKPOINT)) {
    if (named !== undefined)
      findings.open("start-missing", START_CHECKPOINT, "the checkpoint that the run began with is not in the bundle");
    if (files.has(CONSISTENCY)) invalid("start-unnamed", "there is a proof from a checkpoint that is not there");
    return;
  }
  const note = await files.bytes(START_CHECKPOINT);
  if (note === undefined) return;
  if (digestBytes(note) !== named)
    return invalid("start-unnamed", "the run began with another checkpoint, or with none");
  const start = openTrusted(note, opening.keys)?.value;
  if (start === undefined) return invalid("start-signature", "the key in force for its size did not sign it");
  if (start.origin !== opening.manifest.origin) return invalid("start-origin", "the checkpoint is of another log");
  if (index !== undefined && start.size > index)
    return invalid("start-late", "the checkpoint covers the run's first event, and cannot be from before it");
  const value = await files.json(CONSISTENCY);
  if (value === undefined || opening.checkpoint === undefined) return;
  const proof = ConsistencyProof.safeParse(value).data;
  if (proof === undefined) findings.invalid("consistency-malformed", CONSISTENCY, "the proof is not of its schema");
  else if (!isProved(proof, start, opening.checkpoint.value))
    findings.invalid("consistency-wrong", CONSISTENCY, "the log at the run's start is not a prefix of the log now");
}

function isProved({ from, to, hashes }: ConsistencyProof, start: Checkpoint, end: Checkpoint): boolean {
  if (from !== start.size || to !== end.size) return false;
  if (from === 0) return hashes.length === 0 && sameBytes(start.root, EMPTY_ROOT);
  return isConsistent(from, to, start.root, end.root, hashes.map(digestToBytes));
}
