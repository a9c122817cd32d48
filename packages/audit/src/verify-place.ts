/**
 * The checkpoint of a bundle, and the proof of its run under it.
 *
 * @module
 */
import { InclusionProof } from "@canonic/contracts";
import type { AuthenticFiles } from "./authentic-files.ts";
import { CHECKPOINT, PROOF } from "./bundle-layout.ts";
import { openCheckpoint } from "./checkpoint.ts";
import type { Findings } from "./findings.ts";
import type { LogKeys } from "./log-keys.ts";
import type { VerifyOpening } from "./verify-context.ts";

/** Reads both; reports what is not signed, of another log, or malformed. */
export async function openPlace(
  files: AuthenticFiles,
  origin: string,
  keys: LogKeys,
  findings: Findings,
): Promise<Pick<VerifyOpening, "checkpoint" | "proof">> {
  const checkpoint = openTrusted(await files.bytes(CHECKPOINT), keys);
  if (checkpoint === undefined)
    findings.invalid("checkpoint-signature", CHECKPOINT, "the checkpoint is not one that a trusted key signed");
  else if (checkpoint.value.origin !== origin)
    findings.invalid("checkpoint-origin", CHECKPOINT, "the checkpoint is of another log");
  const value = await files.json(PROOF);
  const { data: proof } = InclusionProof.safeParse(value);
  if (proof === undefined && value !== undefined)
    findings.invalid("proof-malformed", PROOF, "the proof is not of its schema");
  return { checkpoint, proof };
}

/** A note counts when a key signed it that may sign a checkpoint of its size. */
export function openTrusted(note: Uint8Array | undefined, keys: LogKeys): VerifyOpening["checkpoint"] {
  try {
    if (note === undefined) return undefined;
    const value = openCheckpoint(note, keys.at(openCheckpoint(note, keys.all).size));
    return { note, value };
  } catch {
    return undefined;
  }
}
