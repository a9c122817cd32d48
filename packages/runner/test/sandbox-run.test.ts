/** Runs over untrusted operations: what the journal says when one reaches too far, and that good ones give the same bytes. */
import { afterAll, expect, test } from "vitest";
import { createIsolatedOperations, createLocalOperations, createSandboxOperations, runPlan } from "../src/index.ts";
import { operations } from "./fixtures/untrusted.ts";
import { memoryJournal, portsOf, realClock, worldOf } from "./kit.ts";

const sandbox = createSandboxOperations({
  module: new URL("./fixtures/untrusted.ts", import.meta.url),
  folders: [new URL("./", import.meta.url)],
  jobs: 2,
});
const isolated = createIsolatedOperations({ trusted: createLocalOperations([], realClock), untrusted: sandbox });
afterAll(() => isolated.close());

test.for([
  ["environment", { category: "environment-access", attempted: "process.env" }],
  ["linger", { category: "autonomous-continuation", attempted: "after the result" }],
] as const)("a run says what %s reached for, before it says that the task was aborted", async ([name, violation]) => {
  const tasks = [{ operation: "untrusted.echo" }, { operation: `untrusted.${name}` }, { operation: "untrusted.echo" }];
  const world = worldOf({ operations, tasks, groups: [1, 1, 1] });
  const journal = memoryJournal();

  const result = await runPlan({ ...world, ...portsOf(world, journal, { operations: isolated }) });

  const subject = world.plan.tasks[1]?.id;
  const events = journal.log.filter((event) => event.subject === subject).map(({ type, data }) => ({ type, data }));
  expect(result.status).toBe("failed");
  expect(events.slice(-2)).toMatchObject([
    { type: "BOUNDARY_VIOLATION", data: violation },
    { type: "OPERATION_ABORTED", data: { code: "runner.boundary-violation", failure: null } },
  ]);
  expect(journal.log.filter(({ type }) => type === "EXECUTION_SKIPPED")).toHaveLength(1);
});

test("what is good gives the same bytes in a sandbox as in this thread (R2)", async () => {
  const tasks = [1, 2, 3].map((n) => ({ operation: "untrusted.echo", parameters: { n } }));
  const world = worldOf({ operations, tasks, replay: 1 });

  const here = await runPlan({ ...world, ...portsOf(world, memoryJournal()) });
  const there = await runPlan({ ...world, ...portsOf(world, memoryJournal(), { operations: isolated, jobs: 2 }) });

  expect(there.outputs).toEqual(here.outputs);
  expect(there.outputs).toEqual(['{"n":1}', '{"n":2}', '{"n":3}']);
});
