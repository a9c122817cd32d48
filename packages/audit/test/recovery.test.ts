import { type Digest, digestBytes, digestToBytes, type JsonValue, type RunId } from "@canonic/contracts";
import { describe, expect, test } from "vitest";
import {
  createMemoryStorage,
  exportBundle,
  fsck,
  isAuditError,
  type LogStorage,
  type MemoryStorage,
  openCheckpoint,
  openJournal,
  type StoredLeaf,
  signCheckpoint,
} from "../src/index.ts";
import { clock, completed, newIdentity, ORIGIN, open, payloadOf, writeRun } from "./support.ts";
import { journalRun, payloadOfJson, verdicts, wholeRun } from "./whole-run.ts";

const identity = newIdentity();

const documentRecord = (digest: Digest, sizeBytes: number): JsonValue => ({
  schema: "canonic/document/v1",
  id: `doc_${digest.slice(7, 27)}`,
  title: "",
  mediaType: "text/plain",
  language: "en",
  source: { digest, sizeBytes },
  text: { digest, sizeBytes },
  pages: [{ page: 1, start: 0, end: sizeBytes }],
  paragraphs: 1,
  normaliser: { name: "none", version: "1" },
});

/** One sealed run (5 leaves, checkpoint), then an unsealed one (6 leaves behind the checkpoint). */
async function logWithTail(): Promise<{ storage: MemoryStorage; sealed: RunId; unsealed: RunId }> {
  const storage = createMemoryStorage();
  // Each leaf is a group of its own, as it is where every step waits for the one before.
  const journal = await openJournal({ storage, clock, identity, linger: (flush) => flush() });
  const sealed = writeRun(journal, "sealed", 5).run;
  await journal.durable();
  const unsealed = writeRun(journal, "unsealed", 6, false).run;
  await journal.durable();
  return { storage, sealed, unsealed };
}

function damage(storage: MemoryStorage, index: number, change: (leaf: StoredLeaf) => Partial<StoredLeaf>): void {
  const leaf = storage.leaves[index] as StoredLeaf;
  storage.leaves[index] = { ...leaf, ...change(leaf) };
}

const flip = (bytes: Uint8Array) => Uint8Array.from(bytes, (byte, offset) => (offset === 20 ? byte ^ 1 : byte));
const reopen = (storage: MemoryStorage) => openJournal({ storage, clock, identity });

describe("a torn tail behind the last checkpoint", () => {
  test.each([
    [
      "a flipped bit in a leaf",
      (storage: MemoryStorage) => damage(storage, 8, ({ bytes }) => ({ bytes: flip(bytes) })),
    ],
    ["a flipped bit in a hash", (storage: MemoryStorage) => damage(storage, 8, ({ hash }) => ({ hash: flip(hash) }))],
    [
      "half a leaf",
      (storage: MemoryStorage) => damage(storage, 8, ({ bytes }) => ({ bytes: bytes.subarray(0, bytes.length / 2) })),
    ],
    [
      "a leaf in another's place",
      (storage: MemoryStorage) => damage(storage, 8, () => ({ ...(storage.leaves[9] as StoredLeaf), index: 8 })),
    ],
    [
      "a frame that names another run",
      (storage: MemoryStorage) => damage(storage, 8, () => ({ run: "run_00000000000000000000" })),
    ],
    [
      "a leaf of garbage with the right hash",
      (storage: MemoryStorage) =>
        damage(storage, 8, () => ({
          bytes: Buffer.of(),
          hash: Buffer.from("6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d", "hex"),
        })),
    ],
  ])("with %s is cut to the last valid leaf, kept in quarantine and journaled (R2)", async (_title, tear) => {
    const { storage, unsealed } = await logWithTail();
    tear(storage);
    const torn = storage.leaves.slice(8);

    const journal = await reopen(storage);
    const repair = storage.leaves.at(-1) as StoredLeaf;
    const event = JSON.parse(Buffer.from(repair.bytes).toString());

    expect(journal.repaired).toMatchObject({ sizeBefore: 11, sizeAfter: 8, dropped: 3 });
    expect(event).toMatchObject({
      run: "log",
      seq: 0,
      prev: digestBytes(""),
      type: "JOURNAL_REPAIRED",
      data: { sizeBefore: 11, sizeAfter: 8, dropped: 3 },
    });
    expect(storage.quarantined(event.data.quarantine)).toEqual(
      Buffer.concat(torn.flatMap(({ hash, bytes }) => [hash, bytes])),
    );
    expect((await journal.events(unsealed)).length).toBe(3);
    expect(journal.append(unsealed, completed(payloadOf("more").digest), [payloadOf("more")]).seq).toBe(3);
    await journal.durable();
    expect(
      (await fsck(storage, { trust: { origin: ORIGIN, keys: [identity.signer] } })).findings.filter(
        ({ code }) => code !== "plan-malformed",
      ),
    ).toEqual([]);
  });

  test("that takes a whole run with it gives its number to the next one", async () => {
    const { storage } = await logWithTail();
    damage(storage, 5, ({ bytes }) => ({ bytes: flip(bytes) }));

    const journal = await reopen(storage);

    expect(journal.begin(payloadOf("next").digest).number).toBe(2);
  });

  test("is repaired again, in the same chain, when it is torn again", async () => {
    const { storage } = await logWithTail();
    damage(storage, 8, ({ bytes }) => ({ bytes: flip(bytes) }));
    await reopen(storage);
    damage(storage, 7, ({ bytes }) => ({ bytes: flip(bytes) }));

    const journal = await reopen(storage);

    expect(journal.repaired).toMatchObject({ sizeBefore: 9, sizeAfter: 7, dropped: 2 });
    expect(storage.leaves.map(({ run, seq }) => (run === "log" ? seq : null)).filter((seq) => seq !== null)).toEqual([
      0,
    ]);
  });

  test("is cut to the last group that is whole: of a group that was damaged nobody vouches for the rest (R6)", async () => {
    const storage = createMemoryStorage();
    const journal = await open(storage, identity);
    writeRun(journal, "sealed", 5);
    await journal.durable();
    writeRun(journal, "one group", 6, false);
    await journal.durable();
    writeRun(journal, "another", 4, false);
    await journal.durable();
    damage(storage, 13, ({ bytes }) => ({ bytes: flip(bytes) }));

    expect((await reopen(storage)).repaired).toMatchObject({ sizeBefore: 15, sizeAfter: 11, dropped: 4 });
  });

  test("that is sound is left alone, twice", async () => {
    const { storage } = await logWithTail();

    expect((await reopen(storage)).repaired).toBeNull();
    expect((await reopen(storage)).repaired).toBeNull();
    expect(storage.leaves.length).toBe(11);
  });
});

describe("leaves that somebody wrote who has no key", () => {
  const coded = (code: string) => expect.objectContaining({ code });
  async function forgedOnto(storage: MemoryStorage): Promise<RunId> {
    const forger = await openJournal({ storage, clock, identity: null });
    const run = journalRun(forger, wholeRun());
    await forger.durable();
    return run;
  }

  test.each([
    ["behind a seal", async () => (await logWithTail()).storage],
    [
      "behind a checkpoint",
      async () => {
        const storage = createMemoryStorage();
        const journal = await open(storage, identity);
        writeRun(journal, "sealed", 5);
        await journal.durable();
        return storage;
      },
    ],
  ])("%s are refused, and nothing is signed or changed (R6)", async (_title, make) => {
    const storage = await make();
    const run = await forgedOnto(storage);
    const [note, size] = [await storage.checkpoint(), storage.leaves.length];

    await expect(reopen(storage)).rejects.toThrow(coded("audit.tail-unmarked"));
    await expect(exportBundle({ storage, identity, run, directory: "/nonexistent/canonic/bundle" })).rejects.toThrow(
      coded("audit.tail-unmarked"),
    );

    expect(await storage.checkpoint()).toEqual(note);
    expect(storage.leaves).toHaveLength(size);
  });

  test("are cut where they end in a torn one, together with it", async () => {
    const { storage } = await logWithTail();
    await forgedOnto(storage);
    damage(storage, storage.leaves.length - 1, ({ bytes }) => ({ bytes: flip(bytes) }));

    expect((await reopen(storage)).repaired).toMatchObject({ sizeAfter: 11 });
  });

  test("are not taken for a mark of another log, or of this log at another end", async () => {
    const { storage } = await logWithTail();
    const other = await logWithTail();
    await forgedOnto(storage);
    const size = storage.leaves.length;

    for (const mark of [...other.storage.marks.values(), ...storage.marks.values()]) {
      storage.marks.set(size, mark);
      storage.payloads.set(digestBytes(mark), mark);
      await expect(reopen(storage)).rejects.toThrow(coded("audit.tail-unmarked"));
    }
    expect(other.storage.marks.size).toBeGreaterThan(6);
  });

  test("are found by the keeper's fsck, and by nobody who has not the key", async () => {
    const { storage } = await logWithTail();
    const codes = async (keeper = identity) => (await fsck(storage, { keeper })).findings.map(({ code }) => code);
    expect(await codes()).not.toContain("tail-unmarked");
    await forgedOnto(storage);

    expect(await codes()).toContain("tail-unmarked");
    expect((await fsck(storage)).findings.map(({ code }) => code)).not.toContain("tail-unmarked");
  });
});

describe("the mark of the last group", () => {
  const coded = (code: string) => expect.objectContaining({ code });
  const flipLast = (mark: Uint8Array) => mark.with(31, (mark[31] ?? 0) ^ 1);

  test.each([
    ["missing", () => undefined],
    ["altered", flipLast],
    ["cut short", (mark: Uint8Array) => mark.subarray(0, 31)],
    ["empty", () => Buffer.alloc(0)],
  ])("is refused when it is %s (R6)", async (_title, change) => {
    const { storage } = await logWithTail();
    const mark = change(storage.marks.get(11) as Uint8Array);
    storage.marks.delete(11);
    if (mark !== undefined) storage.marks.set(11, mark);

    await expect(reopen(storage)).rejects.toThrow(coded("audit.tail-unmarked"));
    expect((await fsck(storage, { keeper: identity })).findings.map(({ code }) => code)).toContain("tail-unmarked");
    expect(storage.leaves).toHaveLength(11);
  });

  test("is found where an earlier version kept it: among the payloads, under its digest", async () => {
    const { storage } = await logWithTail();
    for (const mark of storage.marks.values()) storage.payloads.set(digestBytes(mark), mark);
    storage.marks.clear();

    expect((await reopen(storage)).size).toBe(11);
    damage(storage, 10, ({ bytes }) => ({ bytes: flip(bytes) }));
    expect((await reopen(storage)).repaired).toMatchObject({ sizeAfter: 10 });
  });

  test("is not a payload", async () => {
    const { storage } = await logWithTail();

    const kept = [...storage.payloads.keys()];

    expect(storage.marks.size).toBeGreaterThan(6);
    for (const mark of storage.marks.values()) expect(kept).not.toContain(digestBytes(mark));
  });
});

describe("a seal that a crash left without its checkpoint", () => {
  test("gets it when the log is opened, once", async () => {
    const storage = createMemoryStorage();
    const journal = await open({ ...storage, swapCheckpoint: () => true }, identity);
    writeRun(journal, "sealed", 5);
    await journal.durable();
    storage.swapCheckpoint(
      undefined,
      signCheckpoint({ origin: ORIGIN, size: 0, root: digestToBytes(digestBytes("")) }, identity.signer),
    );

    await reopen(storage);
    const signed = storage.checkpoint() as Uint8Array;
    await reopen(storage);

    expect(openCheckpoint(signed, [identity.signer]).size).toBe(5);
    expect(storage.checkpoint()).toEqual(signed);
  });

  test("is not taken for a log whose checkpoint is gone, which is never opened again (R2)", async () => {
    const { storage } = await logWithTail();
    const robbed: LogStorage = { ...storage, checkpoint: () => undefined };

    await expect(openJournal({ storage: robbed, clock, identity })).rejects.toMatchObject({
      code: "audit.checkpoint-missing",
      details: { size: 11 },
    });
    expect((await fsck(robbed, { trust: { origin: ORIGIN, keys: [identity.signer] } })).findings).toContainEqual(
      expect.objectContaining({ code: "checkpoint-missing" }),
    );
    expect(storage.leaves.length).toBe(11);
  });
});

describe("what recovery never repairs (R1)", () => {
  test.each([
    [
      "a hash in front of the checkpoint changed",
      "audit.checkpoint-mismatch",
      (storage: MemoryStorage) => damage(storage, 2, ({ hash }) => ({ hash: flip(hash) })),
    ],
    [
      "a log smaller than its checkpoint",
      "audit.log-behind-checkpoint",
      (storage: MemoryStorage) => storage.leaves.splice(4),
    ],
    ["a log that is gone", "audit.log-behind-checkpoint", (storage: MemoryStorage) => storage.leaves.splice(0)],
  ])("%s", async (_title, code, harm) => {
    const { storage } = await logWithTail();
    harm(storage);
    const before = storage.leaves.length;

    await expect(reopen(storage)).rejects.toSatisfy((error) => isAuditError(error) && error.code === code);
    expect(storage.leaves.length).toBe(before);
  });

  test("a checkpoint of another key, another log, or of garbage", async () => {
    const { storage } = await logWithTail();
    const note = storage.checkpoint() as Uint8Array;
    const replace = (bytes: Uint8Array) => storage.swapCheckpoint(storage.checkpoint() as Uint8Array, bytes);

    for (const [bytes, code] of [
      [signCheckpoint({ origin: ORIGIN, size: 0, root: Buffer.alloc(32) }, newIdentity().signer), "audit.note-invalid"],
      [
        signCheckpoint({ origin: "other", size: 0, root: Buffer.alloc(32) }, identity.signer),
        "audit.checkpoint-invalid",
      ],
      [Buffer.from("garbage"), "audit.note-invalid"],
    ] as const) {
      replace(bytes);
      await expect(reopen(storage)).rejects.toMatchObject({ code });
    }
    replace(note);
    expect((await reopen(storage)).repaired).toBeNull();
  });
});

describe("fsck", () => {
  const trust = { origin: ORIGIN, keys: [identity.signer] };
  const codes = async (storage: MemoryStorage) =>
    [...new Set((await fsck(storage, { trust })).findings.map(({ code }) => code))].filter(
      (code) => code !== "plan-malformed",
    );

  /** 700 leaves: two stored nodes. */
  async function largeLog(): Promise<MemoryStorage> {
    const storage = createMemoryStorage();
    const journal = await open(storage, identity);
    for (let index = 0; index < 7; index += 1) writeRun(journal, `run ${index}`, 100);
    await journal.durable();
    return storage;
  }

  /** One whole run that names a document record among its artifacts. */
  async function policyLog() {
    const storage = createMemoryStorage();
    const journal = await open(storage, identity);
    const text = payloadOf("the text");
    const record = payloadOfJson(documentRecord(text.digest, text.bytes.length));
    const whole = wholeRun(4, [record]);
    const run = journalRun(journal, { ...whole, payloads: [...whole.payloads, text] });
    await journal.durable();
    return { storage, whole, text, run };
  }

  test("says what a sound log holds", async () => {
    const report = await fsck(await largeLog(), { trust });

    expect(report).toMatchObject({ leaves: 700, runs: 7, nodes: 2, payloads: 7 * 99, rebuilt: false });
  });

  test.each([
    ["leaf-damaged", (storage: MemoryStorage) => damage(storage, 300, ({ bytes }) => ({ bytes: flip(bytes) }))],
    ["checkpoint-mismatch", (storage: MemoryStorage) => damage(storage, 300, ({ hash }) => ({ hash: flip(hash) }))],
    [
      "node-wrong",
      (storage: MemoryStorage) => void (storage.nodes.get(8) as Uint8Array[]).splice(1, 1, Buffer.alloc(32)),
    ],
    ["node-missing", (storage: MemoryStorage) => storage.nodes.clear()],
    ["payload-damaged", (storage: MemoryStorage) => storage.payloads.set(payloadOf("run 3").digest, Buffer.of())],
    ["payload-missing", (storage: MemoryStorage) => storage.payloads.delete(payloadOf("run 3 7").digest)],
    ["log-behind-checkpoint", (storage: MemoryStorage) => storage.leaves.splice(600)],
    [
      "run-number",
      (storage: MemoryStorage) =>
        void storage.leaves.splice(
          100,
          100,
          ...storage.leaves.slice(200, 300).map((leaf, offset) => ({ ...leaf, index: 100 + offset })),
        ),
    ],
    [
      "chain-broken",
      (storage: MemoryStorage) => damage(storage, 150, () => ({ ...(storage.leaves[250] as StoredLeaf), index: 150 })),
    ],
    [
      "checkpoint-invalid",
      (storage: MemoryStorage) => storage.swapCheckpoint(storage.checkpoint() as Uint8Array, Buffer.from("x")),
    ],
  ])("finds %s", async (code, harm) => {
    const storage = await largeLog();
    expect(await codes(storage)).toEqual([]);

    harm(storage);

    expect(await codes(storage)).toContain(code);
  });

  test("finds a stored node that no leaf makes", async () => {
    const storage = await largeLog();
    (storage.nodes.get(8) as Uint8Array[])[99] = Buffer.alloc(32);
    expect(await codes(storage)).toEqual(["node-alien"]);
    storage.nodes.set(16, [Buffer.alloc(32)]);

    expect((await fsck(storage, { trust })).findings).toContainEqual(
      expect.objectContaining({ code: "node-alien", message: "2 stored tree nodes are of no leaves" }),
    );
  });

  test("finds every payload missing that the run's events or its plan name", async () => {
    const { storage, whole, text } = await policyLog();
    expect(await fsck(storage, { trust })).toMatchObject({ sound: true, findings: [] });
    const named = {
      plan: whole.planDigest,
      registry: whole.plan.registry,
      artifact: whole.plan.artifacts[0],
      claims: whole.claims,
      output: digestBytes(whole.outputs[0] as string),
      evidence: verdicts(whole)[0]?.verdict.evidence,
      text: text.digest,
    };

    for (const [name, digest] of Object.entries(named)) {
      const bytes = storage.payloads.get(digest as Digest) as Uint8Array;
      storage.payloads.delete(digest as Digest);
      const { findings } = await fsck(storage, { trust });
      expect([name, findings.map(({ code, place }) => [code, place])]).toEqual([name, [["payload-missing", digest]]]);
      storage.payloads.set(digest as Digest, bytes);
    }
  });

  test("finds the quarantine of a repair missing", async () => {
    const { storage } = await logWithTail();
    damage(storage, 8, ({ bytes }) => ({ bytes: flip(bytes) }));
    await reopen(storage);
    expect(await codes(storage)).toEqual([]);

    const emptied = { ...storage, quarantined: () => undefined };

    expect(await codes(emptied)).toEqual(["quarantine-missing"]);
  });

  test("rebuilds the nodes of a sound log, and of no other (K2)", async () => {
    const storage = await largeLog();
    storage.nodes.clear();

    expect(await fsck(storage, { trust, rebuildNodes: true })).toMatchObject({ rebuilt: true });
    expect(await codes(storage)).toEqual([]);
    damage(storage, 3, ({ bytes }) => ({ bytes: flip(bytes) }));
    expect(await fsck(storage, { trust, rebuildNodes: true })).toMatchObject({ rebuilt: false });
  });

  test("reports a store that refuses to read, and goes on (K1)", async () => {
    const storage = await largeLog();
    const refusing = { ...storage, runs: () => Promise.reject(Object.assign(new Error("disk"), { code: "EIO" })) };

    expect(await fsck(refusing, { trust })).toMatchObject({ sound: false, leaves: 700, payloads: 693 });
  });
});
