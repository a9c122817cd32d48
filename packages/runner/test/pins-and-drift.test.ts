/** Bound plans: values that earlier tasks give, and whether those still hold when they are used. */
import { digestJson, inputDigestOf, type JsonValue, type Operation } from "@canonic/contracts";
import { expect, test } from "vitest";
import { type RunPorts, resumePlan, runPlan } from "../src/index.ts";
import { approving } from "./authority.ts";
import { boundWorld, lastOf, storyOf } from "./bound-world.ts";
import { contractOf } from "./contract-of.ts";
import { memoryJournal, portsOf, type World, worldOf } from "./kit.ts";

const approvals = approving(["SG_1", "SG_2"]);

async function runOf(world: World, changes: Partial<RunPorts> = {}) {
  const journal = memoryJournal();
  const result = await runPlan({ ...world, ...portsOf(world, journal, { approvals, ...changes }) });
  return { journal, result, story: storyOf(world, journal.log) };
}

/** A source that gives these, one after the other, and the last for ever. */
function source(...values: readonly (JsonValue | Error)[]): Operation["run"] {
  let at = 0;
  return () => {
    const value = values[Math.min(at, values.length - 1)] ?? null;
    at += 1;
    if (value instanceof Error) throw value;
    return value;
  };
}

test("a bound task receives the value at its pointer, frozen, and its start says so by digest", async () => {
  const frozen: boolean[] = [];
  const world = pair({ deep: [{ n: 7 }] }, "/deep/0", (input) => {
    frozen.push(Object.isFrozen(input["bound"]));
    return input;
  });

  const { journal, result } = await runOf(world);

  expect(result).toMatchObject({ status: "completed", outputs: ['{"deep":[{"n":7}]}', '{"bound":{"n":7},"own":1}'] });
  expect(frozen).toEqual([true]);
  const [, taker] = world.plan.tasks;
  if (taker === undefined) throw new Error("no such task");
  expect(lastOf(journal.log, "EXECUTION_STARTED").input).toBe(inputDigestOf(taker, { bound: digestJson({ n: 7 }) }));
});

function pair(gives: JsonValue, pointer: string, take: Operation["run"] = (input) => input, replay = 0): World {
  return worldOf({
    operations: [
      { contract: contractOf("test.give"), run: () => gives },
      { contract: contractOf("test.take"), run: take },
    ],
    tasks: [
      { operation: "test.give" },
      { operation: "test.take", parameters: { own: 1 }, bindings: { bound: { task: 0, pointer } } },
    ],
    groups: [1, 1],
    replay,
    bound: {},
  });
}

test.each([
  ["null", { a: null }, "/a", null],
  ["false", { a: false }, "/a", false],
  ["the whole output", "all", "", "all"],
  ["an escaped name", { "a/b": { "~": 1 } }, "/a~1b/~0", 1],
] as const)("a binding can take %s", async (_name, gives, pointer, bound) => {
  const { result } = await runOf(pair(gives, pointer));

  expect(result.outputs[1]).toBe(JSON.stringify({ bound, own: 1 }));
});

test.each([
  ["a name that is not there", { a: 1 }, "/b"],
  ["an element that is not there", { a: [1] }, "/a/1"],
  ["a name that every object inherits", {}, "/toString"],
  ["a place inside a text", { a: "text" }, "/a/length"],
] as const)(
  "a pointer to %s is refused by name when the task is routed, and it never runs",
  async (_name, gives, pointer) => {
    let runs = 0;
    const world = pair(gives, pointer, () => ++runs);

    const { journal, result, story } = await runOf(world);

    expect(runs).toBe(0);
    expect(story).toBe("frozen token r0 a0 l0 s0 C0 r1 D1 sealed");
    const reasons = [{ code: "runner.pin-missing", place: "bound", message: expect.any(String) }];
    expect(lastOf(journal.log, "ROUTING_DECISION")).toMatchObject({
      operation: "test.take",
      decision: "refuse",
      reasons,
    });
    expect(result).toMatchObject({ status: "denied", failure: { code: "runner.pin-missing", reasons } });
  },
);

test("a bound task is replayed with what it was bound to", async () => {
  const { result } = await runOf(pair({ n: 1 }, "/n", undefined, 2));

  expect(result).toMatchObject({ status: "completed", verdicts: [{}, { checked: 3, verdict: "satisfied" }] });
});

test("an output of a bound plan with a key like a secret is no output: the place is named, the value is nowhere", async () => {
  const world = pair({ rows: [{ Api_Key: "hunter2", n: 1 }] }, "/rows/0/n");

  const { journal, result, story } = await runOf(world);

  const reasons = [{ code: "runner.pin-secret", place: "/rows/0/Api_Key", message: expect.any(String) }];
  expect(story).toBe("frozen token r0 a0 l0 s0 A0 K1 sealed");
  expect(lastOf(journal.log, "OPERATION_ABORTED")).toEqual({ code: "runner.pin-secret", failure: null, reasons });
  expect(result.outputs).toEqual([]);
  expect(JSON.stringify([journal.log, [...journal.payloads.values()].map(String)])).not.toContain("hunter2");
});

test("an isolated plan pins nothing, so its outputs are not looked through", async () => {
  const world = worldOf({
    operations: [{ contract: contractOf("test.give"), run: () => ({ token: "t" }) }],
    tasks: [{ operation: "test.give" }],
  });

  expect((await runOf(world)).result).toMatchObject({ status: "completed", outputs: ['{"token":"t"}'] });
});

const units = { units: ["a", "b"] };

test("the source is looked at again right before the write; the same bytes let it pass (X2)", async () => {
  const { journal, result } = await runOf(boundWorld({ look: source(units) }));

  expect(result.status).toBe("completed");
  const [look] = boundWorld().plan.tasks;
  const output = digestJson(units);
  expect(lastOf(journal.log, "DRIFT_CHECK")).toEqual({
    of: look?.id,
    expected: output,
    found: output,
    decision: "allow",
    reasons: [],
  });
});

test.each([
  ["other bytes", { units: ["a", "c"] }, "runner.drift", digestJson({ units: ["a", "c"] })],
  ["nothing", new Error("source gone: hunter2"), "runner.drift-unknown", null],
] as const)(
  "a source that gives %s stops the run before the write; it can go on when the source is back",
  async (_name, then, code, found) => {
    let writes = 0;
    const deeds = {
      look: source(units, then, units),
      write: () => {
        writes += 1;
        return { written: "a" };
      },
    };
    const world = boundWorld(deeds);

    const { journal, result, story } = await runOf(world);

    const [look, write] = world.plan.tasks;
    expect(writes).toBe(0);
    expect(story).toBe("frozen token r0 a0 l0 s0 C0 asked recorded r1 a1 d1 D1 stopped");
    expect(lastOf(journal.log, "DRIFT_CHECK")).toMatchObject({
      of: look?.id,
      expected: digestJson(units),
      found,
      decision: "refuse",
      reasons: [{ code, place: look?.id }],
    });
    expect(lastOf(journal.log, "EXECUTION_DENIED")).toMatchObject({ stage: "drift", reasons: [{ code }] });
    expect(result).toMatchObject({ status: "stopped", stop: { code, task: write?.id, gate: null } });
    expect(JSON.stringify(journal.log)).not.toContain("hunter2");
    expect(await resumePlan({ ...portsOf(world, journal, { approvals }), run: result.run })).toMatchObject({
      status: "completed",
    });
    expect(writes).toBe(1);
  },
);

test("a recheck whose route leads elsewhere is not executed, and drift is unknown", async () => {
  const world = boundWorld();
  const journal = memoryJournal();
  const ports = portsOf(world, journal, { approvals });
  let looks = 0;
  const router: RunPorts["router"] = {
    route(task) {
      const route = ports.router.route(task);
      if (task.position > 0 || route.kind === "refuse") return route;
      looks += 1;
      return looks === 1 ? route : { ...route, contract: { ...route.contract, description: "another" } };
    },
  };

  const result = await runPlan({ ...world, ...ports, router });

  expect(looks).toBe(2);
  expect(result).toMatchObject({ status: "stopped", stop: { code: "runner.drift-unknown" } });
});

test("rechecks are made in order, one after another, and all others that end meanwhile are kept (R2)", async () => {
  const entered: string[] = [];
  const run =
    (name: string): Operation["run"] =>
    async (input) => {
      entered.push(`${name}${input["n"]}`);
      await new Promise((resolve) => setImmediate(resolve));
      return input;
    };
  const world = worldOf({
    operations: [
      { contract: contractOf("test.look", { effect: "read" }), run: run("look") },
      { contract: contractOf("test.step"), run: run("step") },
    ],
    tasks: [
      { operation: "test.look", parameters: { n: 0 } },
      { operation: "test.look", parameters: { n: 1 } },
      { operation: "test.step", parameters: { n: 2 } },
      { operation: "test.step", parameters: { n: 3 } },
    ],
    groups: [2, 2],
    contracts: [],
    bound: {
      rechecks: [
        { before: 3, task: 0 },
        { before: 3, task: 1 },
      ],
    },
  });

  const { result, story } = await runOf(world, { jobs: 2 });

  expect(result).toMatchObject({ status: "completed", outputs: ['{"n":0}', '{"n":1}', '{"n":2}', '{"n":3}'] });
  expect(story).toBe("frozen token r0 a0 l0 s0 r1 a1 l1 s1 C0 C1 r2 a2 l2 s2 r3 a3 d3 d3 l3 s3 C2 C3 sealed");
  expect(entered).toEqual(["look0", "look1", "step2", "look0", "look1", "step3"]);
});
