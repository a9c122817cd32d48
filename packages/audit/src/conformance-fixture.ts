/**
 * What the conformance cases write, and how they look at what they find.
 *
 * @module
 */
import { digestBytes } from "@canonic/contracts";
import type { LogBatch, LogStorage, StoredLeaf } from "./storage.ts";
import { leafHash } from "./tree-hash.ts";

/** Three runs, interleaved, in groups of different sizes. */
export function* batches(_storage: LogStorage): Generator<LogBatch> {
  let size = 0;
  const seqs = new Map<string, number>();
  for (const count of [3, 1, 7, 2, 5]) {
    const rows = Array.from({ length: count }, (_, offset): [string, number] => {
      const run = ["run_a", "run_b", "run_c"][(size + offset) % 3] as string;
      const seq = seqs.get(run) ?? 0;
      seqs.set(run, seq + 1);
      return [run, seq];
    });
    yield group(size, rows, [payload(`payload ${size}`)]);
    size += count;
  }
}

export function group(
  expectedSize: number,
  rows: readonly (readonly [string, number])[],
  payloads: LogBatch["payloads"] = [],
): LogBatch {
  return {
    expectedSize,
    leaves: rows.map(([run, seq], offset) => leaf(expectedSize + offset, run, seq)),
    payloads,
    nodes: [],
  };
}

export function leaf(
  index: number,
  run: string,
  seq: number,
  bytes: Uint8Array = Buffer.from(`leaf ${index} of ${run}`),
): StoredLeaf {
  return { index, run, seq, hash: leafHash(bytes), bytes };
}

export function payload(content: string) {
  return { digest: digestBytes(content), bytes: Buffer.from(content) };
}

export async function readAll(storage: LogStorage): Promise<readonly StoredLeaf[]> {
  const leaves: StoredLeaf[] = [];
  for (;;) {
    const page = await storage.readLeaves(leaves.length, 4);
    if (page.length === 0) return leaves;
    leaves.push(...page);
  }
}

export function plain(leaves: readonly StoredLeaf[]) {
  return leaves.map(({ index, run, seq, hash, bytes }) => ({
    index,
    run,
    seq,
    hash: hex(hash),
    bytes: digestBytes(bytes),
  }));
}

export function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("hex");
}

export function hexOf(bytes: Uint8Array | undefined): string | undefined {
  return bytes && hex(bytes);
}

export function text(bytes: Uint8Array | undefined): string | undefined {
  return bytes && Buffer.from(bytes).toString();
}

export function isCoded(suffix: string) {
  return (error: unknown) => error instanceof Error && "code" in error && String(error.code).endsWith(suffix);
}
