import { canonicalBytes, digestBytes, type RunId } from "@canonic/contracts";
import { beforeAll, describe, expect, test } from "vitest";
import {
  createKeyPair,
  createMemoryStorage,
  readCheckpoint,
  signCheckpoint,
  signerFromPem,
  trustFileOf,
} from "../src/index.ts";
import { exported, type Files, judged, without } from "./bundle-files.ts";
import { resigned } from "./resigned.ts";
import { newIdentity, ORIGIN, open, writeRun } from "./support.ts";
import { journalRun, wholeRun } from "./whole-run.ts";

const identity = newIdentity();
const trust = trustFileOf(ORIGIN, [identity.signer]);

/** Three runs: the first begins with the empty log, the others behind it. */
async function threeRuns() {
  const storage = createMemoryStorage();
  const journal = await open(storage, identity);
  const runs: RunId[] = [];
  for (const tasks of [4, 3, 5]) {
    runs.push(journalRun(journal, wholeRun(tasks)));
    await journal.durable();
    writeRun(journal, `beside ${tasks}`, 6);
    await journal.durable();
  }
  return { storage, runs };
}

describe("the checkpoint that a run began with", () => {
  let bundles: Files[];
  beforeAll(async () => {
    const { storage, runs } = await threeRuns();
    bundles = [];
    for (const run of runs) bundles.push(await exported(storage, identity, run));
  });
  const sizeOf = (files: Files) => readCheckpoint(files.get("start-checkpoint") as Uint8Array).size;
  const json = (files: Files, path: string) => JSON.parse(Buffer.from(files.get(path) as Uint8Array).toString());

  test("travels with it, with the proof that the log only grew, also from the empty log (G2)", async () => {
    expect(bundles).toHaveLength(3);
    for (const files of bundles) {
      expect(await judged(files, trust)).toEqual(["VALID"]);
      const { from, to } = json(files, "consistency.json");
      expect([from, to]).toEqual([sizeOf(files), readCheckpoint(files.get("checkpoint") as Uint8Array).size]);
    }
    expect(sizeOf(bundles[0] as Files)).toBe(0);
    expect(json(bundles[0] as Files, "consistency.json").hashes).toEqual([]);
    expect(sizeOf(bundles[2] as Files)).toBeGreaterThan(sizeOf(bundles[1] as Files));
    expect(json(bundles[2] as Files, "consistency.json").hashes.length).toBeGreaterThan(0);
  });

  test("is INDETERMINATE when it is left out, INVALID when its proof is", async () => {
    const files = bundles[1] as Files;

    const none = resigned(without(files, "start-checkpoint", "consistency.json"), identity);
    expect(await judged(none, trust)).toEqual(["INDETERMINATE", "start-missing"]);
    const unproved = resigned(without(files, "consistency.json"), identity);
    expect(await judged(unproved, trust)).toEqual(["INVALID", "file-missing"]);
    const alone = resigned(without(files, "start-checkpoint"), identity);
    expect(await judged(alone, trust)).toEqual(["INVALID", "start-unnamed", "start-missing"]);
  });

  test("is INVALID when it is another than the run's first leaf names (G1)", async () => {
    const files = bundles[1] as Files;
    for (const note of [
      (bundles[2] as Files).get("start-checkpoint"),
      files.get("checkpoint"),
      signCheckpoint({ origin: ORIGIN, size: 1, root: new Uint8Array(32) }, identity.signer),
    ]) {
      const changed = resigned(new Map([...files, ["start-checkpoint", note as Uint8Array]]), identity);
      expect(await judged(changed, trust)).toEqual(["INVALID", "start-unnamed"]);
    }
  });

  const proofs: readonly (readonly [string, (proof: Record<string, unknown>) => unknown])[] = [
    ["from another size", (proof) => ({ ...proof, from: (proof["from"] as number) - 1 })],
    ["to another size", (proof) => ({ ...proof, to: (proof["to"] as number) - 1 })],
    ["with a hash less", (proof) => ({ ...proof, hashes: (proof["hashes"] as unknown[]).slice(1) })],
    [
      "with a hash more",
      (proof) => ({ ...proof, hashes: [...(proof["hashes"] as unknown[]), (proof["hashes"] as unknown[])[0]] }),
    ],
    ["with hashes exchanged", (proof) => ({ ...proof, hashes: (proof["hashes"] as unknown[]).toReversed() })],
    ["of the empty log", (proof) => ({ ...proof, from: 0, hashes: [] })],
  ];
  test.each(proofs)("is INVALID with a proof %s", async (_, change) => {
    const files = bundles[2] as Files;
    const changed = change(json(files, "consistency.json")) as never;
    const bytes = canonicalBytes(changed);
    expect(Buffer.compare(bytes, files.get("consistency.json") as Uint8Array)).not.toBe(0);

    const forged = resigned(new Map([...files, ["consistency.json", bytes]]), identity);

    expect(await judged(forged, trust)).toEqual(["INVALID", "consistency-wrong"]);
  });

  test.each([
    ["an unknown field", { extra: 1 }],
    ["a hash that is none", { hashes: ["sha256:00"] }],
    ["a fraction", { from: 0.5 }],
  ])("is INVALID with a proof with %s", async (_, change) => {
    const files = bundles[2] as Files;
    const bytes = canonicalBytes({ ...json(files, "consistency.json"), ...change });

    const forged = resigned(new Map([...files, ["consistency.json", bytes]]), identity);

    expect(await judged(forged, trust)).toEqual(["INVALID", "consistency-malformed"]);
  });
});

describe("a run that begins with a checkpoint", () => {
  /** A run whose first leaf names this note instead of the log's own. */
  async function beginningWith(note: (own: Uint8Array, size: number) => Uint8Array): Promise<Files> {
    const storage = createMemoryStorage();
    const journal = await open(storage, identity);
    writeRun(journal, "before", 7);
    await journal.durable();
    const begin = journal.begin.bind(journal);
    journal.begin = (plan) => {
      const begun = begin(plan);
      const bytes = note(begun.checkpoint?.bytes as Uint8Array, journal.size);
      return { ...begun, checkpoint: { digest: digestBytes(bytes), bytes } };
    };
    const run = journalRun(journal, wholeRun());
    await journal.durable();
    const files = await exported(storage, identity, run);
    await journal.close();
    return files;
  }

  test("of another key, of another log, or of a tree that holds the run already is INVALID (G1)", async () => {
    const other = signerFromPem(ORIGIN, createKeyPair().privateKeyPem);
    const cases: readonly (readonly [string, (own: Uint8Array, size: number) => Uint8Array])[] = [
      ["start-signature", (own) => signCheckpoint(readCheckpoint(own), other)],
      ["start-signature", () => Buffer.from("no note")],
      ["start-origin", (own) => signCheckpoint({ ...readCheckpoint(own), origin: "other.test/log" }, identity.signer)],
      ["start-late", (own, size) => signCheckpoint({ ...readCheckpoint(own), size: size + 1 }, identity.signer)],
      [
        "consistency-wrong",
        (own) => signCheckpoint({ ...readCheckpoint(own), root: new Uint8Array(32) }, identity.signer),
      ],
      ["consistency-wrong", (own) => signCheckpoint({ ...readCheckpoint(own), size: 0 }, identity.signer)],
    ];
    for (const [code, note] of cases) {
      const files = await beginningWith(note).catch((cause: { code: string }) => cause.code);
      if (typeof files === "string") expect([code, files]).toEqual(["start-signature", "audit.note-invalid"]);
      else expect(await judged(files, trust)).toEqual(["INVALID", code]);
    }
  });
});
