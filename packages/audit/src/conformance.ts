/**
 * What every log store must do, as cases to run in any test framework.
 *
 *     for (const { title, run } of testLogStorage(make)) test(title, run);
 *
 * @module
 */
import { deepStrictEqual, ok, rejects, strictEqual } from "node:assert/strict";
import { type Digest, digestBytes } from "@canonic/contracts";
import { batches, group, hex, hexOf, isCoded, leaf, payload, plain, readAll, text } from "./conformance-fixture.ts";
import type { LogBatch, LogStorage, StoredLeaf } from "./storage.ts";
import { leafHash } from "./tree-hash.ts";

/** A store under test: opens the same log again and again; at most one is open at a time. */
export interface StorageFixture {
  /** Opens the log; the first time it is empty. */
  open(): LogStorage | Promise<LogStorage>;
}

export interface ConformanceCase {
  readonly title: string;
  readonly run: () => Promise<void>;
}

type Case = (fixture: StorageFixture) => Promise<void>;

/** The cases; `make` gives a new, empty log for each. */
export function testLogStorage(make: () => StorageFixture | Promise<StorageFixture>): ConformanceCase[] {
  return Object.entries(cases).map(([title, run]) => ({ title, run: async () => run(await make()) }));
}

const cases: Readonly<Record<string, Case>> = {
  "starts empty": async (fixture) => {
    const storage = await fixture.open();
    strictEqual(await storage.size(), 0);
    deepStrictEqual(await storage.readLeaves(0, 10), []);
    deepStrictEqual(await storage.runs(), []);
    strictEqual(await storage.checkpoint(), undefined);
    strictEqual(await storage.payload(digestBytes("none")), undefined);
    await storage.close();
  },
  "gives leaves back byte for byte, by index and by run (S3)": async (fixture) => {
    const storage = await fixture.open();
    const written = [...batches(storage)];
    for (const batch of written) await storage.append(batch);
    const leaves = written.flatMap(({ leaves }) => leaves);
    deepStrictEqual(plain(await readAll(storage)), plain(leaves));
    for (const run of ["run_a", "run_b", "run_c"]) {
      const expected = leaves.filter((leaf) => leaf.run === run);
      deepStrictEqual(plain(await storage.readRun(run, 0, 1000)), plain(expected));
      deepStrictEqual(plain(await storage.readRun(run, 3, 2)), plain(expected.slice(3, 5)));
      deepStrictEqual(await storage.readRun(run, expected.length, 10), []);
    }
    deepStrictEqual(await storage.readRun("run_none", 0, 10), []);
    deepStrictEqual(await storage.runs(), [
      { run: "run_a", first: 0 },
      { run: "run_b", first: 1 },
      { run: "run_c", first: 2 },
    ]);
    await storage.close();
  },
  "reads any page from any place, across groups": async (fixture) => {
    const storage = await fixture.open();
    for (const batch of batches(storage)) await storage.append(batch);
    const all = plain(await readAll(storage));
    for (let from = 0; from <= all.length; from += 1) {
      for (const limit of [1, 2, 7, 1000]) {
        const page = plain(await storage.readLeaves(from, limit));
        deepStrictEqual(page, all.slice(from, from + page.length));
        ok(page.length > 0 || from === all.length, `an empty page at ${from} of ${all.length}`);
        ok(page.length <= limit);
      }
    }
    await storage.close();
  },
  "keeps everything over a close (S1)": async (fixture) => {
    const first = await fixture.open();
    for (const batch of batches(first)) await first.append(batch);
    await first.swapCheckpoint(undefined, Buffer.from("one"));
    const leaves = plain(await readAll(first));
    await first.close();
    const second = await fixture.open();
    deepStrictEqual(plain(await readAll(second)), leaves);
    deepStrictEqual(text(await second.checkpoint()), "one");
    deepStrictEqual(text(await second.payload(digestBytes("payload 0"))), "payload 0");
    await second.append(
      group(await second.size(), [
        ["run_a", 6],
        ["run_d", 0],
      ]),
    );
    deepStrictEqual((await second.readRun("run_a", 6, 10)).length, 1);
    await second.close();
  },
  "refuses a batch for another size, and writes nothing of it (S1, S2)": async (fixture) => {
    const storage = await fixture.open();
    await storage.append(group(0, [["run_a", 0]]));
    const wrong = group(2, [["run_a", 1]], [payload("not kept")]);
    await rejects(async () => storage.append(wrong), isCoded(".size-conflict"));
    strictEqual(await storage.size(), 1);
    strictEqual(await storage.payload(digestBytes("not kept")), undefined);
    await storage.append(group(1, [["run_a", 1]]));
    strictEqual(await storage.size(), 2);
    await storage.close();
  },
  "keeps one copy of equal payloads and lists digests in order": async (fixture) => {
    const storage = await fixture.open();
    const payloads = Array.from({ length: 25 }, (_, index) => payload(`payload ${index}`));
    await storage.append(group(0, [["run_a", 0]], payloads));
    await storage.append(group(1, [["run_a", 1]], payloads.slice(5)));
    const sorted = payloads.map(({ digest }) => digest).sort();
    deepStrictEqual(await storage.payloadDigests(null, 1000), sorted);
    deepStrictEqual(await storage.payloadDigests(sorted[9] as Digest, 4), sorted.slice(10, 14));
    deepStrictEqual(await storage.payloadDigests(sorted.at(-1) as Digest, 4), []);
    await storage.close();
  },
  "takes leaves and payloads of every length, up to the largest": async (fixture) => {
    const storage = await fixture.open();
    const lengths = [0, 1, 255, 256, 4096, 65_535];
    const leaves = lengths.map((length, index) => leaf(index, "run_a", index, Buffer.alloc(length, index)));
    const large = { digest: digestBytes(Buffer.alloc(3_000_000, 7)), bytes: Buffer.alloc(3_000_000, 7) };
    await storage.append({ expectedSize: 0, leaves, payloads: [large], nodes: [] });
    deepStrictEqual(plain(await readAll(storage)), plain(leaves));
    strictEqual(digestBytes((await storage.payload(large.digest)) as Uint8Array), large.digest);
    await storage.close();
  },
  "owns its copy of what it was given": async (fixture) => {
    const storage = await fixture.open();
    const batch = group(0, [["run_a", 0]], [payload("mine")]);
    const before = plain(batch.leaves);
    await storage.append(batch);
    (batch.leaves[0] as StoredLeaf).bytes.fill(0);
    batch.payloads[0]?.bytes.fill(0);
    deepStrictEqual(plain(await storage.readLeaves(0, 1)), before);
    deepStrictEqual(text(await storage.payload(digestBytes("mine"))), "mine");
    await storage.close();
  },
  "stores nodes by level and replaces them when they are rebuilt": async (fixture) => {
    const storage = await fixture.open();
    const node = (level: number, index: number, name: string) => ({ level, index, hash: leafHash(Buffer.from(name)) });
    await storage.append({ ...group(0, [["run_a", 0]]), nodes: [node(8, 0, "a"), node(8, 1, "b"), node(16, 0, "c")] });
    deepStrictEqual(
      (await storage.readNodes(8, 0, 10)).map(hex),
      [node(8, 0, "a"), node(8, 1, "b")].map(({ hash }) => hex(hash)),
    );
    deepStrictEqual((await storage.readNodes(8, 1, 1)).map(hex), [hex(node(8, 1, "b").hash)]);
    deepStrictEqual(await storage.readNodes(24, 0, 10), []);
    await storage.rebuildNodes([node(8, 0, "d")]);
    deepStrictEqual((await storage.readNodes(8, 0, 10)).map(hex), [hex(node(8, 0, "d").hash)]);
    deepStrictEqual(await storage.readNodes(16, 0, 10), []);
    await storage.close();
  },
  "swaps the checkpoint only for the one that is there (S4)": async (fixture) => {
    const storage = await fixture.open();
    strictEqual(await storage.swapCheckpoint(Buffer.from("zero"), Buffer.from("one")), false);
    strictEqual(await storage.checkpoint(), undefined);
    strictEqual(await storage.swapCheckpoint(undefined, Buffer.from("one")), true);
    strictEqual(await storage.swapCheckpoint(undefined, Buffer.from("two")), false);
    strictEqual(await storage.swapCheckpoint(Buffer.from("one"), Buffer.from("two")), true);
    deepStrictEqual(text(await storage.checkpoint()), "two");
    await storage.close();
  },
  "cuts a tail into quarantine and appends in one step, at any place (S5)": async (fixture) => {
    const storage = await fixture.open();
    const written = [...batches(storage)];
    for (const batch of written) await storage.append(batch);
    const all = plain(await readAll(storage));
    for (const size of [all.length - 1, 14, 9, 3]) {
      const tail = await storage.tail(size);
      const digest = digestBytes(tail);
      await rejects(async () => storage.repair(digestBytes("other"), group(size, [["log", 0]])), isCoded(""));
      await storage.repair(digest, group(size, [["log", 0]]));
      strictEqual(await storage.size(), size + 1);
      deepStrictEqual(plain(await readAll(storage)).slice(0, size), all.slice(0, size));
      deepStrictEqual(hex((await storage.quarantined(digest)) as Uint8Array), hex(tail));
      for (const run of ["run_a", "run_b", "run_c"]) {
        deepStrictEqual(
          plain(await storage.readRun(run, 0, 1000)),
          all.slice(0, size).filter((found) => found.run === run),
        );
      }
      deepStrictEqual((await storage.runs()).at(-1), { run: "log", first: size });
    }
    await storage.append(
      group(4, [
        ["run_b", 1],
        ["run_e", 0],
      ]),
    );
    strictEqual((await readAll(storage)).length, 6);
    await storage.close();
  },
  "keeps the mark of a batch with the batch's last leaf, over a close (S8)": async (fixture) => {
    const first = await fixture.open();
    const two = (from: number): LogBatch => ({
      ...group(from, [
        ["run_a", from],
        ["run_a", from + 1],
      ]),
      mark: leafHash(Buffer.of(from)),
    });
    await first.append(two(0));
    const { mark: _, ...unmarked } = two(2);
    await first.append(unmarked);
    const batch = two(4);
    await first.append(batch);
    batch.mark?.fill(0);
    await first.append({ ...group(6, []), mark: leafHash(Buffer.of(9)) });
    const marks = async (storage: LogStorage) =>
      Promise.all([0, 1, 2, 3, 4, 5, 6, 7].map(async (size) => hexOf(await storage.mark(size))));
    const none = undefined;
    const [at2, at6] = [0, 4].map((from) => hex(leafHash(Buffer.of(from))));
    deepStrictEqual(await marks(first), [none, none, at2, none, none, none, at6, none]);
    await first.close();
    const second = await fixture.open();
    deepStrictEqual(await marks(second), [none, none, at2, none, none, none, at6, none]);
    const repaired = leafHash(Buffer.of(8));
    await second.repair(digestBytes(await second.tail(5)), { ...group(5, [["log", 0]]), mark: repaired });
    deepStrictEqual(await marks(second), [none, none, at2, none, none, none, hex(repaired), none]);
    await second.repair(digestBytes(await second.tail(1)), group(1, [["log", 0]]));
    deepStrictEqual(await marks(second), [none, none, none, none, none, none, none, none]);
    await second.close();
  },
  "removes one payload for good and nothing else (S7)": async (fixture) => {
    const first = await fixture.open();
    const payloads = ["gone", "kept"].map(payload);
    await first.append(group(0, [["run_a", 0]], payloads));
    await first.swapCheckpoint(undefined, Buffer.from("one"));
    const leaves = plain(await readAll(first));
    const gone = digestBytes("gone");
    await first.removePayload(gone);
    strictEqual(await first.payload(gone), undefined);
    await first.removePayload(gone);
    await first.removePayload(digestBytes("never there"));
    await first.close();
    const second = await fixture.open();
    strictEqual(await second.payload(gone), undefined);
    deepStrictEqual(await second.payloadDigests(null, 10), [digestBytes("kept")]);
    deepStrictEqual(text(await second.payload(digestBytes("kept"))), "kept");
    deepStrictEqual(plain(await readAll(second)), leaves);
    deepStrictEqual(text(await second.checkpoint()), "one");
    await second.append(group(1, [["run_a", 1]], [payload("gone")]));
    deepStrictEqual(text(await second.payload(gone)), "gone");
    await second.close();
  },
  "drops the nodes of a tail that is cut": async (fixture) => {
    const storage = await fixture.open();
    const leaves = Array.from({ length: 600 }, (_, index) => leaf(index, "run_a", index));
    const nodes = [0, 1].map((index) => ({ level: 8, index, hash: leafHash(Buffer.of(index)) }));
    await storage.append({ expectedSize: 0, leaves, payloads: [], nodes });
    await storage.repair(digestBytes(await storage.tail(511)), group(511, [["log", 0]]));
    deepStrictEqual((await storage.readNodes(8, 0, 10)).map(hex), [hex((nodes[0] as { hash: Uint8Array }).hash)]);
    await storage.close();
  },
};
