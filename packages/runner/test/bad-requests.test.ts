/** Requests that cannot become a run: each its code, and nothing journaled. */
import { digestJson, type Plan } from "@canonic/contracts";
import { expect, test } from "vitest";
import { createLocalOperations, type RunPorts, runPlan } from "../src/index.ts";
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
