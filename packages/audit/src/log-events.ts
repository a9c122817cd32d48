/**
 * The leaves of the log's own chain that travel with a run: rotations of the log's key up to the checkpoint, and redactions
 * of the run's payloads. `log-events.jsonl` holds their exact bytes, `log-proof.json` where they stand.
 *
 * @module
 */
import { type Digest, digestBytes, LOG_CHAIN } from "@canonic/contracts";
import { LOG_EVENTS, LOG_PROOF } from "./bundle-layout.ts";
import { type ProvedLeaves, parseProvedLeaves } from "./proved-leaves.ts";

/** A rotation and a redaction are some 500 bytes each, and made by people. */
export const LOG_EVENTS_BYTES_MAX = 16 * 1024 * 1024;
/** Of a proof for them: some 50,000 hashes. It is read before anything is authenticated, and must be cheap to refuse. */
export const LOG_PROOF_BYTES_MAX = 4 * 1024 * 1024;

export interface LogEvents extends ProvedLeaves {
  /** Of both files: whoever reads them again sees whether they are the same. */
  readonly digests: ReadonlyMap<string, Digest>;
}

/** Reads both files strictly; undefined when a line is no event of the log's chain that belongs here, or the proof is none. */
export function parseLogEvents(events: Uint8Array, proof: Uint8Array): LogEvents | undefined {
  const leaves = parseProvedLeaves(
    events,
    proof,
    ({ run, type }) => run === LOG_CHAIN && (type === "KEY_ROTATED" || type === "PAYLOAD_REDACTED"),
  );
  if (leaves === undefined) return undefined;
  const digests = new Map([
    [LOG_EVENTS, digestBytes(events)],
    [LOG_PROOF, digestBytes(proof)],
  ]);
  return { ...leaves, digests };
}
