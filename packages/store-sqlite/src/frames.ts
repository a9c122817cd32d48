/**
 * Framed leaves: how a group of leaves lies in one row.
 *
 *     4 bytes  length of the leaf, big-endian
 *     4 bytes  key of the run in table `runs`
 *     4 bytes  seq
 *    32 bytes  leaf hash
 *     n bytes  the leaf
 *
 * One row per group instead of one per leaf: the cost of a row (statement, b-tree, binding) is paid once per commit.
 *
 * Invariants:
 *   F1. Decoding stops at the first frame that does not fit into its row; what was read before it stands.
 *
 * @module
 */
import type { StoredLeaf } from "./types.ts";

const HEAD = 44;
const LEAF_BYTES_MAX = 65_535;

/** Packs leaves; `keyOf` gives the number of a run. */
export function encodeFrames(leaves: readonly StoredLeaf[], keyOf: (run: string) => number): Buffer {
  let total = 0;
  for (const leaf of leaves) total += HEAD + leaf.bytes.length;
  const frames = Buffer.allocUnsafe(total);
  let offset = 0;
  for (const { run, seq, hash, bytes } of leaves) {
    frames.writeUInt32BE(bytes.length, offset);
    frames.writeUInt32BE(keyOf(run), offset + 4);
    frames.writeUInt32BE(seq, offset + 8);
    frames.set(hash, offset + 12);
    frames.set(bytes, offset + HEAD);
    offset += HEAD + bytes.length;
  }
  return frames;
}

/** Unpacks the leaves of a row whose first leaf has index `first`; `runOf` gives the run of a number. */
export function decodeFrames(
  first: number,
  frames: Uint8Array,
  runOf: (key: number) => string | undefined,
): StoredLeaf[] {
  const view = Buffer.from(frames.buffer, frames.byteOffset, frames.length);
  const leaves: StoredLeaf[] = [];
  let offset = 0;
  while (offset + HEAD <= view.length) {
    const sizeBytes = view.readUInt32BE(offset);
    const end = offset + HEAD + sizeBytes;
    const run = runOf(view.readUInt32BE(offset + 4));
    if (sizeBytes > LEAF_BYTES_MAX || end > view.length || run === undefined) break;
    leaves.push({
      index: first + leaves.length,
      run,
      seq: view.readUInt32BE(offset + 8),
      hash: view.subarray(offset + 12, offset + HEAD),
      bytes: view.subarray(offset + HEAD, end),
    });
    offset = end;
  }
  return leaves;
}

/** The bytes that the first `count` frames of a row take; all of it when they cannot be told apart. */
export function framesLength(frames: Uint8Array, count: number): number {
  const view = new DataView(frames.buffer, frames.byteOffset, frames.length);
  let offset = 0;
  for (let frame = 0; frame < count && offset + HEAD <= frames.length; frame += 1)
    offset += HEAD + view.getUint32(offset);
  return Math.min(offset, frames.length);
}
