/** Worker threads: limits that hold against operations that do not cooperate. */
import { canonicalJson, digestBytes, type JsonObject, type TaskId } from "@canonic/contracts";
import { afterAll, expect, test } from "vitest";
import { createWorkerOperations, type Execution, type OperationsPort, runPlan } from "../src/index.ts";
import { operations } from "./fixtures/operations.ts";
import { memoryJournal, portsOf, worldOf } from "./kit.ts";

const MODULE = new URL("./fixtures/operations.ts", import.meta.url);
const pool = createWorkerOperations({ module: MODULE, jobs: 2 });
afterAll(() => pool.close());

const NOTHING = {
  task: "task_00000000000000000000" as TaskId,
  seed: null,
  now: null,
  idempotencyKey: null,
  fence: null,
};

function call(name: string, input: JsonObject = {}, port: OperationsPort = pool): Promise<Execution> {
  const world = worldOf({ operations, tasks: [{ operation: `worker.${name}` }] });
  const [task] = world.plan.tasks;
  const contract = operations.find(({ contract }) => contract.operation === `worker.${name}`)?.contract;
  if (task === undefined || contract === undefined) throw new Error(`no operation ${name}`);
  return port.execute(task, input, contract, NOTHING);
}

test("executes what the module exports, on a copy of the input", async () => {
  expect(await call("echo", { b: 1, a: [true, null] })).toMatchObject({
    kind: "completed",
    output: '{"a":[true,null],"b":1}',
  });
});

test.for([
  ["spin", "runner.timeout"],
  ["wait", "runner.timeout"],
  ["exit", "runner.worker-exited"],
  ["hoard", "runner.memory-exceeded"],
  ["big", "runner.output-too-large"],
  ["undefined", "runner.output-invalid"],
] as const)("%s is aborted with %s, and the next call finds a worker (W1, W2, W3)", async ([name, code]) => {
  expect(await call(name)).toMatchObject({ kind: "aborted", code, failure: null });
  expect(await call("echo", { after: name })).toMatchObject({ kind: "completed" });
});

test("what an operation throws leaves as a digest and nothing else (W5)", async () => {
  const failure = digestBytes("Error: password hunter2");

  expect(await call("throw")).toMatchObject({ kind: "aborted", code: "runner.operation-failed", failure });
  expect(await call("throw-later")).toMatchObject({ kind: "aborted", code: "runner.operation-failed", failure });
});

test("an operation that changes its parameters fails, or changes nothing that anybody sees (W4)", async () => {
  const list = [1, 2, 3];

  expect(await call("mutate", { list })).toMatchObject({ kind: "aborted", code: "runner.operation-failed" });
  for (let round = 0; round < 4; round += 1) {
    const execution = await call("mutate-quietly", { list });
    expect(execution.kind === "completed" && JSON.parse(execution.output).input).toEqual({ list });
  }
  expect(list).toEqual([1, 2, 3]);
});

test("a worker has no environment, and a context has only what the contract entitles to (W4)", async () => {
  expect(await call("environment")).toMatchObject({ output: "0" });
  expect(await call("context")).toMatchObject({ output: '["signal","task"]' });
});

test("seeded operations draw the same numbers in a worker and in this thread", async () => {
  const world = worldOf({ operations, tasks: [{ operation: "worker.seeded" }, { operation: "worker.seeded" }] });

  const here = await runPlan({ ...world, ...portsOf(world, memoryJournal()) });
  const there = await runPlan({ ...world, ...portsOf(world, memoryJournal(), { operations: pool }) });

  expect(there.outputs).toEqual(here.outputs);
  expect(here.outputs[0]).not.toBe(here.outputs[1]);
});

test("outputs are the same bytes on one thread, on two, and in this one (R2)", async () => {
  const tasks = Array.from({ length: 24 }, (_, n) => ({
    operation: "worker.slow-echo",
    parameters: { n, ms: (n * 7) % 5 },
  }));
  const world = worldOf({ operations, tasks, groups: [10, 1, 13], replay: 8 });
  const expected = tasks.map(({ parameters }) => canonicalJson(parameters));

  for (const jobs of [1, 2, 5]) {
    const result = await runPlan({ ...world, ...portsOf(world, memoryJournal(), { operations: pool, jobs }) });
    expect(result).toMatchObject({ status: "completed", outputs: expected });
  }
});

test("a module that cannot be loaded is a coded error", async () => {
  const broken = createWorkerOperations({ module: new URL("./fixtures/absent.ts", import.meta.url), jobs: 1 });

  await expect(call("echo", {}, broken)).rejects.toMatchObject({
    name: "RunnerError",
    code: "runner.operations-invalid",
  });
  await broken.close();
});

test("a closed pool refuses by code, and rejects what was in flight", async () => {
  const closing = createWorkerOperations({ module: MODULE, jobs: 1 });
  const waiting = [call("wait", {}, closing), call("echo", {}, closing)];
  const refused = Promise.all(
    waiting.map((promise) => expect(promise).rejects.toMatchObject({ code: "runner.closed" })),
  );

  await closing.close();

  await refused;
  await expect(call("echo", {}, closing)).rejects.toMatchObject({ code: "runner.closed" });
});

test("a pool without threads is refused instead of waiting for ever", () => {
  expect(() => createWorkerOperations({ module: MODULE, jobs: 0 })).toThrowError(
    expect.objectContaining({ code: "runner.jobs-invalid" }),
  );
});
