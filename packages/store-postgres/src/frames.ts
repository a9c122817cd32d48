/**
 * Framed leaves: the bytes of a tail, as a repair puts them into quarantine.
 *
 *     4 bytes  length of the leaf, big-endian
 *     2 bytes  length of the run's name in UTF-8
 *     4 bytes  seq
 *    32 bytes  leaf hash
 *     n bytes  the run's name, then the leaf
 *
 * @module
 */
import type { StoredLeaf } from "./types.ts";

export function encodeFrames(leaves: readonly StoredLeaf[]): Buffer {
  return Buffer.concat(
    leaves.flatMap(({ run, seq, hash, bytes }) => {
      const name = Buffer.from(run);
      const head = Buffer.alloc(10);
      head.writeUInt32BE(bytes.length, 0);
      head.writeUInt16BE(name.length, 4);
      head.writeUInt32BE(seq, 6);
      return [head, hash, name, bytes];
    }),
  );
}
