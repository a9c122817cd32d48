/** Requests that cannot become a run: each its code, and nothing journaled. */
import { digestJson, type Plan } from "@canonic/contracts";
import { expect, test } from "vitest";
import { createLocalOperations, type RunPorts, runPlan } from "../src/index.ts";
import { boundWorld } from "./bound-world.ts";
import { contractOf } from "./contract-of.ts";
import { concludeByReplay, memoryJournal, portsOf, stillClock, type World, worldOf } from "./kit.ts";

const chunk = { text: "a" };
const world = worldOf({
  operations: [{ contract: contractOf("test.one"), run: (input) => input }],
  tasks: [{ operation: "test.one", inputs: { chunk: digestJson(chunk) } }, { operation: "test.one" }],
  artifacts: [chunk],
});
const { plan } = world;
const [first, second] = plan.tasks as [Plan["tasks"][number], Plan["tasks"][number]];

async function codeOf(changes: Partial<World>, ports: Partial<RunPorts> = {}): Promise<unknown> {
  const journal = memoryJournal();
  const { plan, snapshot, artifacts } = { ...world, ...changes };
  const request = { plan, snapshot, artifacts, ...portsOf(world, journal, ports) };
  const error = await runPlan(request).catch((thrown: unknown) => thrown);
  expect(journal.log).toEqual([]);
  return (error as { code?: unknown }).code;
}

const bad: readonly (readonly [string, string, Partial<Plan>])[] = [
  ["two tasks of one id", "runner.plan-invalid", { tasks: [first, { ...second, id: first.id }] }],
  ["a task at another position", "runner.plan-invalid", { tasks: [second, first] }],
  ["a task in no group", "runner.plan-invalid", { groups: [[0]] }],
  ["a task in two groups", "runner.plan-invalid", { groups: [[0, 1], [1]] }],
  ["a group of an absent task", "runner.plan-invalid", { groups: [[0, 1, 2]] }],
  [
    "an input named like a parameter",
    "runner.plan-invalid",
    { tasks: [{ ...first, parameters: { chunk: 1 } }, second] },
  ],
  ["no task", "runner.plan-invalid", { tasks: [], groups: [] }],
  ["other semantics", "runner.plan-invalid", { semantics: 2 as 1 }],
  ["another registry", "runner.snapshot-mismatch", { registry: digestJson("other") }],
  ["an artifact that it does not list", "runner.artifact-missing", { artifacts: [] }],
  ["an artifact that nobody has", "runner.artifact-missing", { artifacts: [digestJson(chunk), digestJson("absent")] }],
  ["a value that is not JSON", "contracts.not-json", { seed: Number.NaN }],
];

const boundPlan = boundWorld().plan;
const [look, write, ...rest] = boundPlan.tasks as [Plan["tasks"][number], ...Plan["tasks"][number][]];
const bindings = (value: Plan["tasks"][number]["bindings"]): Partial<Plan> => ({
  tasks: [look, { ...(write as typeof look), bindings: value }, ...rest],
});
const gate = (name: string, before: number) => ({ name, before, reviewDecision: false });

const badBound: readonly (readonly [string, string, Partial<Plan>])[] = [
  ["a binding to the task itself", "/tasks/1/bindings/x/task", bindings({ x: { task: 1, pointer: "" } })],
  ["a binding to a later task", "/tasks/1/bindings/x/task", bindings({ x: { task: 2, pointer: "" } })],
  ["a binding to an absent task", "/tasks/1/bindings/x/task", bindings({ x: { task: 9, pointer: "" } })],
  ["a binding inside a group", "/tasks/1/bindings/first/task", { groups: [[0, 1], [2], [3]], gates: [], rechecks: [] }],
  [
    "a binding to a later group",
    "/tasks/1/bindings/first/task",
    { groups: [[1], [0], [2], [3]], gates: [], rechecks: [] },
  ],
  [
    "a binding named like a parameter",
    "/tasks/1/bindings/x",
    { tasks: [look, { ...write, parameters: { x: 1 }, bindings: { x: { task: 0, pointer: "" } } } as never, ...rest] },
  ],
  ["a pointer that is none", "/tasks/1/bindings/x/pointer", bindings({ x: { task: 0, pointer: "units" } })],
  ["a gate in front of everything", "/gates/0/before", { gates: [gate("SG_1", 0)] }],
  ["a gate behind everything", "/gates/0/before", { gates: [gate("SG_1", 4)] }],
  ["two gates of one name", "/gates/1/name", { gates: [gate("SG_1", 1), gate("SG_1", 2)] }],
  ["two gates in front of one group", "/gates/1/before", { gates: [gate("SG_1", 1), gate("SG_2", 1)] }],
  ["gates out of order", "/gates/1/before", { gates: [gate("SG_1", 2), gate("SG_2", 1)] }],
  ["a gate without a name of a gate", "/gates/0/name", { gates: [gate("sg", 1)] }],
  ["a recheck of the task itself", "/rechecks/0/task", { rechecks: [{ before: 1, task: 1 }] }],
  ["a recheck of a later task", "/rechecks/0/task", { rechecks: [{ before: 1, task: 2 }] }],
  [
    "a recheck inside a group",
    "/rechecks/0/task",
    { groups: [[0], [1], [2, 3]], gates: [], rechecks: [{ before: 3, task: 2 }] },
  ],
  ["a recheck before an absent task", "/rechecks/0/before", { rechecks: [{ before: 4, task: 0 }] }],
  ["a recheck of a write", "/rechecks/0/task", { rechecks: [{ before: 2, task: 1 }] }],
  [
    "a recheck twice",
    "/rechecks/1",
    {
      rechecks: [
        { before: 1, task: 0 },
        { before: 1, task: 0 },
      ],
    },
  ],
  [
    "rechecks out of order",
    "/rechecks/1",
    {
      rechecks: [
        { before: 3, task: 0 },
        { before: 2, task: 0 },
      ],
    },
  ],
  [
    "an isolated kind and bindings",
    "/tasks/1/bindings",
    { kind: "isolated", gates: [], rechecks: [], onFailure: "abort" },
  ],
  ["an isolated kind and gates", "/gates", { kind: "isolated" }],
  ["an isolated kind and rechecks", "/rechecks", { kind: "isolated" }],
  ["an isolated kind that stops", "/onFailure", { kind: "isolated" }],
];

test.each(badBound)("a bound plan with %s is refused, and the fault is named: %s", async (_name, pointer, changes) => {
  const journal = memoryJournal();
  const bound = boundWorld();

  const running = runPlan({ ...bound, ...portsOf(bound, journal), plan: { ...boundPlan, ...changes } });

  const error = await running.catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ name: "RunnerError", code: "runner.plan-invalid" });
  const { issues } = (error as { details: { issues: { pointer: string }[] } }).details;
  expect(issues.map((issue) => issue.pointer)).toContain(pointer);
  expect(journal.log).toEqual([]);
});

test("a recheck of a task that costs model tokens is refused: it would be paid for again", () => {
  const { plan: costly, snapshot } = worldOf({
    operations: [
      { contract: contractOf("test.ask", { effect: "read", tokensMax: 1 }), run: () => null },
      { contract: contractOf("test.write", { effect: "write" }), run: () => null },
    ],
    tasks: [{ operation: "test.ask" }, { operation: "test.write" }],
  });
  const bound: Plan = { ...costly, kind: "bound", groups: [[0], [1]], rechecks: [{ before: 1, task: 0 }] };

  return expect(codeOf({ plan: bound, snapshot })).resolves.toBe("runner.plan-invalid");
});

test.each(bad)("a plan with %s is %s", async (_name, code, changes) => {
  expect(await codeOf({ plan: { ...plan, ...changes } })).toBe(code);
});

test("an artifact with other bytes than its digest says is refused", async () => {
  expect(await codeOf({ artifacts: new Map([[digestJson(chunk), { text: "b" }]]) })).toBe("runner.artifact-mismatch");
});

test.each([0, -1, 1.5, 1025, Number.NaN])("%d jobs are refused", async (jobs) => {
  expect(await codeOf({}, { jobs })).toBe("runner.jobs-invalid");
});

test("verdicts that are not those of the plan, in its order, end the run by code", async () => {
  const conclude: RunPorts["conclude"] = (finished) => concludeByReplay(finished).reverse();

  const running = runPlan({ ...world, ...portsOf(world, memoryJournal(), { conclude }) });

  await expect(running).rejects.toMatchObject({ code: "runner.verdicts-mismatch" });
});

test("operations without the planned contract, or closed ones, end the run by code", async () => {
  const other = createLocalOperations(
    [{ contract: contractOf("test.one", { description: "another" }), run: () => 1 }],
    stillClock,
  );
  await expect(runPlan({ ...world, ...portsOf(world, memoryJournal(), { operations: other }) })).rejects.toMatchObject({
    code: "runner.operation-unknown",
  });

  const closed = createLocalOperations(world.operations, stillClock);
  await closed.close();
  await expect(runPlan({ ...world, ...portsOf(world, memoryJournal(), { operations: closed }) })).rejects.toMatchObject(
    {
      code: "runner.closed",
    },
  );
});

test("changing the plan after the start changes nothing of the run (F1)", async () => {
  const own = structuredClone(plan) as { tasks: Plan["tasks"][number][] } & Plan;
  const running = runPlan({ ...world, ...portsOf(world, memoryJournal()), plan: own });
  own.tasks.length = 0;

  expect(await running).toMatchObject({ status: "completed", outputs: ['{"chunk":{"text":"a"}}', "{}"] });
});
