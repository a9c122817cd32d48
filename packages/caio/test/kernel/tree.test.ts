import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { isLeafOf, MerkleTree } from "../../src/kernel/tree.ts";

const leaf = (index: number) => Buffer.from(`leaf ${index}`);
const treeOf = (size: number) =>
  new MerkleTree(size, 16, (index, into) => {
    into[0] = 0;
    return 1 + leaf(index).copy(into, 1);
  });

test("the root is the one that RFC 6962 defines by recursion, for every size to 70 (T2)", () => {
  for (let size = 0; size <= 70; size += 1) {
    const leaves = Array.from({ length: size }, (_, index) => leaf(index));
    expect(Buffer.from(treeOf(size).root)).toEqual(naiveRoot(leaves));
  }
});

test("every leaf is proved by its path, and by no other place, leaf, length or size (T3)", () => {
  let proofs = 0;
  for (let size = 1; size <= 33; size += 1) {
    const tree = treeOf(size);
    for (let index = 0; index < size; index += 1) {
      const path = tree.path(index);
      expect(isLeafOf(leaf(index), index, size, path, tree.root)).toBe(true);
      expect(isLeafOf(leaf(index + 1), index, size, path, tree.root)).toBe(false);
      expect(isLeafOf(leaf(index), index, size, [...path, Buffer.alloc(32)], tree.root)).toBe(false);
      if (path.length > 0) expect(isLeafOf(leaf(index), index, size, path.slice(1), tree.root)).toBe(false);
      for (let other = 0; other < size; other += 1) {
        if (other !== index) expect(isLeafOf(leaf(index), other, size, path, tree.root)).toBe(false);
      }
      expect(isLeafOf(leaf(index), size, size, path, tree.root)).toBe(false);
      proofs += 1;
    }
  }
  expect(proofs).toBe((33 * 34) / 2);
});

/** MTH of RFC 6962, section 2.1. */
function naiveRoot(leaves: readonly Buffer[]): Buffer {
  const sha = (...parts: Buffer[]) => createHash("sha256").update(Buffer.concat(parts)).digest();
  if (leaves.length === 0) return sha();
  if (leaves.length === 1) return sha(Buffer.of(0), leaves[0] as Buffer);
  let split = 1;
  while (split * 2 < leaves.length) split *= 2;
  return sha(Buffer.of(1), naiveRoot(leaves.slice(0, split)), naiveRoot(leaves.slice(split)));
}
