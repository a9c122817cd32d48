/**
 * Inclusion and consistency proofs: made from stored nodes, verified from hashes alone.
 *
 * Verification is written once, for a subtree `[start, end)` of a tree; with `start` 0 it is RFC 6962's own.
 *
 * Invariants:
 *   P1. Verification never trusts the length of a proof: one hash too few or too many is refused.
 *   P2. A consistency proof from the empty tree proves nothing and is refused, unless both trees are empty.
 *
 * @see RFC 6962, sections 2.1.1 and 2.1.2. RFC 9162, sections 2.1.3.2 and 2.1.4.2, for the loops.
 *   draft-ietf-plants-merkle-tree-certs, section 4, for subtrees.
 * @module
 */
import { AuditError } from "./errors.ts";
import { EMPTY_ROOT, HASH_BYTES, nodeHash, sameBytes } from "./tree-hash.ts";
import { type NodeSource, rangeRoot, splitOf } from "./tree-reader.ts";

/**
 * The audit path of leaf `index` in the tree of the first `size` leaves, from the leaf's sibling up.
 *
 * @throws {AuditError} `audit.proof-range` unless 0 <= index < size.
 */
export async function proveInclusion(nodes: NodeSource, index: number, size: number): Promise<Uint8Array[]> {
  checkRange(index, size);
  const proof: Uint8Array[] = [];
  let begin = 0;
  let end = size;
  while (end - begin > 1) {
    const split = begin + splitOf(end - begin);
    const isLeft = index < split;
    proof.push(await (isLeft ? rangeRoot(nodes, split, end) : rangeRoot(nodes, begin, split)));
    if (isLeft) end = split;
    else begin = split;
  }
  return proof.reverse();
}

/**
 * The proof that the tree of the first `size1` leaves is a prefix of the tree of the first `size2`.
 *
 * @throws {AuditError} `audit.proof-range` unless 1 <= size1 <= size2.
 */
export async function proveConsistency(nodes: NodeSource, size1: number, size2: number): Promise<Uint8Array[]> {
  checkRange(size1 - 1, size2);
  const proof: Uint8Array[] = [];
  let begin = 0;
  let end = size2;
  while (end !== size1) {
    const split = begin + splitOf(end - begin);
    const isLeft = size1 <= split;
    proof.push(await (isLeft ? rangeRoot(nodes, split, end) : rangeRoot(nodes, begin, split)));
    if (isLeft) end = split;
    else begin = split;
  }
  if (begin > 0) proof.push(await rangeRoot(nodes, begin, end));
  return proof.reverse();
}

/** True when `proof` shows that the leaf stands at `index` in the tree of `size` leaves with this root. */
export function isIncluded(
  leaf: Uint8Array,
  index: number,
  size: number,
  root: Uint8Array,
  proof: readonly Uint8Array[],
): boolean {
  return isIncludedInSubtree(leaf, index, 0, size, root, proof);
}

/** True when `proof` shows that the tree of `size2` leaves starts with the tree of `size1` leaves. */
export function isConsistent(
  size1: number,
  size2: number,
  root1: Uint8Array,
  root2: Uint8Array,
  proof: readonly Uint8Array[],
): boolean {
  if (size1 === 0)
    return size2 === 0 && proof.length === 0 && sameBytes(root1, EMPTY_ROOT) && sameBytes(root2, EMPTY_ROOT);
  return isConsistentSubtree(0, size1, size2, root1, root2, proof);
}

/** True when `proof` shows that the leaf stands at `index` in the subtree `[start, end)` with this root. */
export function isIncludedInSubtree(
  leaf: Uint8Array,
  index: number,
  start: number,
  end: number,
  root: Uint8Array,
  proof: readonly Uint8Array[],
): boolean {
  if (
    !isSubtree(start, end) ||
    !Number.isSafeInteger(index) ||
    index < start ||
    index >= end ||
    !areHashes([leaf, ...proof])
  )
    return false;
  let node = index - start;
  let last = end - start - 1;
  let hash = leaf;
  for (const sibling of proof) {
    if (last === 0) return false;
    if (node % 2 === 1 || node === last) {
      hash = nodeHash(sibling, hash);
      while (node % 2 === 0 && node !== 0) {
        node = half(node);
        last = half(last);
      }
    } else {
      hash = nodeHash(hash, sibling);
    }
    node = half(node);
    last = half(last);
  }
  return last === 0 && sameBytes(hash, root);
}

/** True when `proof` shows that the leaves `[start, end)`, whose root is `root1`, stand so in the tree with `root2`. */
export function isConsistentSubtree(
  start: number,
  end: number,
  size: number,
  root1: Uint8Array,
  root2: Uint8Array,
  proof: readonly Uint8Array[],
): boolean {
  if (!Number.isSafeInteger(size) || end > size || !areHashes(proof)) return false;
  if (start === end) return start >= 0 && proof.length === 0 && sameBytes(root1, EMPTY_ROOT);
  if (!isSubtree(start, end)) return false;
  let [first, last, top] = [start, end - 1, size - 1];
  const shift = () => {
    [first, last, top] = [half(first), half(last), half(top)];
  };
  if (last === top) while (first !== last) shift();
  else while (first !== last && last % 2 === 1) shift();
  const known = first === last ? root1 : proof[0];
  if (known === undefined) return false;
  let [hash1, hash2] = [known, known];
  for (const sibling of first === last ? proof : proof.slice(1)) {
    if (top === 0) return false;
    if (last % 2 === 1 || last === top) {
      if (first < last) hash1 = nodeHash(sibling, hash1);
      hash2 = nodeHash(sibling, hash2);
      while (last % 2 === 0 && last !== 0) shift();
    } else {
      hash2 = nodeHash(hash2, sibling);
    }
    shift();
  }
  return top === 0 && sameBytes(hash1, root1) && sameBytes(hash2, root2);
}

/** A subtree starts at a multiple of the smallest power of two that is not less than its width. */
function isSubtree(start: number, end: number): boolean {
  if (!Number.isSafeInteger(start) || !Number.isSafeInteger(end) || start < 0 || start >= end) return false;
  let ceiling = 1;
  while (ceiling < end - start) ceiling *= 2;
  return start % ceiling === 0;
}

function areHashes(proof: readonly Uint8Array[]): boolean {
  return proof.every((hash) => hash.length === HASH_BYTES);
}

/** Bit operators work on 32 bits; sizes go to 2^53. */
function half(value: number): number {
  return Math.floor(value / 2);
}

function checkRange(index: number, size: number): void {
  if (Number.isSafeInteger(index) && Number.isSafeInteger(size) && index >= 0 && index < size) return;
  throw new AuditError("audit.proof-range", `no proof for ${index} in a tree of ${size} leaves`, { index, size });
}
