/**
 * The right edge of a growing tree: what an append needs, and nothing else.
 *
 * For a tree of n leaves it holds the roots of its complete subtrees from the left, one for each bit that is set in n.
 *
 * Invariants:
 *   F1. One append costs one node hash on average, and at most the height of the tree.
 *   F2. `root()` is the RFC 6962 tree head of exactly the leaves that were appended.
 *
 * @see RFC 6962, section 2.1; "compact range" in transparency-dev/merkle.
 * @module
 */
import { EMPTY_ROOT, nodeHash } from "./tree-hash.ts";

/** Called for each node that an append completes: level 1 has two leaves below it, `index` counts within the level. */
export type NodeSink = (level: number, index: number, hash: Uint8Array) => void;

export class Frontier {
  #size: number;
  readonly #roots: (Uint8Array | undefined)[];

  /** @param roots - By level: the roots of the complete subtrees of a tree of `size` leaves; none for the empty one. */
  constructor(size = 0, roots: readonly (Uint8Array | undefined)[] = []) {
    this.#size = size;
    this.#roots = [...roots];
  }

  /** The number of leaves. */
  get size(): number {
    return this.#size;
  }

  append(leaf: Uint8Array, sink?: NodeSink): void {
    let hash = leaf;
    let level = 0;
    let index = this.#size;
    while (index % 2 === 1) {
      hash = nodeHash(this.#roots[level] as Uint8Array, hash);
      this.#roots[level] = undefined;
      index = (index - 1) / 2;
      level += 1;
      sink?.(level, index, hash);
    }
    this.#roots[level] = hash;
    this.#size += 1;
  }

  root(): Uint8Array {
    let root: Uint8Array | undefined;
    for (const subtree of this.#roots) {
      if (subtree !== undefined) root = root === undefined ? subtree : nodeHash(subtree, root);
    }
    return root ?? EMPTY_ROOT;
  }
}
