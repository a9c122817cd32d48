/**
 * Conformance: reservations, and the locks of runs.
 *
 * @module
 */
import { deepStrictEqual, ok, rejects, strictEqual } from "node:assert/strict";
import { seededRandom } from "@canonic/contracts";
import { at, type Cases, tokenDigest } from "./conformance-fixture.ts";
import { createMemoryAuthorityStorage } from "./memory-storage.ts";
import type { AuthorityStorage, LedgerCounts, ReserveRequest } from "./storage.ts";

const token = tokenDigest(0);
const none = { token, invocationsUsed: 0, invocationsReserved: 0, tokensUsed: 0, tokensReserved: 0, recent: 0 };
const always = (): boolean => true;

export const ledgerCases: Cases = {
  "counts what is held and what is spent, without the use that is asked for (A4)": async (fixture) => {
    const storage = await fixture.open();
    const first = await storage.reserve(use("a", 1, 10), always);
    deepStrictEqual(first, { counts: [none], reserved: true });
    const second = await storage.reserve(use("b", 2, 20), always);
    deepStrictEqual(second.counts, [{ ...none, invocationsReserved: 1, tokensReserved: 10, recent: 1 }]);
    await storage.commit("a", 7);
    const third = await storage.reserve(use("c", 3, 5), always);
    const spent = { invocationsUsed: 1, tokensUsed: 7 };
    deepStrictEqual(third.counts, [{ ...none, ...spent, invocationsReserved: 1, tokensReserved: 20, recent: 2 }]);
    await storage.close();
  },
  "holds nothing when the answer is no, and nothing when there is no answer (A1)": async (fixture) => {
    const storage = await fixture.open();
    const refused = await storage.reserve(use("a", 1, 10), () => false);
    deepStrictEqual(refused, { counts: [none], reserved: false });
    const fault = new Error("no answer");
    const failing = (): boolean => {
      throw fault;
    };
    await rejects(
      async () => storage.reserve(use("a", 1, 10), failing),
      (error) => error === fault,
    );
    deepStrictEqual(await countsOf(storage), [none]);
    await storage.commit("a", 10);
    deepStrictEqual(await countsOf(storage), [none]);
    await storage.close();
  },
  "holds a use once, however often it is asked for, and spends it once (A4)": async (fixture) => {
    const storage = await fixture.open();
    for (const second of [1, 2, 3]) {
      const again = await storage.reserve(use("a", second, 10), always);
      deepStrictEqual(again, { counts: [none], reserved: true });
    }
    deepStrictEqual(await countsOf(storage), [{ ...none, invocationsReserved: 1, tokensReserved: 10, recent: 1 }]);
    await storage.commit("a", 4);
    await storage.commit("a", 9);
    const spent = { ...none, invocationsUsed: 1, tokensUsed: 4, recent: 1 };
    deepStrictEqual(await countsOf(storage), [spent]);
    deepStrictEqual(await storage.reserve(use("a", 4, 10), always), { counts: [none], reserved: true });
    await storage.commit("a", 9);
    deepStrictEqual(await countsOf(storage), [spent]);
    await storage.close();
  },
  "counts as recent what was reserved since the start of the window, to the moment": async (fixture) => {
    const storage = await fixture.open();
    for (const second of [10, 20, 30]) await storage.reserve(use(`at ${second}`, second, 0), always);
    await storage.commit("at 20", 0);
    for (const [since, recent] of [
      [0, 3],
      [10, 3],
      [11, 2],
      [20, 2],
      [30, 1],
      [31, 0],
    ] as const) {
      strictEqual((await countsOf(storage, since))[0]?.recent, recent);
    }
    await storage.close();
  },
  "holds a use under a token and its parent, each with its own counts and window": async (fixture) => {
    const storage = await fixture.open();
    const parent = tokenDigest(1);
    const two = (id: string, second: number): ReserveRequest => ({
      id,
      at: at(second),
      need: 3,
      tokens: [
        { token, since: at(second) },
        { token: parent, since: at(0) },
      ],
    });
    await storage.reserve({ ...use("other", 1, 5), tokens: [{ token: parent, since: at(0) }] }, always);
    await storage.reserve(two("a", 2), always);
    const { counts } = await storage.reserve(two("b", 3), always);
    deepStrictEqual(counts, [
      { ...none, invocationsReserved: 1, tokensReserved: 3 },
      { ...none, token: parent, invocationsReserved: 2, tokensReserved: 8, recent: 2 },
    ]);
    await storage.commit("a", 2);
    const after = await storage.reserve(two("c", 3), () => false);
    deepStrictEqual(after.counts, [
      { ...none, invocationsUsed: 1, tokensUsed: 2, invocationsReserved: 1, tokensReserved: 3, recent: 1 },
      {
        ...none,
        token: parent,
        invocationsUsed: 1,
        tokensUsed: 2,
        invocationsReserved: 2,
        tokensReserved: 8,
        recent: 3,
      },
    ]);
    await storage.close();
  },
  "spends a use of one token and holds it anew under another (A4)": async (fixture) => {
    const storage = await fixture.open();
    const next = tokenDigest(2);
    await storage.reserve(use("a", 1, 10), always);
    await storage.commit("a", 10);
    await storage.reserve({ ...use("a", 2, 10), tokens: [{ token: next, since: at(0) }] }, always);
    const { counts } = await storage.reserve(
      { ...use("b", 3, 0), tokens: [token, next].map((each) => ({ token: each, since: at(0) })) },
      () => false,
    );
    deepStrictEqual(counts, [
      { ...none, invocationsUsed: 1, tokensUsed: 10, recent: 1 },
      { ...none, token: next, invocationsReserved: 1, tokensReserved: 10, recent: 1 },
    ]);
    await storage.close();
  },
  "holds each attempt of a task beside the others, and what is held again once (A4)": async (fixture) => {
    const storage = await fixture.open();
    await storage.reserve(use("run/task/1", 1, 10), always);
    await storage.commit("run/task/1", 4);
    await storage.reserve(use("run/task/2", 2, 10), always);
    deepStrictEqual(await countsOf(storage), [
      { ...none, invocationsUsed: 1, tokensUsed: 4, invocationsReserved: 1, tokensReserved: 10, recent: 2 },
    ]);
    const next = await fixture.open();
    const again = await next.reserve(use("run/task/2", 3, 10), always);
    deepStrictEqual(again.counts, [{ ...none, invocationsUsed: 1, tokensUsed: 4, recent: 1 }]);
    await next.commit("run/task/2", 5);
    deepStrictEqual(await countsOf(storage), [{ ...none, invocationsUsed: 2, tokensUsed: 9, recent: 2 }]);
    for (const handle of [storage, next]) await handle.close();
  },
  "never lets two processes hold more than is allowed (A1)": async (fixture) => {
    const handles = [await fixture.open(), await fixture.open()] as const;
    const isBelow = ([counts]: readonly LedgerCounts[]): boolean =>
      counts !== undefined && counts.invocationsUsed + counts.invocationsReserved < 12;
    const answers = await Promise.all(
      Array.from({ length: 40 }, async (_, n) => {
        const handle = handles[n % 2] as AuthorityStorage;
        const { reserved } = await handle.reserve(use(`use ${n}`, n, 1), isBelow);
        if (reserved && n % 3 === 0) await handle.commit(`use ${n}`, 1);
        return reserved;
      }),
    );
    strictEqual(answers.filter(Boolean).length, 12);
    const [counts] = await countsOf(handles[1]);
    strictEqual((counts?.invocationsUsed ?? 0) + (counts?.invocationsReserved ?? 0), 12);
    for (const handle of handles) await handle.close();
  },
  "counts what the memory store counts, over a thousand random uses on two handles": async (fixture) => {
    const model = createMemoryAuthorityStorage();
    const handles = [await fixture.open(), await fixture.open()] as const;
    const random = seededRandom(tokenDigest(7));
    const below = (bound: number): number => random() % bound;
    let allowed = 0;
    for (let turn = 0; turn < 1000; turn += 1) {
      const handle = handles[below(2)] as AuthorityStorage;
      const id = `use ${below(300)}`;
      if (below(3) === 0) {
        const spent = below(50);
        await handle.commit(id, spent);
        model.commit(id, spent);
        continue;
      }
      const second = Math.min(3599, turn + below(30));
      const tokens = Array.from({ length: 1 + below(2) }, (_, n) => ({
        token: tokenDigest(n === 0 ? below(3) : 3),
        since: at(below(3600)),
      }));
      const isAllowed = below(4) > 0;
      const request = { id, at: at(second), need: below(50), tokens };
      const found = await handle.reserve(request, () => isAllowed);
      deepStrictEqual(
        found,
        model.reserve(request, () => isAllowed),
      );
      allowed += found.reserved ? 1 : 0;
    }
    ok(allowed > 300);
    for (const handle of handles) await handle.close();
  },
};

function use(id: string, second: number, need: number): ReserveRequest {
  return { id, at: at(second), need, tokens: [{ token, since: at(0) }] };
}

async function countsOf(storage: AuthorityStorage, since = 0): Promise<readonly LedgerCounts[]> {
  const request = { ...use("nobody", 0, 0), tokens: [{ token, since: at(since) }] };
  return (await storage.reserve(request, () => false)).counts;
}
