import { LOG_CHAIN, type RunId, type TrustFile } from "@canonic/contracts";
import { beforeAll, describe, expect, test } from "vitest";
import {
  createKeyPair,
  createMemoryStorage,
  fsck,
  type LogIdentity,
  type MemoryStorage,
  openCheckpoint,
  readCheckpoint,
  signCheckpoint,
  signerFromPem,
  trustFileOf,
} from "../src/index.ts";
import { KeyTimeline, rotationOf } from "../src/key-rotation.ts";
import { writeLeaf } from "../src/leaf.ts";
import { exported, type Files, judged, without } from "./bundle-files.ts";
import { resigned } from "./resigned.ts";
import { clock, newIdentity, ORIGIN, open } from "./support.ts";
import { journalRun, wholeRun } from "./whole-run.ts";

const newSigner = (name = ORIGIN) => signerFromPem(name, createKeyPair().privateKeyPem);
const keptBy = (signer: LogIdentity["signer"]): LogIdentity => ({ origin: ORIGIN, signer });
const coded = (code: string) => expect.objectContaining({ code });

/** A log with a run under each of three keys. */
async function rotatedLog() {
  const storage = createMemoryStorage();
  const [first, second, third] = [newSigner(), newSigner(), newSigner()];
  const journal = await open(storage, keptBy(first));
  const runs: RunId[] = [journalRun(journal, wholeRun())];
  const indexes: number[] = [];
  for (const next of [second, third]) {
    indexes.push((await journal.rotateKey(next)).index);
    runs.push(journalRun(journal, wholeRun(3)));
  }
  await journal.close();
  return { storage, first, second, third, runs, indexes };
}

describe("a log that changes its key", () => {
  test("signs with the next key from the rotation's own checkpoint on (Q2)", async () => {
    const storage = createMemoryStorage();
    const [first, second] = [newSigner(), newSigner()];
    const journal = await open(storage, keptBy(first));
    journalRun(journal, wholeRun());
    await journal.durable();
    const before = (await storage.checkpoint()) as Uint8Array;

    const { index } = await journal.rotateKey(second);

    const after = (await storage.checkpoint()) as Uint8Array;
    expect(openCheckpoint(before, [first]).size).toBe(index);
    expect(openCheckpoint(after, [second]).size).toBe(index + 1);
    expect(() => openCheckpoint(after, [first])).toThrow(coded("audit.note-invalid"));
    await journal.close();
  });

  test("is opened with the key in force and with no other", async () => {
    const { storage, first, second, third } = await rotatedLog();

    await expect(open(storage, keptBy(first))).rejects.toThrow(coded("audit.key-not-in-force"));
    await expect(open(storage, keptBy(newSigner()))).rejects.toThrow(coded("audit.note-invalid"));
    const old = { ...keptBy(second), trusted: [third] };
    await expect(open(storage, old)).rejects.toThrow(coded("audit.key-not-in-force"));
    const journal = await open(storage, keptBy(third));
    journalRun(journal, wholeRun());
    await journal.close();
    expect((await fsck(storage, { trust: { origin: ORIGIN, keys: [third] } })).findings).toEqual([]);
    expect((await fsck(storage, { trust: { origin: ORIGIN, keys: [first] } })).findings).toEqual([]);
  });

  test("takes no key of another name, no key twice, and none without a signer (Q3, Q4)", async () => {
    const storage = createMemoryStorage();
    const [first, second] = [newSigner(), newSigner()];
    const journal = await open(storage, keptBy(first));

    await expect(journal.rotateKey(newSigner("other.test/log"))).rejects.toThrow(coded("audit.key-invalid"));
    await expect(journal.rotateKey(first)).rejects.toThrow(coded("audit.key-invalid"));
    await journal.rotateKey(second);
    await expect(journal.rotateKey(first)).rejects.toThrow(coded("audit.key-invalid"));
    expect(journal.size).toBe(1);
    await journal.close();
    const unsigned = await open(createMemoryStorage());
    await expect(unsigned.rotateKey(second)).rejects.toThrow(coded("audit.key-invalid"));
    expect(unsigned.size).toBe(0);
  });
});

describe("a crash in a rotation", () => {
  const steps = [
    ["before its event is written", "append", false],
    ["between its event and its checkpoint", "swapCheckpoint", true],
  ] as const;
  test.each(steps)("%s is completed or forgotten at the next opening", async (_, operation, isInForce) => {
    let failing: string | undefined;
    const storage = createMemoryStorage({
      beforeWrite: (write) => {
        if (write === failing) throw Object.assign(new Error("disk"), { code: "EIO" });
      },
    });
    const [first, next] = [newSigner(), newSigner()];
    const journal = await open(storage, keptBy(first));
    journalRun(journal, wholeRun());
    await journal.durable();
    failing = operation;
    await expect(journal.rotateKey(next)).rejects.toThrow(coded("audit.poisoned"));
    failing = undefined;

    if (isInForce) await expect(open(storage, keptBy(first))).rejects.toThrow(coded("audit.key-not-in-force"));
    const again = await open(storage, { ...keptBy(first), next });

    const note = (await storage.checkpoint()) as Uint8Array;
    expect(openCheckpoint(note, [isInForce ? next : first]).size).toBe(again.size);
    expect(again.repaired).toBeNull();
    if (!isInForce) await again.rotateKey(next);
    await again.close();
    const identity = { ...keptBy(first), next };
    await (await open(storage, identity)).close();
    expect((await fsck(storage, { trust: { origin: ORIGIN, keys: [first] } })).findings).toEqual([]);
  });

  test("after its checkpoint leaves a log that both key files open, while the next one is known", async () => {
    const { storage, second, third } = await rotatedLog();

    const journal = await open(storage, { ...keptBy(second), next: third });
    journalRun(journal, wholeRun());
    await journal.close();

    expect(openCheckpoint((await storage.checkpoint()) as Uint8Array, [third]).size).toBe(storage.leaves.length);
  });
});

describe("a checkpoint under the wrong key", () => {
  /** Signs the log's own size and root again. */
  const noted = async (storage: MemoryStorage, by: LogIdentity["signer"]) => {
    const note = (await storage.checkpoint()) as Uint8Array;
    const forged = signCheckpoint(readCheckpoint(note), by);
    expect(await storage.swapCheckpoint(note, forged)).toBe(true);
  };

  test("by whoever still has the old key is refused at opening and found by fsck (Q2)", async () => {
    const { storage, first, second, third } = await rotatedLog();
    for (const old of [first, second]) {
      await noted(storage, old);

      const identity = { ...keptBy(third), trusted: [first, second] };
      await expect(open(storage, identity)).rejects.toThrow(coded("audit.note-invalid"));
      const { findings } = await fsck(storage, { trust: { origin: ORIGIN, keys: [first, second, third] } });
      expect(findings.map(({ code }) => code)).toEqual(["checkpoint-invalid"]);
    }
  });

  test("by the next key before its rotation is refused (Q2)", async () => {
    const storage = createMemoryStorage();
    const [first, next] = [newSigner(), newSigner()];
    const journal = await open(storage, keptBy(first));
    journalRun(journal, wholeRun());
    await journal.close();
    await noted(storage, next);

    await expect(open(storage, { ...keptBy(first), next })).rejects.toThrow(coded("audit.note-invalid"));
  });
});

describe("a rotation in the timeline", () => {
  const [first, second, third] = [newSigner(), newSigner(), newSigner()];
  const good = rotationOf(ORIGIN, first, second);
  const bad: readonly (readonly [string, typeof good])[] = [
    ["not signed by the old key", { ...good, previousSignature: rotationOf(ORIGIN, third, second).previousSignature }],
    ["not signed by the new key", { ...good, nextSignature: rotationOf(ORIGIN, first, third).nextSignature }],
    ["of another log", rotationOf("other.test/log", first, second)],
    ["to itself", rotationOf(ORIGIN, first, first)],
    [
      "with its signatures exchanged",
      { ...good, previousSignature: good.nextSignature, nextSignature: good.previousSignature },
    ],
  ];
  test.each(bad)("%s is none, and changes nothing (Q1)", (_, data) => {
    const timeline = new KeyTimeline(ORIGIN);

    expect(timeline.add(5, data)).toEqual(expect.any(String));
    expect(timeline.keyAt(10)).toBeUndefined();
    expect(timeline.add(5, good)).toBeNull();
  });

  test("hands over from the key in force, later than the one before, to a new one (Q3)", () => {
    const timeline = new KeyTimeline(ORIGIN);
    expect(timeline.add(5, good)).toBeNull();

    expect(timeline.add(9, rotationOf(ORIGIN, first, third))).toEqual(expect.any(String));
    expect(timeline.add(5, rotationOf(ORIGIN, second, third))).toEqual(expect.any(String));
    expect(timeline.add(9, rotationOf(ORIGIN, second, first))).toEqual(expect.any(String));
    expect(timeline.add(9, rotationOf(ORIGIN, second, third))).toBeNull();
    const keys = [0, 5, 6, 9, 10].map((size) => timeline.keyAt(size));
    expect(keys).toEqual([first, first, second, second, third].map(({ publicKey }) => Buffer.from(publicKey)));
    expect(timeline.keysAt(10, [newSigner()])).toEqual([]);
  });

  test("that spells a key in another way is none: no key comes back so (Q3, Q5)", () => {
    const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    const respelled = (key: string) => {
      const last = alphabet.indexOf(key[42] as string);
      return `${key.slice(0, 42)}${alphabet[last + 1]}=`;
    };
    const timeline = new KeyTimeline(ORIGIN);
    expect(timeline.add(5, good)).toBeNull();
    const next = respelled(good.previous);
    expect(Buffer.from(next, "base64")).toEqual(Buffer.from(good.previous, "base64"));
    const text = Buffer.from(`canonic/key-rotation/v1\n${ORIGIN}\n${good.next}\n${next}\n`);
    const signed = (by: typeof first) => Buffer.from(by.sign(text)).toString("base64");
    const back = {
      origin: ORIGIN,
      previous: good.next,
      next,
      previousSignature: signed(second),
      nextSignature: signed(first),
    };

    expect(timeline.add(9, back)).toEqual(expect.any(String));
  });

  test("that its old key did not sign ends the log when nothing vouches for it, and is found by fsck", async () => {
    const storage = createMemoryStorage();
    const journal = await open(storage, keptBy(first));
    journalRun(journal, wholeRun());
    await journal.close();
    const data = { ...good, previousSignature: good.nextSignature };
    const seq0 = { run: LOG_CHAIN, seq: 0, at: clock.now(), subject: LOG_CHAIN } as const;
    const prev = "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
    const leaf = writeLeaf({ ...seq0, prev, type: "KEY_ROTATED", data } as Parameters<typeof writeLeaf>[0]);
    const size = storage.leaves.length;
    const row = { index: size, run: LOG_CHAIN, seq: 0, hash: leaf.hash, bytes: leaf.bytes };
    await storage.append({ expectedSize: size, leaves: [row], payloads: [], nodes: [] });

    const { findings } = await fsck(storage, { trust: { origin: ORIGIN, keys: [first] } });
    expect(findings.map(({ code }) => code)).toEqual(["rotation-invalid"]);
    const again = await open(storage, { ...keptBy(first), next: second });
    expect(again.repaired).toMatchObject({ sizeBefore: size + 1, sizeAfter: size, dropped: 1 });
    await again.close();
  });
});

describe("bundles of a log that changed its key", () => {
  let log: Awaited<ReturnType<typeof rotatedLog>>;
  let bundles: Files[];
  let old: TrustFile;
  beforeAll(async () => {
    log = await rotatedLog();
    bundles = [];
    for (const run of log.runs) bundles.push(await exported(log.storage, keptBy(log.third), run));
    old = trustFileOf(ORIGIN, [log.first]);
  });

  test("are VALID for who knows the first key, any key between, or the last", async () => {
    expect(bundles).toHaveLength(3);
    for (const files of bundles)
      for (const key of [log.first, log.second, log.third])
        expect(await judged(files, trustFileOf(ORIGIN, [key]))).toEqual(["VALID"]);
  });

  test("are INVALID for who knows another key of the same origin", async () => {
    expect((await judged(bundles[2] as Files, trustFileOf(ORIGIN, [newSigner()])))[0]).toBe("INVALID");
  });

  test("are INVALID when a trusted key signed what it was never in force for", async () => {
    const stranger = newSigner();
    const files = bundles[2] as Files;
    const checkpoint = signCheckpoint(readCheckpoint(files.get("checkpoint") as Uint8Array), stranger);
    const forged = resigned(new Map([...files, ["checkpoint", checkpoint]]), keptBy(stranger));

    const [verdict, ...codes] = await judged(forged, trustFileOf(ORIGIN, [stranger]));
    expect([verdict, codes.includes("checkpoint-signature")]).toEqual(["INVALID", true]);
  });

  test("are INVALID when the key that came has another role in the trust file", async () => {
    const files = bundles[2] as Files;
    for (const role of ["issuers", "approvers", "attestors", "witnesses"] as const) {
      const trust = trustFileOf(ORIGIN, [log.first], { [role]: [{ name: "ann", publicKey: log.third.publicKey }] });

      expect(await judged(files, trust)).toEqual(["INVALID", "rotation-invalid"]);
    }
  });

  test("are INVALID when the rotations are left out, unless the last key is trusted", async () => {
    const bare = resigned(without(bundles[2] as Files, "log-events.jsonl", "log-proof.json"), keptBy(log.third));

    expect(await judged(bare, old)).toEqual(["INVALID", "manifest-signature"]);
    expect(await judged(bare, trustFileOf(ORIGIN, [log.third]))).toEqual(["VALID"]);
  });

  test("are INVALID under a manifest by whoever still has an old key", async () => {
    for (const key of [log.first, log.second])
      expect(await judged(resigned(bundles[2] as Files, keptBy(key)), old)).toEqual(["INVALID", "manifest-signature"]);
  });

  test("are INVALID under a checkpoint by whoever still has an old key (Q2)", async () => {
    const files = bundles[2] as Files;
    for (const key of [log.first, log.second]) {
      const checkpoint = signCheckpoint(readCheckpoint(files.get("checkpoint") as Uint8Array), key);
      const forged = resigned(new Map([...files, ["checkpoint", checkpoint]]), keptBy(log.third));

      const [verdict, ...codes] = await judged(forged, old);
      expect(verdict).toBe("INVALID");
      expect(codes).toContain("checkpoint-signature");
    }
  });

  const mutations: readonly (readonly [string, (rows: string[]) => string[]])[] = [
    ["in the other order", (rows) => rows.toReversed()],
    ["with the first left out", (rows) => rows.slice(1)],
    ["with the last left out", (rows) => rows.slice(0, -1)],
    ["with one twice", (rows) => [rows[0] as string, ...rows]],
    [
      "with a flipped signature",
      (rows) => [(rows[0] as string).replace(/"nextSignature":"./, '"nextSignature":"/'), rows[1] as string],
    ],
    ["with one of another log", ([row, ...rest]) => [(row as string).replace(ORIGIN, "canonic.test/lug"), ...rest]],
    ["as no events at all", () => ["{}"]],
  ];
  test.each(mutations)("are INVALID with the rotations %s", async (_, change) => {
    const files = bundles[2] as Files;
    const rows = Buffer.from(files.get("log-events.jsonl") as Uint8Array)
      .toString()
      .split("\n")
      .slice(0, -1);
    expect(rows).toHaveLength(2);
    const bytes = Buffer.from(
      change(rows)
        .map((row) => `${row}\n`)
        .join(""),
    );
    const changed = resigned(new Map([...files, ["log-events.jsonl", bytes]]), keptBy(log.third));

    for (const trust of [old, trustFileOf(ORIGIN, [log.third])])
      expect((await judged(changed, trust))[0]).toBe("INVALID");
  });

  test("are INVALID with the rotations at another place of the log", async () => {
    const files = bundles[2] as Files;
    const proof = JSON.parse(Buffer.from(files.get("log-proof.json") as Uint8Array).toString());
    for (const { ranges } of [{ ranges: [[0, 2]] }, { ranges: [[log.indexes[0], (log.indexes[0] ?? 0) + 2]] }]) {
      const bytes = Buffer.from(
        JSON.stringify({ hashes: proof.hashes, ranges, schema: proof.schema, treeSize: proof.treeSize }),
      );
      const changed = resigned(new Map([...files, ["log-proof.json", bytes]]), keptBy(log.third));

      expect((await judged(changed, old))[0]).toBe("INVALID");
    }
  });

  test("of a log that never did hold no events of the log's chain", async () => {
    const storage = createMemoryStorage();
    const identity = newIdentity();
    const journal = await open(storage, identity);
    const run = journalRun(journal, wholeRun());
    await journal.durable();

    const files = await exported(storage, identity, run);

    expect([...files.keys()].filter((path) => path.startsWith("log-"))).toEqual([]);
    expect(await judged(files, trustFileOf(ORIGIN, [identity.signer]))).toEqual(["VALID"]);
    await journal.close();
  });
});
