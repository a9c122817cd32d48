import { expect, test } from "vitest";
import { createMemoryStorage, openJournal } from "../src/index.ts";
import { clock, completed, payloadOf, planFrozen } from "./support.ts";

async function lingering() {
  const storage = createMemoryStorage();
  const lingered: (() => void)[] = [];
  const deferred: (() => void)[] = [];
  const journal = await openJournal({
    storage,
    clock,
    identity: null,
    defer: (callback) => void deferred.push(callback),
    linger: (callback) => void lingered.push(callback),
  });
  const plan = payloadOf("linger");
  const { run, number } = journal.begin(plan.digest);
  journal.append(run, planFrozen(plan.digest, number, run), [plan]);
  return { storage, journal, run, plan, lingered, deferred };
}

test("events that nobody asked to be durable wait together for the linger, in one group", async () => {
  const { storage, journal, run, plan, lingered, deferred } = await lingering();
  journal.append(run, completed(plan.digest));

  expect([lingered.length, deferred.length, await storage.size()]).toEqual([1, 0, 0]);
  lingered[0]?.();
  expect(await storage.size()).toBe(2);
});

test("`durable` does not wait for the linger", async () => {
  const { storage, journal, lingered, deferred } = await lingering();
  const durable = journal.durable();

  expect([lingered.length, deferred.length, await storage.size()]).toEqual([1, 1, 0]);
  deferred[0]?.();
  await durable;
  expect(await storage.size()).toBe(1);
  lingered[0]?.();
  expect(await storage.size()).toBe(1);
});
