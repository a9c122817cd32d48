/**
 * The leaves of the log's own chain that travel with a run: rotations of the log's key up to the checkpoint, and redactions
 * of the run's payloads. `log-events.jsonl` holds their exact bytes, `log-proof.json` where they stand.
 *
 * @module
 */
import {
  type Digest,
  digestBytes,
  InclusionProof,
  LOG_CHAIN,
  parseCanonicalJson,
  type RunEvent,
} from "@canonic/contracts";
import { LOG_EVENTS, LOG_PROOF } from "./bundle-layout.ts";
import { readLeaf } from "./leaf.ts";
import { indexesOf } from "./run-proof.ts";
import { leafHash } from "./tree-hash.ts";

/** A rotation and a redaction are some 500 bytes each, and made by people. */
export const LOG_EVENTS_BYTES_MAX = 16 * 1024 * 1024;

export interface LogEventLine {
  readonly event: RunEvent;
  /** In the log's tree, as the proof says it. */
  readonly index: number;
  readonly hash: Uint8Array;
}

export interface LogEvents {
  /** Of both files: whoever reads them again sees whether they are the same. */
  readonly digests: ReadonlyMap<string, Digest>;
  readonly proof: InclusionProof;
  readonly lines: readonly LogEventLine[];
}

/** Reads both files strictly; undefined when a line is no event of the log's chain that belongs here, or the proof is none. */
export function parseLogEvents(events: Uint8Array, proofBytes: Uint8Array): LogEvents | undefined {
  const proof = proofOf(proofBytes);
  const lines = proof === undefined ? undefined : linesOf(events, indexesOf(proof.ranges));
  if (proof === undefined || lines === undefined) return undefined;
  const digests = new Map([
    [LOG_EVENTS, digestBytes(events)],
    [LOG_PROOF, digestBytes(proofBytes)],
  ]);
  return { digests, proof, lines };
}

function linesOf(bytes: Uint8Array, indexes: Iterator<number>): LogEventLine[] | undefined {
  const lines: LogEventLine[] = [];
  let from = 0;
  for (let end = bytes.indexOf(0x0a); end >= 0; end = bytes.indexOf(0x0a, from)) {
    const leaf = bytes.subarray(from, end);
    const event = eventOf(leaf);
    const index = indexes.next();
    const isNext = event !== undefined && event.seq > (lines.at(-1)?.event.seq ?? -1);
    if (!isNext || index.done === true) return undefined;
    lines.push({ event, index: index.value, hash: leafHash(leaf) });
    from = end + 1;
  }
  return from === bytes.length && lines.length > 0 && indexes.next().done === true ? lines : undefined;
}

function eventOf(leaf: Uint8Array): RunEvent | undefined {
  try {
    const event = readLeaf(leaf);
    const isHere = event.type === "KEY_ROTATED" || event.type === "PAYLOAD_REDACTED";
    return isHere && event.run === LOG_CHAIN ? event : undefined;
  } catch {
    return undefined;
  }
}

function proofOf(bytes: Uint8Array): InclusionProof | undefined {
  try {
    return InclusionProof.safeParse(parseCanonicalJson(bytes)).data;
  } catch {
    return undefined;
  }
}
