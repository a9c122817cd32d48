/**
 * Conformance: tokens and what became of them, approvals, the mode, and the outbox that tells of all of it.
 *
 * @module
 */
import { deepStrictEqual, ok, rejects, strictEqual } from "node:assert/strict";
import { type AuthorityEventDraft, digestBytes, type ModeRecord } from "@canonic/contracts";
import {
  armed,
  at,
  type Cases,
  expired,
  firstUsed,
  issued,
  OTHER_RUN,
  RUN,
  revoked,
  storedToken,
  tokenDigest,
} from "./conformance-fixture.ts";
import type { AuthorityStorage } from "./storage.ts";

export const factCases: Cases = {
  "starts empty": async (fixture) => {
    const storage = await fixture.open();
    deepStrictEqual(await storage.tokens(), []);
    strictEqual(await storage.token(tokenDigest(0)), undefined);
    strictEqual(await storage.endOf(tokenDigest(0)), null);
    strictEqual(await storage.mode(), undefined);
    deepStrictEqual(await storage.standing([tokenDigest(0), tokenDigest(1)]), { ends: [null, null], mode: undefined });
    deepStrictEqual(await storage.standing([]), { ends: [], mode: undefined });
    deepStrictEqual(await storage.outbox(0, 10), []);
    await storage.close();
  },
  "registers a token once, and lists tokens in the order of registration (A2, A3)": async (fixture) => {
    const storage = await fixture.open();
    for (const n of [3, 1, 2]) strictEqual(await storage.register(storedToken(n), issued(n)), true);
    strictEqual(await storage.register({ ...storedToken(1), label: "another" }, issued(9)), false);
    deepStrictEqual(
      await storage.tokens(),
      [3, 1, 2].map((n) => storedToken(n)),
    );
    deepStrictEqual(await storage.token(tokenDigest(1)), storedToken(1));
    deepStrictEqual(await storage.outbox(0, 10), [3, 1, 2].map(issued));
    await storage.close();
  },
  "says at once how tokens and the store stand, in the order asked for": async (fixture) => {
    const storage = await fixture.open();
    const other = await fixture.open();
    const tokens = [0, 1, 2, 3].map(tokenDigest);
    await storage.markExpired(tokenDigest(1), at(1), expired(1, 1));
    await storage.revoke(tokenDigest(3), at(2), revoked(3, 2));
    await storage.markExpired(tokenDigest(3), at(3), expired(3, 3));
    const ends = [null, "expired", null, "revoked"] as const;
    deepStrictEqual(await other.standing(tokens), { ends, mode: undefined });
    await other.setMode(() => armed(1));
    await other.revoke(tokenDigest(2), at(4), revoked(2, 4));
    const mode = await storage.mode();
    ok(mode !== undefined);
    deepStrictEqual(await storage.standing(tokens.toReversed()), {
      ends: ["revoked", "revoked", "expired", null],
      mode,
    });
    deepStrictEqual(await storage.standing(tokens.slice(1, 2)), { ends: ["expired"], mode });
    deepStrictEqual(await storage.standing([]), { ends: [], mode });
    for (const handle of [storage, other]) await handle.close();
  },
  "keeps revocation, first use and expiry for good, and says each once (A2, A3)": async (fixture) => {
    const storage = await fixture.open();
    const token = tokenDigest(0);
    await storage.register(storedToken(0), issued(0));
    strictEqual(await storage.markFirstUsed(token, at(1), firstUsed(0, 1)), true);
    strictEqual(await storage.markFirstUsed(token, at(2), firstUsed(0, 2)), false);
    strictEqual(await storage.endOf(token), null);
    strictEqual(await storage.revoke(token, at(3), revoked(0, 3)), true);
    strictEqual(await storage.revoke(token, at(4), revoked(0, 4)), false);
    strictEqual(await storage.endOf(token), "revoked");
    strictEqual(await storage.markExpired(token, at(5), expired(0, 5)), true);
    strictEqual(await storage.markExpired(token, at(6), expired(0, 6)), false);
    strictEqual(await storage.endOf(token), "revoked");
    const facts = { firstUsedAt: at(1), revokedAt: at(3), expiredAt: at(5) };
    deepStrictEqual(await storage.token(token), { ...storedToken(0), ...facts });
    deepStrictEqual(await storage.outbox(0, 10), [issued(0), firstUsed(0, 1), revoked(0, 3), expired(0, 5)]);
    await storage.close();
  },
  "knows what became of a token that it never registered (A2)": async (fixture) => {
    const storage = await fixture.open();
    strictEqual(await storage.revoke(tokenDigest(0), at(1), revoked(0)), true);
    strictEqual(await storage.markFirstUsed(tokenDigest(1), at(2), firstUsed(1)), true);
    strictEqual(await storage.markFirstUsed(tokenDigest(1), at(3), firstUsed(1)), false);
    strictEqual(await storage.markExpired(tokenDigest(2), at(4), expired(2)), true);
    strictEqual(await storage.markExpired(tokenDigest(2), at(5), expired(2)), false);
    strictEqual(await storage.endOf(tokenDigest(2)), "expired");
    strictEqual(await storage.endOf(tokenDigest(0)), "revoked");
    strictEqual(await storage.endOf(tokenDigest(1)), null);
    deepStrictEqual(await storage.tokens(), []);
    await storage.register(storedToken(0), issued(0));
    deepStrictEqual(await storage.token(tokenDigest(0)), { ...storedToken(0), revokedAt: at(1) });
    deepStrictEqual(await storage.outbox(0, 10), [revoked(0), firstUsed(1), expired(2), issued(0)]);
    await storage.close();
  },
  "consumes an approval for one gate of one run (A2)": async (fixture) => {
    const storage = await fixture.open();
    const approval = digestBytes("approval");
    strictEqual(await storage.consumeApproval(approval, RUN, "SG_1", at(1)), "first");
    strictEqual(await storage.consumeApproval(approval, RUN, "SG_1", at(2)), "again");
    strictEqual(await storage.consumeApproval(approval, RUN, "SG_2", at(3)), "other");
    strictEqual(await storage.consumeApproval(approval, OTHER_RUN, "SG_1", at(4)), "other");
    strictEqual(await storage.consumeApproval(approval, RUN, "SG_1", at(5)), "again");
    strictEqual(await storage.consumeApproval(digestBytes("another"), RUN, "SG_1", at(6)), "first");
    await storage.close();
  },
  "keeps the last mode that was set, and tells of every one (A3)": async (fixture) => {
    const storage = await fixture.open();
    for (const second of [1, 5, 9]) {
      const { record } = armed(second);
      await storage.setMode(() => armed(second));
      deepStrictEqual(await storage.mode(), record);
    }
    deepStrictEqual(
      await storage.outbox(0, 10),
      [1, 5, 9].map((second) => armed(second).event),
    );
    await storage.close();
  },
  "shows a change of mode what it changes, and nothing comes between (A1)": async (fixture) => {
    const [left, right] = [await fixture.open(), await fixture.open()];
    const seen: (ModeRecord | undefined)[] = [];
    let second = 0;
    await Promise.all(
      both(left, right, (storage) =>
        storage.setMode((before) => {
          seen.push(before);
          second += 1;
          return armed(second);
        }),
      ),
    );
    deepStrictEqual(seen, [undefined, ...[1, 2, 3, 4].map((nth) => armed(nth).record)]);
    const fault = new Error("of the change");
    await rejects(
      async () =>
        right.setMode(() => {
          throw fault;
        }),
      (error) => error === fault,
    );
    deepStrictEqual(await right.mode(), armed(5).record);
    strictEqual((await left.outbox(0, 10)).length, 5);
    await left.close();
    await right.close();
  },
  "reads any page of the outbox from any place (A3)": async (fixture) => {
    const storage = await fixture.open();
    const events: AuthorityEventDraft[] = Array.from({ length: 25 }, (_, n) => issued(n));
    for (const [n, event] of events.entries()) await storage.register(storedToken(n), event);
    for (let from = 0; from <= events.length; from += 1) {
      for (const limit of [1, 4, 1000]) {
        const page = await storage.outbox(from, limit);
        deepStrictEqual(page, events.slice(from, from + page.length));
        ok(page.length > 0 || from === events.length, `an empty page at ${from} of ${events.length}`);
        ok(page.length <= limit);
      }
    }
    await storage.close();
  },
  "keeps everything over a close (A6)": async (fixture) => {
    const first = await fixture.open();
    const { record, event } = armed(3);
    await first.register(storedToken(0), issued(0));
    await first.revoke(tokenDigest(0), at(1), revoked(0));
    await first.consumeApproval(digestBytes("approval"), RUN, "SG_1", at(2));
    await first.setMode(() => armed(3));
    await first.acquireLock({ key: "run", holder: "first", now: at(0), until: at(60) });
    await first.close();
    const second = await fixture.open();
    deepStrictEqual(await second.tokens(), [{ ...storedToken(0), revokedAt: at(1) }]);
    deepStrictEqual(await second.mode(), record);
    strictEqual(await second.consumeApproval(digestBytes("approval"), OTHER_RUN, "SG_1", at(4)), "other");
    deepStrictEqual(await second.outbox(0, 10), [issued(0), revoked(0), event]);
    const lock = await second.acquireLock({ key: "run", holder: "second", now: at(60), until: at(90) });
    deepStrictEqual(lock, { kind: "held", lock: { key: "run", fence: 2, holder: "second", until: at(90) } });
    await second.close();
  },
  "shows one handle what another has done, and each fact happens once (A1, A2)": async (fixture) => {
    const [left, right] = [await fixture.open(), await fixture.open()];
    const answers = await Promise.all([
      ...both(left, right, (storage) => storage.register(storedToken(0), issued(0))),
      ...both(left, right, (storage) => storage.revoke(tokenDigest(0), at(1), revoked(0))),
      ...both(left, right, (storage) => storage.markFirstUsed(tokenDigest(0), at(1), firstUsed(0))),
      ...both(left, right, (storage) => storage.markExpired(tokenDigest(0), at(1), expired(0))),
    ]);
    for (let fact = 0; fact < 4; fact += 1) {
      deepStrictEqual(answers.slice(5 * fact, 5 * fact + 5).filter(Boolean), [true]);
    }
    const uses = await Promise.all(
      both(left, right, (storage) => storage.consumeApproval(digestBytes("approval"), RUN, "SG_1", at(2))),
    );
    deepStrictEqual(uses.sort(), ["again", "again", "again", "again", "first"]);
    strictEqual(await left.endOf(tokenDigest(0)), "revoked");
    deepStrictEqual(await left.tokens(), await right.tokens());
    const told = await left.outbox(0, 10);
    deepStrictEqual(await right.outbox(0, 10), told);
    deepStrictEqual(told.map(({ type }) => type).sort(), [
      "TOKEN_EXPIRED",
      "TOKEN_FIRST_USED",
      "TOKEN_ISSUED",
      "TOKEN_REVOKED",
    ]);
    await left.close();
    await right.close();
  },
};

/** Five calls, in turns on two handles, none of which waits for another. */
function both<T>(left: AuthorityStorage, right: AuthorityStorage, call: (storage: AuthorityStorage) => T): T[] {
  return [left, right, left, right, left].map(call);
}
