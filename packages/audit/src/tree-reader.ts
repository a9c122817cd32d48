/**
 * The tree over a store: any node from the stored ones.
 *
 * Only the roots of tiles (levels 8, 16, 24 …) are stored; a node between two stored levels is recomputed from at most
 * 256 hashes below it, so any proof costs a handful of reads.
 *
 * @module
 */

import { AuditError } from "./errors.ts";
import { Frontier } from "./frontier.ts";
import type { Answer, LogReader } from "./storage.ts";
import { TILE_LEVELS } from "./storage.ts";
import { EMPTY_ROOT, nodeHash } from "./tree-hash.ts";

/** The root of the complete subtree of 2^level leaves that starts at leaf index * 2^level. */
export type NodeSource = (level: number, index: number) => Answer<Uint8Array>;

/**
 * Reads nodes from a log.
 *
 * @throws {AuditError} `audit.log-damaged` from the source when leaves or nodes are missing.
 */
export function nodesOf(reader: LogReader): NodeSource {
  return async (level, index) => {
    const stored = level - (level % TILE_LEVELS);
    const width = 2 ** (level - stored);
    const from = index * width;
    const hashes =
      stored === 0
        ? (await readLeavesFully(reader, from, width)).map((leaf) => leaf.hash)
        : await reader.readNodes(stored, from, width);
    if (hashes.length !== width) {
      const leaf = (from + hashes.length) * 2 ** stored;
      throw new AuditError("audit.log-damaged", `node ${index} of level ${level} cannot be computed`, {
        index: leaf,
        fault: "node-missing",
      });
    }
    return foldComplete(hashes);
  };
}

/** The root of the first `size` leaves, and the frontier to go on from there. */
export async function frontierAt(nodes: NodeSource, size: number): Promise<Frontier> {
  const roots: (Uint8Array | undefined)[] = [];
  let rest = size;
  for (let level = 0; rest > 0; level += 1) {
    roots.push(rest % 2 === 1 ? await nodes(level, rest - 1) : undefined);
    rest = Math.floor(rest / 2);
  }
  return new Frontier(size, roots);
}

/** The RFC 6962 hash of the leaves `[begin, end)`, which must be a subtree that occurs in a tree: begin aligned to it. */
export async function rangeRoot(nodes: NodeSource, begin: number, end: number): Promise<Uint8Array> {
  const width = end - begin;
  if (width === 0) return EMPTY_ROOT;
  const level = Math.log2(width);
  if (Number.isInteger(level)) return nodes(level, begin / width);
  const split = begin + splitOf(width);
  return nodeHash(await rangeRoot(nodes, begin, split), await rangeRoot(nodes, split, end));
}

/** The largest power of two below `size`; `size` is at least 2. */
export function splitOf(size: number): number {
  let split = 1;
  while (split * 2 < size) split *= 2;
  return split;
}

/** Leaves `[from, from + count)`, or as many of them as the store can tell apart. */
async function readLeavesFully(reader: LogReader, from: number, count: number) {
  const leaves = [...(await reader.readLeaves(from, count))];
  while (leaves.length < count) {
    const more = await reader.readLeaves(from + leaves.length, count - leaves.length);
    if (more.length === 0) break;
    leaves.push(...more);
  }
  return leaves;
}

function foldComplete(hashes: readonly Uint8Array[]): Uint8Array {
  let level = hashes;
  while (level.length > 1) {
    const above: Uint8Array[] = [];
    for (let index = 0; index < level.length; index += 2) {
      above.push(nodeHash(level[index] as Uint8Array, level[index + 1] as Uint8Array));
    }
    level = above;
  }
  return level[0] as Uint8Array;
}
