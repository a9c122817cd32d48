import { AUTHORITY_CHAIN, type AuthorityEventDraft, type Digest, digestBytes, type RunId } from "@canonic/contracts";
import { describe, expect, test } from "vitest";
import { OWN_CHAIN_START } from "../src/chain.ts";
import { createMemoryStorage, fsck, type LogStorage, listRuns, readRun } from "../src/index.ts";
import { readLeaf, writeLeaf } from "../src/leaf.ts";
import { clock, completed, newIdentity, open, planFrozen, writeRun } from "./support.ts";

const revoked = (name: string): AuthorityEventDraft => ({
  type: "TOKEN_REVOKED",
  subject: digestBytes(name),
  data: { token: digestBytes(name), by: "ann", reason: "lost", occurredAt: clock.now() },
});

/** Appends so many events of authority. */
async function filled(storage: LogStorage, count: number, identity = newIdentity()) {
  const journal = await open(storage, identity);
  for (let index = 0; index < count; index += 1) {
    journal.append(AUTHORITY_CHAIN, revoked(`token ${index}`));
    await journal.durable();
  }
  return journal;
}

function counting(storage: LogStorage): { storage: LogStorage; read: () => number } {
  let read = 0;
  const readRunCounted: LogStorage["readRun"] = async (...asked) => {
    const leaves = await storage.readRun(...asked);
    if (asked[0] === AUTHORITY_CHAIN) read += leaves.length;
    return leaves;
  };
  return { storage: { ...storage, readRun: readRunCounted }, read: () => read };
}

describe("the chain of authority", () => {
  test("is a hash chain of its own, beside those of runs, from the digest of the empty tree (C1, C2)", async () => {
    const storage = createMemoryStorage();
    const journal = await open(storage);
    const first = journal.append(AUTHORITY_CHAIN, revoked("one"));
    const { run } = writeRun(journal, "plan", 4);
    const second = journal.append(AUTHORITY_CHAIN, revoked("two"));
    await journal.durable();

    const events = storage.leaves.filter((leaf) => leaf.run === AUTHORITY_CHAIN).map(({ bytes }) => readLeaf(bytes));

    expect([first.seq, second.seq, journal.authorityLength]).toEqual([0, 1, 2]);
    expect(events.map(({ prev, seq, run: chain }) => [chain, seq, prev])).toEqual([
      ["authority", 0, OWN_CHAIN_START],
      ["authority", 1, first.leaf],
    ]);
    expect((await listRuns(storage)).map((each) => each.run)).toEqual([run]);
    // The plans of these runs are no plans; nothing else is wrong.
    const { findings, leaves, runs } = await fsck(storage);
    expect([findings.map(({ code }) => code), leaves, runs]).toEqual([["plan-malformed"], 6, 1]);
  });

  test.each([0, 1, 2, 3, 7, 8, 9, 100])("of %d events goes on where it was after the log was closed", async (count) => {
    const storage = createMemoryStorage();
    const identity = newIdentity();
    await filled(storage, count, identity);

    const journal = await open(storage, identity);
    const length = journal.authorityLength;
    const { seq } = journal.append(AUTHORITY_CHAIN, revoked("last"));
    await journal.durable();

    expect([length, seq, journal.authorityLength]).toEqual([count, count, count + 1]);
    expect(await fsck(storage, { trust: { origin: identity.origin, keys: [identity.signer] } })).toMatchObject({
      sound: true,
      findings: [],
    });
  });

  test("is counted at opening from a few leaves, not from all of them (R4)", async () => {
    const storage = createMemoryStorage();
    const identity = newIdentity();
    const first = await filled(storage, 5000, identity);
    writeRun(first, "seals, and so signs a checkpoint", 3);
    await first.durable();
    first.append(AUTHORITY_CHAIN, revoked("behind the checkpoint"));
    await first.durable();
    const counted = counting(storage);

    const journal = await open(counted.storage, identity);

    expect(journal.authorityLength).toBe(5001);
    expect(counted.read()).toBeLessThan(100);
  });

  test("takes no event of a run, and a run none of authority or of the log (C4)", async () => {
    const storage = createMemoryStorage();
    const journal = await open(storage);
    const { run } = writeRun(journal, "plan", 2, false);
    const refused = (act: () => unknown) => {
      try {
        act();
        return null;
      } catch (error) {
        const { code, details } = error as { code: string; details: unknown };
        return [code, details];
      }
    };
    const repaired = { sizeBefore: 1, sizeAfter: 0, dropped: 1, quarantine: digestBytes("") };

    expect([
      refused(() => journal.append(AUTHORITY_CHAIN as never, completed(digestBytes("x")) as never)),
      refused(() => journal.append(AUTHORITY_CHAIN as never, planFrozen(digestBytes("x"), 1, "x") as never)),
      refused(() => journal.append(run, revoked("one"))),
      refused(() => journal.append(run, { type: "JOURNAL_REPAIRED", subject: "log", data: repaired })),
    ]).toEqual([
      ["audit.chain-foreign", { chain: "authority", type: "EXECUTION_COMPLETED" }],
      ["audit.chain-foreign", { chain: "authority", type: "PLAN_FROZEN" }],
      ["audit.chain-foreign", { chain: run, type: "TOKEN_REVOKED" }],
      ["audit.chain-foreign", { chain: run, type: "JOURNAL_REPAIRED" }],
    ]);
    expect(journal.authorityLength).toBe(0);
  });

  test("is shortened by a repair to what is sound, and goes on from there (R1)", async () => {
    const storage = createMemoryStorage();
    const identity = newIdentity();
    await filled(storage, 6, identity);
    storage.leaves[4]?.bytes.fill(0x20);

    const journal = await open(storage, identity);
    const { seq } = journal.append(AUTHORITY_CHAIN, revoked("again"));
    await journal.durable();

    expect(journal.repaired).toMatchObject({ sizeBefore: 6, sizeAfter: 4, dropped: 2 });
    expect([seq, journal.authorityLength]).toEqual([4, 5]);
    expect(await fsck(storage)).toMatchObject({ sound: true, leaves: 6 });
  });

  test.each<[string, (at: { seq: number; prev: Digest }) => { seq: number; prev: Digest }]>([
    ["a gap", ({ seq, prev }) => ({ seq: seq + 1, prev })],
    ["another prev", ({ seq }) => ({ seq, prev: digestBytes("x") })],
    ["a second beginning", () => ({ seq: 0, prev: OWN_CHAIN_START })],
  ])("with %s is cut there, and fsck finds it", async (_title, bend) => {
    const storage = createMemoryStorage();
    const identity = newIdentity();
    const journal = await filled(storage, 3, identity);
    writeRun(journal, "seals", 2);
    await journal.durable();
    const last = storage.leaves.filter((leaf) => leaf.run === AUTHORITY_CHAIN).at(-1);
    const at = bend({ seq: 3, prev: `sha256:${Buffer.from(last?.hash ?? []).toString("hex")}` as Digest });
    const leaf = writeLeaf({ run: AUTHORITY_CHAIN, at: clock.now(), ...at, ...revoked("false") });
    const index = storage.leaves.length;
    await storage.append({
      expectedSize: index,
      leaves: [{ index, run: AUTHORITY_CHAIN, seq: at.seq, hash: leaf.hash, bytes: leaf.bytes }],
      payloads: [],
      nodes: [],
    });

    const { findings } = await fsck(storage);
    const opened = await open(storage, identity);

    expect(findings.map(({ code }) => code)).toContain("chain-broken");
    expect([opened.repaired?.dropped, opened.authorityLength]).toEqual([1, 3]);
  });

  test("is no run", async () => {
    const storage = createMemoryStorage();
    await filled(storage, 1);

    expect(await listRuns(storage)).toEqual([]);
    await expect(readRun(storage, "run_00000000000000000000" as RunId)).rejects.toMatchObject({
      code: "audit.run-unknown",
    });
  });
});
