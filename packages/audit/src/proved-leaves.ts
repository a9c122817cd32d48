/**
 * Leaves of the log's own chains as they travel with a run: their exact bytes as lines, and a proof of where they stand.
 *
 * Invariants:
 *   L1. Lines stand in the order of the log, each a strict leaf, each with one index of the proof, and none is left over.
 *   L2. They count as leaves of the log only when the root that they and the proof give is the checkpoint's.
 *
 * @module
 */
import { InclusionProof, parseCanonicalJson, type RunEvent } from "@canonic/contracts";
import type { Checkpoint } from "./checkpoint.ts";
import { readLeaf } from "./leaf.ts";
import { indexesOf, rootOfRunProof } from "./run-proof.ts";
import { leafHash, sameBytes } from "./tree-hash.ts";

export interface ProvedLine {
  readonly event: RunEvent;
  /** In the log's tree, as the proof says it. */
  readonly index: number;
  readonly hash: Uint8Array;
}

export interface ProvedLeaves {
  readonly proof: InclusionProof;
  readonly lines: readonly ProvedLine[];
}

/** Reads lines and proof strictly (L1); undefined when they are none, or `isHere` refuses an event. */
export function parseProvedLeaves(
  bytes: Uint8Array,
  proofBytes: Uint8Array,
  isHere: (event: RunEvent) => boolean,
): ProvedLeaves | undefined {
  const proof = proofOf(proofBytes);
  if (proof === undefined) return undefined;
  const indexes = indexesOf(proof.ranges);
  const lines: ProvedLine[] = [];
  let from = 0;
  for (let end = bytes.indexOf(0x0a); end >= 0; end = bytes.indexOf(0x0a, from)) {
    const leaf = bytes.subarray(from, end);
    const event = eventOf(leaf);
    const index = indexes.next();
    const isNext = event !== undefined && isHere(event) && event.seq > (lines.at(-1)?.event.seq ?? -1);
    if (!isNext || index.done === true) return undefined;
    lines.push({ event, index: index.value, hash: leafHash(leaf) });
    from = end + 1;
  }
  return from === bytes.length && lines.length > 0 && indexes.next().done === true ? { proof, lines } : undefined;
}

/** True when these leaves stand in the log that the checkpoint is of (L2). */
export function areInLog({ proof, lines }: ProvedLeaves, { size, root }: Checkpoint): boolean {
  if (proof.treeSize !== size) return false;
  const hashes = lines.map(({ hash }) => hash);
  const found = rootOfRunProof(proof, hashes);
  return found !== undefined && sameBytes(found, root);
}

function eventOf(leaf: Uint8Array): RunEvent | undefined {
  try {
    return readLeaf(leaf);
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
