/** Every published vector of transparency-dev/merkle's testdata: inclusion, consistency, and both for subtrees. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { isConsistent, isConsistentSubtree, isIncluded, isIncludedInSubtree } from "../src/proof.ts";

type Vector = Record<string, unknown> & { readonly desc: string; readonly wantErr: boolean };

const vectors = process.env["CANONIC_VECTORS"] ?? fileURLToPath(new URL("../../../../shared/vectors", import.meta.url));
const root = join(vectors, "rfc6962", "testdata");
const bytes = (vector: Vector, field: string) => Buffer.from(String(vector[field] ?? ""), "base64");
const proofOf = (vector: Vector) => ((vector["proof"] ?? []) as string[]).map((hash) => Buffer.from(hash, "base64"));
const number = (vector: Vector, field: string) => Number(vector[field] ?? 0);

const kinds: Record<string, (vector: Vector) => boolean> = {
  consistency: (v) =>
    isConsistent(number(v, "size1"), number(v, "size2"), bytes(v, "root1"), bytes(v, "root2"), proofOf(v)),
  inclusion: (v) =>
    isIncluded(bytes(v, "leafHash"), number(v, "leafIdx"), number(v, "treeSize"), bytes(v, "root"), proofOf(v)),
  subtreeconsistency: (v) =>
    isConsistentSubtree(
      number(v, "start"),
      number(v, "end"),
      number(v, "size"),
      bytes(v, "root1"),
      bytes(v, "root2"),
      proofOf(v),
    ),
  subtreeinclusion: (v) =>
    isIncludedInSubtree(
      bytes(v, "leafHash"),
      number(v, "leafIdx"),
      number(v, "start"),
      number(v, "end"),
      bytes(v, "root"),
      proofOf(v),
    ),
};

describe.skipIf(!existsSync(root))("published vectors", () => {
  test.each(Object.keys(kinds))("%s: every one is accepted or refused as it says", (kind) => {
    const files = readdirSync(join(root, kind), { recursive: true, encoding: "utf8" }).filter((name) =>
      name.endsWith(".json"),
    );
    const found = files.map((name) => {
      const vector = JSON.parse(readFileSync(join(root, kind, name), "utf8")) as Vector;
      return { name, accepted: kinds[kind]?.(vector), wanted: !vector.wantErr };
    });

    expect(found.length).toBeGreaterThan(90);
    expect(found.filter(({ wanted }) => wanted).length).toBeGreaterThan(4);
    expect(found.filter(({ accepted, wanted }) => accepted !== wanted)).toEqual([]);
  });
});
