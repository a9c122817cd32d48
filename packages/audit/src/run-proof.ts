/**
 * One proof for all leaves of a run: which index ranges they take, and the roots of everything between.
 *
 * The tree is covered from the left by complete subtrees: a leaf of the run is one by itself, and what lies between is
 * covered by the largest that begin where the last one ended. With the run's leaves in hand the root follows, for each
 * leaf as it comes: what is kept is one root for each bit of the number of leaves so far.
 *
 * Invariants:
 *   M1. Ranges are ordered, apart from each other, inside the tree, and hold exactly as many leaves as are given.
 *   M2. Every hash of the proof is used once, in order, and none is left over.
 *   M3. Proving and recomputing cover the tree by the same function.
 *
 * @see RFC 6962, section 2.1.
 * @module
 */
import { type Digest, digestFromBytes, digestToBytes, type InclusionProof } from "@canonic/contracts";
import { AuditError } from "./errors.ts";
import { nodeHash } from "./tree-hash.ts";
import type { NodeSource } from "./tree-reader.ts";

type Range = InclusionProof["ranges"][number];

/** Joins ascending leaf indexes into half-open ranges. */
export function toRanges(indexes: readonly number[]): Range[] {
  const ranges: Range[] = [];
  for (const index of indexes) {
    const last = ranges.at(-1);
    if (last !== undefined && last[1] === index) last[1] = index + 1;
    else ranges.push([index, index + 1]);
  }
  return ranges;
}

/** The indexes of ranges, first to last; ranges that do not fit each other give some indexes, and an end. */
export function* indexesOf(ranges: readonly Range[]): Generator<number, undefined> {
  for (const [begin, end] of ranges) for (let index = begin; index < end; index += 1) yield index;
  return undefined;
}

/**
 * Proves the leaves at `indexes`, ascending, in the tree of the first `treeSize` leaves.
 *
 * @throws {AuditError} `audit.proof-range` when they do not lie in that tree.
 */
export async function proveRun(
  nodes: NodeSource,
  indexes: readonly number[],
  treeSize: number,
): Promise<InclusionProof> {
  const ranges = toRanges(indexes);
  if (!areRangesIn(ranges, treeSize)) {
    throw new AuditError("audit.proof-range", `the leaves do not lie in order in a tree of ${treeSize}`, {
      index: indexes.at(-1) ?? -1,
      size: treeSize,
    });
  }
  const hashes: Digest[] = [];
  let end = 0;
  for (const [from, to] of [...ranges, [treeSize, treeSize] as const]) {
    for (const { level, index } of cover(end, from)) hashes.push(digestFromBytes(await nodes(level, index)));
    end = to;
  }
  return { schema: "canonic/inclusion-proof/v1", treeSize, ranges, hashes };
}

/**
 * Recomputes the root of the tree that a proof speaks of.
 *
 * @param leaves - The leaf hashes of the run in order.
 * @returns The root, or undefined when the proof does not fit itself or the leaves (M1, M2).
 */
export function rootOfRunProof(proof: InclusionProof, leaves: readonly Uint8Array[]): Uint8Array | undefined {
  const fold = new RunProofFold(proof);
  for (const leaf of leaves) fold.next(leaf);
  return fold.root();
}

/** Recomputes the root as the leaves of the run come, in order; nothing of a leaf is kept. */
export class RunProofFold {
  readonly #proof: InclusionProof;
  /** Complete subtrees from the left, each smaller than the one before; one spells its size. */
  readonly #stack: { readonly width: number; readonly hash: Uint8Array }[] = [];
  #isSound: boolean;
  #range = 0;
  #gaps = 0;
  /** Leaves of the tree that are covered. */
  #end = 0;

  constructor(proof: InclusionProof) {
    this.#proof = proof;
    this.#isSound = areRangesIn(proof.ranges, proof.treeSize);
  }

  /** @returns Where the leaf stands in the log; undefined once proof and leaves do not fit. */
  next(leaf: Uint8Array): number | undefined {
    const { ranges } = this.#proof;
    const range = ranges[this.#range];
    if (range === undefined) this.#isSound = false;
    if (!this.#isSound || range === undefined) return undefined;
    if (this.#end < range[0]) this.#skipTo(range[0]);
    const index = this.#end;
    this.#push(leaf, 1);
    if (this.#end === range[1]) this.#range += 1;
    return this.#isSound ? index : undefined;
  }

  /** The root, when every leaf of the ranges was given and every hash of the proof was used. */
  root(): Uint8Array | undefined {
    const { ranges, hashes, treeSize } = this.#proof;
    if (!this.#isSound || this.#range !== ranges.length) return undefined;
    this.#skipTo(treeSize);
    if (!this.#isSound || this.#gaps !== hashes.length) return undefined;
    return this.#stack.reduceRight<Uint8Array | undefined>(
      (right, { hash }) => (right === undefined ? hash : nodeHash(hash, right)),
      undefined,
    );
  }

  #skipTo(end: number): void {
    for (const { width } of cover(this.#end, end)) {
      const hash = this.#proof.hashes[this.#gaps];
      this.#gaps += 1;
      if (hash === undefined) {
        this.#isSound = false;
        return;
      }
      this.#push(digestToBytes(hash), width);
    }
  }

  #push(hash: Uint8Array, width: number): void {
    this.#end += width;
    let [joined, size] = [hash, width];
    for (let last = this.#stack.at(-1); last?.width === size; last = this.#stack.at(-1)) {
      joined = nodeHash(last.hash, joined);
      size *= 2;
      this.#stack.pop();
    }
    this.#stack.push({ width: size, hash: joined });
  }
}

/** The fewest complete subtrees that cover the leaves from `begin` to `end`, left to right. */
function* cover(begin: number, end: number): Generator<{ width: number; level: number; index: number }> {
  for (let at = begin; at < end; ) {
    let [width, level] = [1, 0];
    while (at % (width * 2) === 0 && at + width * 2 <= end) {
      width *= 2;
      level += 1;
    }
    yield { width, level, index: at / width };
    at += width;
  }
}

function areRangesIn(ranges: readonly Range[], treeSize: number): boolean {
  if (ranges.length === 0 || !Number.isSafeInteger(treeSize)) return false;
  let end = -1;
  for (const [from, to] of ranges) {
    if (from <= end || to <= from) return false;
    end = to;
  }
  return end <= treeSize;
}
