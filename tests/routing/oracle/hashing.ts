/**
 * Digests and the Merkle tree hash, by the definitions: recursion over slices, no state, no cache of nodes.
 *
 * @see RFC 6962 sections 2.1 and 2.1.1. RFC 8785 for the bytes.
 * @module
 */
import { createHash } from "node:crypto";
import { canonicalJson, type JsonValue } from "@canonic/contracts";

function sha256(...parts: readonly (Uint8Array | string)[]): Buffer {
  const hash = createHash("sha256");
  for (const part of parts) hash.update(part);
  return hash.digest();
}

/** As records spell it. */
export function spell(hash: Uint8Array): string {
  return `sha256:${Buffer.from(hash).toString("hex")}`;
}

const remembered = new WeakMap<object, string>();

/** The digest of a value's canonical JSON. Objects are never changed after they were asked for; of each the answer is kept. */
export function digestOf(value: unknown): string {
  if (typeof value !== "object" || value === null) return spell(sha256(canonicalJson(value as JsonValue)));
  const known = remembered.get(value);
  if (known !== undefined) return known;
  const made = spell(sha256(canonicalJson(value as JsonValue)));
  remembered.set(value, made);
  return made;
}

export function leafHash(leaf: string): Buffer {
  return sha256(Uint8Array.of(0), leaf);
}

function nodeHash(left: Uint8Array, right: Uint8Array): Buffer {
  return sha256(Uint8Array.of(1), left, right);
}

/** The largest power of two that is smaller than `size`; `size` is at least 2. */
function splitOf(size: number): number {
  let split = 1;
  while (split * 2 < size) split *= 2;
  return split;
}

/** MTH of RFC 6962 2.1, over hashes of leaves. */
export function treeHash(leaves: readonly Uint8Array[]): Uint8Array {
  if (leaves.length === 0) return sha256();
  if (leaves.length === 1) return leaves[0] as Uint8Array;
  const split = splitOf(leaves.length);
  return nodeHash(treeHash(leaves.slice(0, split)), treeHash(leaves.slice(split)));
}

/** PATH of RFC 6962 2.1.1, from the leaf upwards. */
export function inclusionPath(index: number, leaves: readonly Uint8Array[]): Uint8Array[] {
  if (leaves.length <= 1) return [];
  const split = splitOf(leaves.length);
  return index < split
    ? [...inclusionPath(index, leaves.slice(0, split)), treeHash(leaves.slice(split))]
    : [...inclusionPath(index - split, leaves.slice(split)), treeHash(leaves.slice(0, split))];
}

/** The root that a leaf and its path lead to, or null where the path has not the length that the place asks for. */
export function rootFromPath(
  leaf: Uint8Array,
  index: number,
  size: number,
  path: readonly Uint8Array[],
): Uint8Array | null {
  if (index < 0 || index >= size) return null;
  if (size === 1) return path.length === 0 ? leaf : null;
  const last = path.at(-1);
  if (last === undefined) return null;
  const split = splitOf(size);
  const rest = path.slice(0, -1);
  if (index < split) {
    const left = rootFromPath(leaf, index, split, rest);
    return left === null ? null : nodeHash(left, last);
  }
  const right = rootFromPath(leaf, index - split, size - split, rest);
  return right === null ? null : nodeHash(last, right);
}
