/** The local host's own promises. */
import { contractDigestOf, type Operation } from "@canonic/contracts";
import { expect, test } from "vitest";
import type { Call } from "../src/call.ts";
import { createLocalHost } from "../src/host.ts";
import { createLocalOperations, type OperationsPort, runPlan } from "../src/index.ts";
import { contractOf } from "./contract-of.ts";
import { memoryJournal, portsOf, stillClock, worldOf } from "./kit.ts";

const echo: Operation = { contract: contractOf("test.echo"), run: (input) => input };
const world = worldOf({
  operations: [echo],
  tasks: Array.from({ length: 30 }, (_, n) => ({ operation: "test.echo", parameters: { n } })),
});

function callOf(position: number): Call {
  const task = world.plan.tasks[position];
  if (task === undefined) throw new Error("no such task");
  const entitlement = { task: task.id, seed: null, now: null, idempotencyKey: null, fence: null };
  return {
    task: { ...task, contract: contractDigestOf(echo.contract) },
    input: { n: position },
    contract: echo.contract,
    entitlement,
  };
}

test("hands out each ended call once, however many end before anyone asks (H1)", async () => {
  const host = createLocalHost(createLocalOperations([echo], stillClock), stillClock);
  for (const position of [3, 1, 2]) host.start(callOf(position), null);

  const positions = [await host.next(), await host.next(), await host.next()];

  expect(positions.sort()).toEqual([1, 2, 3]);
  expect(positions.map((position) => host.value(position))).toMatchObject([
    { output: '{"n":1}' },
    { output: '{"n":2}' },
    { output: '{"n":3}' },
  ]);
  expect(() => host.value(1)).toThrow("assertion failed");
});

test("an error of the operations port comes out of next, unchanged and every time (H3)", async () => {
  const broken = new Error("no engine");
  const operations: OperationsPort = { execute: () => Promise.reject(broken), close: async () => {} };
  const host = createLocalHost(operations, stillClock);
  host.start(callOf(0), null);

  await expect(host.next()).rejects.toBe(broken);
  await expect(host.next()).rejects.toBe(broken);
});

test("a gate answers what the person gave, unread, and null while nobody has (H4)", async () => {
  const operations = createLocalOperations([echo], stillClock);
  const request = { run: "run_0", gate: "SG_1", plan: "sha256:0", pins: "sha256:1", reviewDecision: false } as never;
  const given = { anything: ["at all"] };

  expect(await createLocalHost(operations, stillClock).gate(request)).toBe(null);
  expect(await createLocalHost(operations, stillClock, async () => given).gate(request)).toBe(given);
});

test("long pure work lets the event loop turn, so that timers, signals and commits are served", async () => {
  let nowMs = 0;
  let turns = 0;
  const ticking = { now: stillClock.now, monotonicMs: () => (nowMs += 6) };
  const operations = createLocalOperations(world.operations, stillClock);
  let isRunning = true;
  const count = (): void => {
    turns += 1;
    if (isRunning) setImmediate(count);
  };
  setImmediate(count);

  const result = await runPlan({ ...world, ...portsOf(world, memoryJournal(), { clock: ticking, operations }) });
  isRunning = false;

  expect(result.status).toBe("completed");
  expect(turns).toBeGreaterThan(5);
});
