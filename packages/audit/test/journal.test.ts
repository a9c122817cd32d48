import { canonicalBytes, digestBytes, LEAF_BYTES_MAX, type RunId, runIdOf } from "@canonic/contracts";
import { describe, expect, test, vi } from "vitest";
import { createMemoryStorage, type LogStorage, openCheckpoint } from "../src/index.ts";
import { leafHash } from "../src/tree-hash.ts";
import { clock, completed, newIdentity, ORIGIN, open, payloadOf, planFrozen, sealed, writeRun } from "./support.ts";

const plan = payloadOf("plan");
const refused = (code: string) => expect.objectContaining({ name: "AuditError", code });

describe("appending", () => {
  test("chains each event to the leaf before it, and the first one to the plan", async () => {
    const journal = await open(createMemoryStorage());

    const { run, heads } = writeRun(journal, "plan", 4);
    const events = await journal.events(run);

    expect(events.map((event) => event.prev)).toEqual([plan.digest, ...heads.slice(0, -1)]);
    expect(events.map((event) => event.seq)).toEqual([0, 1, 2, 3]);
  });

  test("stores the exact canonical bytes of each event under their leaf hash", async () => {
    const storage = createMemoryStorage();
    const journal = await open(storage);

    const { run } = writeRun(journal, "plan", 5);
    const events = await journal.events(run);

    expect(storage.leaves.map((leaf) => Buffer.from(leaf.bytes))).toEqual(events.map((event) => canonicalBytes(event)));
    expect(storage.leaves.map((leaf) => Buffer.from(leaf.hash))).toEqual(
      storage.leaves.map((leaf) => leafHash(leaf.bytes)),
    );
  });

  test("numbers runs without gaps, whatever happened to a reservation (W3)", async () => {
    const journal = await open(createMemoryStorage());

    const abandoned = journal.begin(payloadOf("other").digest);
    const { run, number } = journal.begin(plan.digest);
    journal.append(run, planFrozen(plan.digest, number, run));
    const second = journal.begin(plan.digest);

    expect([abandoned.number, number, second.number]).toEqual([1, 1, 2]);
    expect(run).toBe(runIdOf(plan.digest, 1));
    expect(() => journal.append(abandoned.run, planFrozen(payloadOf("other").digest, 1, "x"))).toThrow(
      refused("audit.run-not-open"),
    );
  });

  test.each([
    ["an event before PLAN_FROZEN", "audit.run-start", completed(plan.digest)],
    ["a PLAN_FROZEN with another number", "audit.run-start", planFrozen(plan.digest, 7, "x")],
    ["a draft that is no event", "audit.event-invalid", planFrozen(plan.digest, 1, "")],
  ])("refuses %s and leaves no trace of it (W1)", async (_title, code, draft) => {
    const storage = createMemoryStorage();
    const journal = await open(storage);
    const { run, number } = journal.begin(plan.digest);

    expect(() => journal.append(run, draft)).toThrow(refused(code));
    journal.append(run, planFrozen(plan.digest, number, run));
    await journal.durable();

    expect(storage.leaves.map((leaf) => leaf.seq)).toEqual([0]);
  });

  test("refuses a leaf over 65,535 bytes before anything is written (W1)", async () => {
    const storage = createMemoryStorage();
    const journal = await open(storage);
    const { run } = writeRun(journal, "plan", 2, false);
    const reasons = Array.from({ length: 20 }, () => ({
      code: "x.y",
      place: "ñ".repeat(512),
      message: "ñ".repeat(2048),
    }));

    expect(() =>
      journal.append(run, { type: "EXECUTION_DENIED", subject: run, data: { stage: "routing", reasons } }),
    ).toThrow(
      expect.objectContaining({
        code: "audit.leaf-too-large",
        details: expect.objectContaining({ sizeBytesMax: LEAF_BYTES_MAX }),
      }),
    );
    expect(journal.append(run, completed(plan.digest)).seq).toBe(2);
  });

  test("refuses a payload whose bytes do not have its digest", async () => {
    const journal = await open(createMemoryStorage());
    const { run } = writeRun(journal, "plan", 1, false);
    const forged = { digest: plan.digest, bytes: canonicalBytes("other") };

    expect(() => journal.append(run, completed(plan.digest), [forged])).toThrow(refused("audit.payload-mismatch"));
  });

  test("refuses events after RUN_SEALED", async () => {
    const journal = await open(createMemoryStorage());
    const { run } = writeRun(journal, "plan", 3);

    expect(() => journal.append(run, completed(plan.digest))).toThrow(refused("audit.run-sealed"));
  });
});

describe("durability", () => {
  test("commits what was appended in one turn as one group", async () => {
    const append = vi.fn();
    const journal = await open(createMemoryStorage({ beforeWrite: append }));

    writeRun(journal, "one", 3, false);
    writeRun(journal, "two", 3, false);
    await Promise.all([journal.durable(), journal.durable()]);

    expect(append.mock.calls).toEqual([["append"]]);
  });

  test("writes nothing before the turn ends, and everything of 512 events at once", async () => {
    const storage = createMemoryStorage();
    const journal = await open(storage);

    const { run } = writeRun(journal, "plan", 511, false);
    const before = storage.leaves.length;
    journal.append(run, completed(plan.digest));

    expect([before, storage.leaves.length]).toEqual([0, 512]);
  });

  test("refuses everything after the first failed write, and writes nothing again (W2)", async () => {
    let failing = false;
    const writes = vi.fn((_operation: string) => {
      if (failing) throw Object.assign(new Error("disk"), { code: "EIO" });
    });
    const journal = await open(createMemoryStorage({ beforeWrite: writes }));
    const { run } = writeRun(journal, "plan", 2, false);
    await journal.durable();
    failing = true;

    journal.append(run, completed(plan.digest));
    await expect(journal.durable()).rejects.toEqual(refused("audit.poisoned"));
    failing = false;

    expect(() => journal.append(run, completed(plan.digest))).toThrow(refused("audit.poisoned"));
    expect(() => journal.begin(plan.digest)).toThrow(refused("audit.poisoned"));
    await expect(journal.durable()).rejects.toEqual(refused("audit.poisoned"));
    expect(writes).toHaveBeenCalledTimes(2);
  });

  test("is poisoned by a checkpoint that cannot be stored (W2)", async () => {
    let opened = false;
    const storage = createMemoryStorage({
      beforeWrite: (operation) => {
        if (operation === "swapCheckpoint" && opened) throw Object.assign(new Error("disk"), { code: "ENOSPC" });
      },
    });
    const journal = await open(storage, newIdentity());
    opened = true;
    writeRun(journal, "plan", 3);

    await expect(journal.durable()).rejects.toEqual(
      expect.objectContaining({ code: "audit.poisoned", details: { cause: "ENOSPC" } }),
    );
  });

  test("keeps order and misses nothing over a store that answers with promises", async () => {
    const memory = createMemoryStorage();
    const slow: LogStorage = {
      ...memory,
      append: async (batch) =>
        void (await new Promise<void>((done) => setImmediate(() => done(memory.append(batch) as undefined)))),
    };
    const journal = await open(slow, newIdentity());

    const runs = Array.from({ length: 20 }, (_, index) => writeRun(journal, `plan ${index}`, 100).run);
    await journal.durable();

    expect(memory.leaves.map((leaf) => leaf.index)).toEqual(Array.from({ length: 2000 }, (_, index) => index));
    expect((await journal.events(runs[7] as RunId)).length).toBe(100);
  });
});

describe("sealing", () => {
  test("signs a checkpoint over the tree with the seal in it", async () => {
    const storage = createMemoryStorage();
    const identity = newIdentity();
    const journal = await open(storage, identity);

    writeRun(journal, "plan", 9);
    await journal.durable();
    const checkpoint = openCheckpoint((await storage.checkpoint()) as Uint8Array, [identity.signer]);

    expect(checkpoint).toMatchObject({ origin: ORIGIN, size: 9 });
  });

  test("signs none while no run ends, but the first, over no leaf, when the log is made", async () => {
    const storage = createMemoryStorage();
    const identity = newIdentity();
    const journal = await open(storage, identity);
    const first = (await storage.checkpoint()) as Uint8Array;

    writeRun(journal, "plan", 9, false);
    await journal.durable();

    expect(openCheckpoint(first, [identity.signer])).toMatchObject({ origin: ORIGIN, size: 0 });
    expect(await storage.checkpoint()).toEqual(first);
  });
});

describe("opening again", () => {
  test("goes on with the next number and the same chains (W4)", async () => {
    const storage = createMemoryStorage();
    const identity = newIdentity();
    const first = await open(storage, identity);
    const done = writeRun(first, "one", 4);
    const { run, heads } = writeRun(first, "two", 4, false);
    await first.durable();

    const second = await open(storage, identity);
    expect(() => second.append(run, completed(plan.digest))).toThrow(refused("audit.run-not-open"));
    await second.events(run);
    await second.events(done.run);
    const appended = second.append(run, sealed(run, heads.at(-1) as typeof plan.digest, 5));

    expect(second.repaired).toBeNull();
    expect(appended.seq).toBe(4);
    expect((await second.events(run)).at(-1)?.prev).toBe(heads.at(-1));
    expect(() => second.append(done.run, completed(plan.digest))).toThrow(refused("audit.run-sealed"));
    expect(second.begin(plan.digest).number).toBe(3);
  });

  test("gives payloads back, buffered or stored, and undefined for what it never had", async () => {
    const journal = await open(createMemoryStorage());
    writeRun(journal, "plan", 1, false);

    const buffered = await journal.payload(plan.digest);
    await journal.durable();

    expect([buffered, await journal.payload(plan.digest), await journal.payload(digestBytes("none"))]).toEqual(
      [plan.bytes, Uint8Array.from(plan.bytes), undefined].map((bytes) => bytes && expect.anything()),
    );
    expect(Buffer.compare(buffered as Uint8Array, (await journal.payload(plan.digest)) as Uint8Array)).toBe(0);
  });

  test("refuses a run that the log does not have", async () => {
    const journal = await open(createMemoryStorage());

    await expect(journal.events(runIdOf(plan.digest, 1))).rejects.toEqual(refused("audit.run-unknown"));
    expect(clock.now()).toBe("2026-01-31T12:00:00.000Z");
  });
});
