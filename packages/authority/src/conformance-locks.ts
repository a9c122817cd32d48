/**
 * Conformance: locks and their fences.
 *
 * @module
 */
import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { at, type Cases } from "./conformance-fixture.ts";
import type { AuthorityStorage, Lock } from "./storage.ts";

export const lockCases: Cases = {
  "gives a lock to one holder at a time, and says who has it (A5)": async (fixture) => {
    const storage = await fixture.open();
    const held = lock("first", 1, 60);
    deepStrictEqual(await acquire(storage, "first", 0, 60), { kind: "held", lock: held });
    deepStrictEqual(await acquire(storage, "second", 59, 90), { kind: "refused", lock: held });
    deepStrictEqual(await acquire(storage, "first", 59, 90), { kind: "refused", lock: held });
    const other = await storage.acquireLock({ key: "other", holder: "second", now: at(1), until: at(2) });
    deepStrictEqual(other, { kind: "held", lock: { key: "other", fence: 1, holder: "second", until: at(2) } });
    await storage.close();
  },
  "lets the next in when the time is over or the lock is released, with a higher fence (A5)": async (fixture) => {
    const storage = await fixture.open();
    await acquire(storage, "first", 0, 60);
    deepStrictEqual(await acquire(storage, "second", 60, 90), { kind: "held", lock: lock("second", 2, 90) });
    strictEqual(await storage.releaseLock("run", 2), true);
    deepStrictEqual(await acquire(storage, "third", 61, 99), { kind: "held", lock: lock("third", 3, 99) });
    await storage.close();
  },
  "renews for the newest holder alone, past its time too, while nobody has overtaken it (A5)": async (fixture) => {
    const storage = await fixture.open();
    await acquire(storage, "first", 0, 60);
    strictEqual(await storage.renewLock("run", 1, at(120)), true);
    deepStrictEqual(await acquire(storage, "second", 100, 130), { kind: "refused", lock: lock("first", 1, 120) });
    deepStrictEqual(await acquire(storage, "second", 121, 130), { kind: "held", lock: lock("second", 2, 130) });
    strictEqual(await storage.renewLock("run", 1, at(999)), false);
    strictEqual(await storage.renewLock("run", 3, at(999)), false);
    strictEqual(await storage.renewLock("none", 1, at(999)), false);
    deepStrictEqual(await acquire(storage, "third", 129, 140), { kind: "refused", lock: lock("second", 2, 130) });
    await storage.close();
  },
  "releases for the newest holder alone, once (A5)": async (fixture) => {
    const storage = await fixture.open();
    await acquire(storage, "first", 0, 60);
    await acquire(storage, "second", 61, 120);
    strictEqual(await storage.releaseLock("run", 1), false);
    deepStrictEqual(await acquire(storage, "third", 62, 130), { kind: "refused", lock: lock("second", 2, 120) });
    strictEqual(await storage.releaseLock("run", 2), true);
    strictEqual(await storage.releaseLock("run", 2), false);
    strictEqual(await storage.renewLock("run", 2, at(999)), false);
    strictEqual(await storage.releaseLock("none", 1), false);
    await storage.close();
  },
  "lets exactly one of many win a race for a lock (A1, A5)": async (fixture) => {
    const handles = [await fixture.open(), await fixture.open()] as const;
    for (let turn = 1; turn <= 20; turn += 1) {
      const tries = Array.from({ length: 6 }, (_, n) =>
        acquire(handles[n % 2] as AuthorityStorage, `holder ${n}`, 0, 60),
      );
      const answers = await Promise.all(tries);
      const [won, ...more] = answers.filter(({ kind }) => kind === "held");
      strictEqual(more.length, 0);
      strictEqual(won?.lock.fence, turn);
      for (const { lock: seen } of answers) deepStrictEqual(seen, won?.lock);
      strictEqual(await handles[turn % 2]?.releaseLock("run", turn), true);
    }
    for (const handle of handles) await handle.close();
  },
};

async function acquire(storage: AuthorityStorage, holder: string, now: number, until: number) {
  return storage.acquireLock({ key: "run", holder, now: at(now), until: at(until) });
}

function lock(holder: string, fence: number, until: number): Lock {
  return { key: "run", fence, holder, until: at(until) };
}
