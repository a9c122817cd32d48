/**
 * What is wrong with the tree nodes that a store derived from its leaves.
 *
 * @module
 */
import type { Reason } from "@canonic/contracts";
import type { LogReader, StoredNode } from "./storage.ts";
import { sameBytes } from "./tree-hash.ts";

const PAGE = 2048;

/** Holds the stored nodes against those that the leaves give: each is there, is right, and there is no other. */
export async function* nodeFindings(reader: LogReader, expected: readonly StoredNode[]): AsyncGenerator<Reason> {
  let known = 0;
  for (const [level, nodes] of byLevel(expected)) {
    let stored: readonly Uint8Array[] = [];
    let from = 0;
    for (const { index, hash } of nodes) {
      if (index >= from + stored.length) {
        from = index;
        stored = await reader.readNodes(level, from, PAGE);
      }
      const found = stored[index - from];
      const place = `node ${level}/${index}`;
      if (found === undefined) yield { code: "node-missing", place, message: "a tree node is not stored" };
      else if (!sameBytes(found, hash))
        yield { code: "node-wrong", place, message: "a stored tree node is not the hash of its leaves" };
      if (found !== undefined) known += 1;
    }
  }
  const count = await reader.nodeCount();
  if (count > known)
    yield { code: "node-alien", place: "nodes", message: `${count - known} stored tree nodes are of no leaves` };
}

function byLevel(nodes: readonly StoredNode[]): ReadonlyMap<number, readonly StoredNode[]> {
  const levels = new Map<number, StoredNode[]>();
  for (const node of nodes) {
    const same = levels.get(node.level);
    if (same === undefined) levels.set(node.level, [node]);
    else same.push(node);
  }
  return levels;
}
