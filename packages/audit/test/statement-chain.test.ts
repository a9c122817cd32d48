import { digestBytes, type RunId, statementChainOf } from "@canonic/contracts";
import { describe, expect, test } from "vitest";
import {
  createMemoryStorage,
  enterMissing,
  fsck,
  listRuns,
  type MemoryStorage,
  openCheckpoint,
  readRun,
  readStatements,
  type StatementDraft,
  trustFileOf,
} from "../src/index.ts";
import { writeStatementEntry } from "../src/statements/entry.ts";
import { leafHash } from "../src/tree-hash.ts";
import { exported, judged } from "./bundle-files.ts";
import { newIdentity, ORIGIN, open } from "./support.ts";
import { journalRun, wholeRun } from "./whole-run.ts";

const identity = newIdentity();
const trust = { origin: ORIGIN, keys: [identity.signer] };
const coded = (code: string) => expect.objectContaining({ code });
const absent = "run_00000000000000000000" as RunId;

/** An entry as other tools read it; whether its signature holds is not the log's to say. */
function statement(text: string): StatementDraft {
  const bytes = Buffer.from(text);
  const digest = digestBytes(bytes);
  const entry = writeStatementEntry({ digest, signature: new Uint8Array(64), publicKey: new Uint8Array(32) });
  return { entry, payloads: [{ digest, bytes }] };
}

async function sealedLog(storage: MemoryStorage = createMemoryStorage()) {
  const journal = await open(storage, identity);
  const run = journalRun(journal, wholeRun());
  await journal.durable();
  return { storage, journal, run };
}

async function findings(storage: MemoryStorage): Promise<string[]> {
  return (await fsck(storage, { trust })).findings.map(({ code }) => code);
}

/** Writes leaves past the journal. */
async function put(storage: MemoryStorage, run: string, seq: number, { entry, payloads }: StatementDraft) {
  const index = storage.leaves.length;
  const leaf = { index, run, seq, hash: leafHash(entry), bytes: entry };
  await storage.append({ expectedSize: index, leaves: [leaf], payloads, nodes: [] });
}

describe("statements about a sealed run", () => {
  test("are leaves of exactly their bytes, in order, under a checkpoint (J1)", async () => {
    const { storage, journal, run } = await sealedLog();
    const drafts = [statement("one"), statement("two")];

    expect(await enterMissing(journal, run, drafts)).toBe(2);

    const leaves = await readStatements(storage, run);
    expect(leaves.map(({ run: chain, seq }) => [chain, seq])).toEqual([
      [statementChainOf(run), 0],
      [statementChainOf(run), 1],
    ]);
    expect(leaves.map(({ bytes }) => Buffer.from(bytes))).toEqual(drafts.map(({ entry }) => Buffer.from(entry)));
    expect(openCheckpoint((await storage.checkpoint()) as Uint8Array, [identity.signer]).size).toBe(journal.size);
    expect(await findings(storage)).toEqual([]);
    await journal.close();
  });

  test("leave the run, the list of runs, the next number and its bundle as they were", async () => {
    const { storage, journal, run } = await sealedLog();
    const before = await readRun(storage, run);
    await enterMissing(journal, run, [statement("one")]);
    await journal.close();

    const again = await open(storage, identity);
    expect(again.repaired).toBeNull();
    expect((await readRun(storage, run)).events).toEqual(before.events);
    expect((await listRuns(storage)).map(({ run: listed }) => listed)).toEqual([run]);
    const next = journalRun(again, wholeRun(3));
    await again.durable();
    expect((await listRuns(storage)).map(({ number }) => number)).toEqual([1, 2]);
    expect((await fsck(storage, { trust })).runs).toBe(2);
    for (const of of [run, next])
      expect(await judged(await exported(storage, identity, of), trustFileOf(ORIGIN, [identity.signer]))).toEqual([
        "VALID",
      ]);
    await again.close();
  });

  test("are completed by entering them again, also in another process (J2)", async () => {
    const { storage, journal, run } = await sealedLog();
    const drafts = [statement("one"), statement("two"), statement("three")];
    await enterMissing(journal, run, drafts.slice(0, 1));
    await journal.close();

    const again = await open(storage, identity);
    expect(await enterMissing(again, run, drafts)).toBe(2);
    expect(await enterMissing(again, run, drafts)).toBe(0);

    expect(await readStatements(storage, run)).toHaveLength(3);
    expect(await findings(storage)).toEqual([]);
    await again.close();
  });

  test("that a crash left without their checkpoint get it when the log is opened", async () => {
    let isFailing = false;
    const storage = createMemoryStorage({
      beforeWrite: (operation) => {
        if (isFailing && operation === "swapCheckpoint") throw new Error("disk");
      },
    });
    const { journal, run } = await sealedLog(storage);
    isFailing = true;
    await expect(enterMissing(journal, run, [statement("one")])).rejects.toThrow(coded("audit.poisoned"));
    isFailing = false;

    const again = await open(storage, identity);

    expect(openCheckpoint((await storage.checkpoint()) as Uint8Array, [identity.signer]).size).toBe(again.size);
    expect(await enterMissing(again, run, [statement("one")])).toBe(0);
    await again.close();
  });
});

describe("the journal refuses", () => {
  test("a statement about a run that is not sealed, not there, or not opened for statements", async () => {
    const storage = createMemoryStorage();
    const journal = await open(storage, identity);
    const unsealed = journalRun(journal, wholeRun(), undefined, null);
    const { entry, payloads } = statement("one");

    expect(() => journal.enter(unsealed, entry, payloads)).toThrow(coded("audit.run-not-sealed"));
    await expect(journal.statements(unsealed)).rejects.toThrow(coded("audit.run-not-sealed"));
    await expect(journal.statements(absent)).rejects.toThrow(coded("audit.run-unknown"));
    expect(() => journal.enter(absent, entry, payloads)).toThrow(coded("audit.run-not-open"));
    await journal.close();
    const size = storage.leaves.length;
    const again = await open(storage, identity);
    await expect(again.statements(unsealed)).rejects.toThrow(coded("audit.run-not-sealed"));
    await again.events(unsealed);
    expect(() => again.enter(unsealed, entry, payloads)).toThrow(coded("audit.run-not-open"));
    await again.close();
    expect(storage.leaves).toHaveLength(size);
  });

  test("one twice, one whose payload is not given, and bytes that are no entry; and nothing of them is left", async () => {
    const { storage, journal, run } = await sealedLog();
    const { entry, payloads } = statement("one");
    journal.enter(run, entry, payloads);

    expect(() => journal.enter(run, entry, payloads)).toThrow(coded("audit.entry-twice"));
    expect(() => journal.enter(run, statement("two").entry, payloads)).toThrow(coded("audit.payload-missing"));
    expect(() => journal.enter(run, Buffer.from("{}"), payloads)).toThrow(coded("audit.entry-invalid"));
    const lying = statement("three").payloads.map(({ digest }) => ({ digest, bytes: Buffer.from("other") }));
    expect(() => journal.enter(run, statement("three").entry, lying)).toThrow(coded("audit.payload-mismatch"));
    await journal.durable();
    expect(await readStatements(storage, run)).toHaveLength(1);
    expect(await findings(storage)).toEqual([]);
    await journal.close();
  });
});

describe("a statement that was written past the journal", () => {
  const one = statement("one");
  const cases: readonly (readonly [string, string, (log: Awaited<ReturnType<typeof sealedLog>>) => Promise<void>])[] = [
    ["statement-misplaced", "with a gap", ({ storage, run }) => put(storage, statementChainOf(run), 1, one)],
    [
      "statement-misplaced",
      "twice",
      async ({ storage, run }) => {
        for (const seq of [0, 1]) await put(storage, statementChainOf(run), seq, one);
      },
    ],
    ["statement-unsealed", "about no run", ({ storage }) => put(storage, statementChainOf(absent), 0, one)],
    [
      "leaf-damaged",
      "as bytes that are no entry",
      ({ storage, run }) => put(storage, statementChainOf(run), 0, { ...one, entry: Buffer.from("{}") }),
    ],
    ["leaf-damaged", "in the frame of an event", ({ storage, run }) => put(storage, run, 0, one)],
    ["leaf-damaged", "about what is no run", ({ storage }) => put(storage, "statements/log", 0, one)],
  ];
  test.each(cases)("is %s: %s; and it is cut off when the log is opened", async (code, _, write) => {
    const log = await sealedLog();
    await log.journal.close();
    const size = log.storage.leaves.length;
    await write(log);

    expect(await findings(log.storage)).toContain(code);
    const again = await open(log.storage, identity);
    expect(again.repaired).not.toBeNull();
    expect(again.repaired?.sizeAfter).toBeLessThanOrEqual(size + 1);
    expect(await findings(log.storage)).toEqual([]);
    await again.close();
  });

  test("is payload-missing without the bytes that were signed", async () => {
    const { storage, journal, run } = await sealedLog();
    await enterMissing(journal, run, [one]);
    await journal.close();
    expect(storage.payloads.delete(one.payloads[0]?.digest as never)).toBe(true);

    expect(await findings(storage)).toEqual(["payload-missing"]);
  });
});
