import { digestFromBytes } from "@canonic/contracts";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Frontier } from "../src/frontier.ts";
import { createMemoryStorage, type NodeSource, nodesOf, type StoredNode } from "../src/index.ts";
import { isConsistent, isIncluded, proveConsistency, proveInclusion } from "../src/proof.ts";
import { proveRun, RunProofFold, rootOfRunProof, toRanges } from "../src/run-proof.ts";
import { leafHash } from "../src/tree-hash.ts";
import { naiveConsistency, naivePath, naiveRoot } from "./naive-tree.ts";

const hex = (hashes: readonly Uint8Array[]) => hashes.map((hash) => Buffer.from(hash).toString("hex"));
const leavesOf = (count: number) => Array.from({ length: count }, (_, index) => Buffer.from(`leaf ${index}`));
const size = fc.integer({ min: 1, max: 700 });

/** A store that holds the leaves and the tile roots, and nothing else: what a real one has. */
async function nodesOver(leaves: readonly Uint8Array[]): Promise<NodeSource> {
  const storage = createMemoryStorage();
  const frontier = new Frontier();
  const nodes: StoredNode[] = [];
  const stored = leaves.map((bytes, index) => {
    const hash = leafHash(bytes);
    frontier.append(
      hash,
      (level, position, node) => level % 8 === 0 && nodes.push({ level, index: position, hash: node }),
    );
    return { index, run: "run", seq: index, hash, bytes };
  });
  await storage.append({ expectedSize: 0, leaves: stored, payloads: [], nodes });
  return nodesOf(storage);
}

describe("the frontier", () => {
  test("has the root of RFC 6962 after every append (F2)", () => {
    const frontier = new Frontier();
    const leaves = leavesOf(130);

    const roots = [frontier.root()];
    for (const leaf of leaves) {
      frontier.append(leafHash(leaf));
      roots.push(frontier.root());
    }

    expect(hex(roots)).toEqual(hex(Array.from({ length: 131 }, (_, count) => naiveRoot(leaves.slice(0, count)))));
  });

  test("completes less than one inner node for each leaf (F1)", () => {
    const frontier = new Frontier();
    let completed = 0;
    for (let index = 0; index < 5000; index += 1) frontier.append(leafHash(Buffer.of(1)), () => (completed += 1));

    expect(completed).toBeLessThan(5000);
    expect(completed).toBeGreaterThan(4980);
  });
});

describe("proofs from stored nodes", () => {
  test("of inclusion are the paths of RFC 6962, and verify", async () => {
    await fc.assert(
      fc.asyncProperty(size, fc.nat(), async (count, seed) => {
        const leaves = leavesOf(count);
        const index = seed % count;

        const proof = await proveInclusion(await nodesOver(leaves), index, count);

        expect(hex(proof)).toEqual(hex(naivePath(index, leaves)));
        expect(isIncluded(leafHash(leaves[index] as Buffer), index, count, naiveRoot(leaves), proof)).toBe(true);
      }),
      { numRuns: 60 },
    );
  });

  test("of consistency are the proofs of RFC 6962, and verify", async () => {
    await fc.assert(
      fc.asyncProperty(size, fc.nat(), async (size2, seed) => {
        const leaves = leavesOf(size2);
        const size1 = 1 + (seed % size2);

        const proof = await proveConsistency(await nodesOver(leaves), size1, size2);

        expect(hex(proof)).toEqual(hex(naiveConsistency(size1, leaves)));
        expect(isConsistent(size1, size2, naiveRoot(leaves.slice(0, size1)), naiveRoot(leaves), proof)).toBe(true);
      }),
      { numRuns: 60 },
    );
  });

  test("never verify with a bit, a hash, an index or a size changed (P1)", async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 2, max: 300 }), fc.nat(), fc.nat(), async (count, seed, bit) => {
        const leaves = leavesOf(count);
        const index = seed % count;
        const leaf = leafHash(leaves[index] as Buffer);
        const root = naiveRoot(leaves);
        const proof = await proveInclusion(await nodesOver(leaves), index, count);
        const flipped = proof.map((hash) => Uint8Array.from(hash));
        const target = flipped[bit % flipped.length] as Uint8Array;
        target[bit % 32] = (target[bit % 32] as number) ^ (1 << (bit % 8));

        expect(isIncluded(leaf, index, count, root, flipped)).toBe(false);
        expect(isIncluded(leaf, index, count, root, proof.slice(1))).toBe(false);
        expect(isIncluded(leaf, index, count, root, [...proof, root])).toBe(false);
        expect(isIncluded(leaf, (index + 1) % count, count, root, proof)).toBe(false);
      }),
      { numRuns: 60 },
    );
  });

  test.each([
    [-1, 4],
    [4, 4],
    [0, 0],
    [0.5, 4],
    [Number.NaN, 4],
  ])("for index %s of %s are refused", async (index, count) => {
    await expect(proveInclusion(await nodesOver(leavesOf(4)), index, count)).rejects.toMatchObject({
      code: "audit.proof-range",
    });
  });
});

describe("the proof of a run", () => {
  const runIn = fc
    .integer({ min: 1, max: 600 })
    .chain((count) =>
      fc.tuple(
        fc.constant(count),
        fc.uniqueArray(fc.integer({ min: 0, max: count - 1 }), { minLength: 1, maxLength: 40 }),
      ),
    );

  test("recomputes the root from the run's leaves and no other", async () => {
    await fc.assert(
      fc.asyncProperty(runIn, async ([count, picked]) => {
        const leaves = leavesOf(count);
        const indexes = picked.sort((a, b) => a - b);

        const proof = await proveRun(await nodesOver(leaves), indexes, count);
        const root = rootOfRunProof(
          proof,
          indexes.map((index) => leafHash(leaves[index] as Buffer)),
        );

        expect(root && hex([root])).toEqual(hex([naiveRoot(leaves)]));
      }),
      { numRuns: 80 },
    );
  });

  test("says of each leaf as it comes where it stands, and of one too many nothing", async () => {
    await fc.assert(
      fc.asyncProperty(runIn, async ([count, picked]) => {
        const leaves = leavesOf(count);
        const indexes = picked.sort((a, b) => a - b);
        const fold = new RunProofFold(await proveRun(await nodesOver(leaves), indexes, count));

        const found = indexes.map((index) => fold.next(leafHash(leaves[index] as Buffer)));
        const root = fold.root();
        const beyond = fold.next(leafHash(Buffer.of()));

        expect(found).toEqual(indexes);
        expect(root && hex([root])).toEqual(hex([naiveRoot(leaves)]));
        expect([beyond, fold.root()]).toEqual([undefined, undefined]);
      }),
      { numRuns: 40 },
    );
  });

  test("with leaves missing gives no root", async () => {
    const { proof, hashes } = await good();

    expect(hashes.map((_, count) => rootOfRunProof(proof, hashes.slice(0, count)))).toEqual(
      hashes.map(() => undefined),
    );
  });

  test("is as small as the gaps need: one run alone needs no hash", async () => {
    const proof = await proveRun(
      await nodesOver(leavesOf(37)),
      Array.from({ length: 37 }, (_, index) => index),
      37,
    );

    expect(proof).toEqual({ schema: "canonic/inclusion-proof/v1", treeSize: 37, ranges: [[0, 37]], hashes: [] });
  });

  const good = async () => {
    const leaves = leavesOf(21);
    const indexes = [3, 4, 9, 20];
    return {
      proof: await proveRun(await nodesOver(leaves), indexes, 21),
      hashes: indexes.map((index) => leafHash(leaves[index] as Buffer)),
      root: naiveRoot(leaves),
    };
  };

  test.each([
    [
      "a range moved",
      {
        ranges: [
          [2, 4],
          [9, 10],
          [20, 21],
        ],
      },
    ],
    [
      "two ranges swapped",
      {
        ranges: [
          [9, 10],
          [3, 5],
          [20, 21],
        ],
      },
    ],
    [
      "ranges that touch",
      {
        ranges: [
          [3, 4],
          [4, 5],
          [9, 10],
          [20, 21],
        ],
      },
    ],
    [
      "a range outside",
      {
        ranges: [
          [3, 5],
          [9, 10],
          [21, 22],
        ],
      },
    ],
    [
      "an empty range",
      {
        ranges: [
          [3, 5],
          [9, 10],
          [20, 21],
          [21, 21],
        ],
      },
    ],
    ["a larger tree", { treeSize: 22 }],
    ["a smaller tree", { treeSize: 20 }],
    ["no hashes", { hashes: [] }],
    ["a hash too many", null],
  ])("does not give the root with %s (M1, M2)", async (_title, change) => {
    const { proof, hashes, root } = await good();
    const extra = { hashes: [...proof.hashes, digestFromBytes(root)] };
    const mutated = { ...proof, ...(change === null ? extra : change) } as typeof proof;

    const found = rootOfRunProof(mutated, hashes);

    expect(hex([rootOfRunProof(proof, hashes) as Uint8Array])).toEqual(hex([root]));
    expect(found === undefined || Buffer.compare(found, root) !== 0).toBe(true);
  });

  test("joins neighbours into ranges", () => {
    expect(toRanges([0, 1, 2, 5, 7, 8])).toEqual([
      [0, 3],
      [5, 6],
      [7, 9],
    ]);
  });
});
