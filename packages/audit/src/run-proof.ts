/**
 * One proof for all leaves of a run: which index ranges they take, and the roots of everything between.
 *
 * The tree is walked from the left. A subtree without a leaf of the run stands as its root when it is complete and is
 * split when it is not; a leaf of the run stands as itself. With the run's leaves in hand the root follows.
 *
 * Invariants:
 *   M1. Ranges are ordered, apart from each other, inside the tree, and hold exactly as many leaves as are given.
 *   M2. Every hash of the proof is used once, in order, and none is left over.
 *
 * @see RFC 6962, section 2.1.
 * @module
 */
import { digestFromBytes, digestToBytes, type InclusionProof } from "@canonic/contracts";
import { AuditError } from "./errors.ts";
import { nodeHash } from "./tree-hash.ts";
import { type NodeSource, splitOf } from "./tree-reader.ts";

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
  const gaps: { readonly level: number; readonly index: number }[] = [];
  walk(
    ranges,
    treeSize,
    () => null,
    (begin, width) => {
      gaps.push({ level: Math.log2(width), index: begin / width });
      return null;
    },
    () => null,
  );
  const hashes = [];
  for (const { level, index } of gaps) hashes.push(digestFromBytes(await nodes(level, index)));
  return { schema: "canonic/inclusion-proof/v1", treeSize, ranges, hashes };
}

/**
 * Recomputes the root of the tree that a proof speaks of.
 *
 * @param leaves - The leaf hashes of the run in order.
 * @returns The root, or undefined when the proof does not fit itself or the leaves (M1, M2).
 */
export function rootOfRunProof(proof: InclusionProof, leaves: readonly Uint8Array[]): Uint8Array | undefined {
  const { ranges, treeSize, hashes } = proof;
  if (!areRangesIn(ranges, treeSize)) return undefined;
  if (ranges.reduce((sum, [begin, end]) => sum + (end - begin), 0) !== leaves.length) return undefined;
  let [leaf, gap] = [0, 0];
  const nextGap = () => {
    const hash = hashes[gap];
    gap += 1;
    return hash === undefined ? undefined : digestToBytes(hash);
  };
  const root = walk<Uint8Array | undefined>(
    ranges,
    treeSize,
    () => leaves[leaf++],
    nextGap,
    (left, right) => (left === undefined || right === undefined ? undefined : nodeHash(left, right)),
  );
  return gap === hashes.length ? root : undefined;
}

/** Folds a tree from the left: `onLeaf` for each leaf of the ranges, `onGap` for each complete subtree without one. */
function walk<T>(
  ranges: readonly Range[],
  treeSize: number,
  onLeaf: () => T,
  onGap: (begin: number, width: number) => T,
  join: (left: T, right: T) => T,
): T {
  let current = 0;
  const visit = (begin: number, end: number): T => {
    while (current < ranges.length && (ranges[current] as Range)[1] <= begin) current += 1;
    const width = end - begin;
    const isTouched = current < ranges.length && (ranges[current] as Range)[0] < end;
    if (!isTouched && Number.isInteger(Math.log2(width))) return onGap(begin, width);
    if (width === 1) return onLeaf();
    const split = begin + splitOf(width);
    const left = visit(begin, split);
    return join(left, visit(split, end));
  };
  return visit(0, treeSize);
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
