/** What an untrusted operation gets, what it cannot change, and how it ends; also of modules that are hostile as such. */
import { digestBytes, digestJson } from "@canonic/contracts";
import { createIsolatedOperations, createSandboxOperations, createWorkerOperations } from "@canonic/runner";
import { afterAll, describe, expect, test } from "vitest";
import { operations } from "./operations/inputs.ts";
import { callOf, moduleUrl } from "./sandbox-port.ts";

const untrusted = createSandboxOperations({ module: moduleUrl("inputs"), jobs: 2 });
const trusted = createWorkerOperations({ module: moduleUrl("inputs"), jobs: 1 });
const call = callOf(createIsolatedOperations({ trusted, untrusted }), operations);
afterAll(() => Promise.all([trusted.close(), untrusted.close()]));

const outputOf = async (execution: ReturnType<typeof call>): Promise<unknown> => {
  const ended = await execution;
  return ended.kind === "completed" ? JSON.parse(ended.output) : ended;
};

describe("parameters", () => {
  const input = { list: [1, 2, 3], nested: { key: "value" } };
  const unchanged = { input, done: [false, false, false, false, false] };

  test("that an untrusted operation changes are changed for nobody, and no call sees another", async () => {
    for (let round = 0; round < 3; round += 1)
      expect(await outputOf(call("mutate", input))).toEqual({ ...unchanged, seen: 1 });
    expect(input).toEqual({ list: [1, 2, 3], nested: { key: "value" } });
  });

  test("that a trusted operation changes are changed for nobody, in a worker that serves many calls", async () => {
    for (let round = 1; round < 4; round += 1) {
      expect(await outputOf(call("mutate-trusted", input))).toEqual({ ...unchanged, seen: round });
    }
    expect(input).toEqual({ list: [1, 2, 3], nested: { key: "value" } });
  });
});

describe("a context", () => {
  test("has only what the contract entitles to", async () => {
    expect(await outputOf(call("context"))).toEqual(["signal", "task"]);
  });

  test("carries key, fence, time and tokens to a write, and the sum of its tokens leaves with the result", async () => {
    const execution = await call("write", {}, { idempotencyKey: "k", fence: 7, now: "2026-01-31T12:00:00.000Z" });

    expect(execution).toMatchObject({ kind: "completed", tokens: 5 });
    expect(await outputOf(Promise.resolve(execution))).toEqual({
      keys: ["fence", "idempotencyKey", "now", "reportTokens", "signal", "task"],
      key: "k",
      fence: 7,
    });
  });

  test("draws the same numbers in every process", async () => {
    const seed = digestJson("seed");
    const first = await outputOf(call("draw", {}, { seed }));

    expect(await outputOf(call("draw", {}, { seed }))).toEqual(first);
    expect(await outputOf(call("draw", {}, { seed: digestJson("other") }))).not.toEqual(first);
  });
});

describe("an untrusted operation is aborted", () => {
  const failure = digestBytes("Error: password hunter2");

  test.for([
    ["spin", { code: "runner.timeout", failure: null }],
    ["wait", { code: "runner.timeout", failure: null }],
    ["hoard", { code: "runner.memory-exceeded", failure: null }],
    ["big", { code: "runner.output-too-large", failure: null }],
    ["throw", { code: "runner.operation-failed", failure }],
    ["stated", { code: "runner.operation-failed", failure, mode: "failed" }],
    [
      "denied",
      {
        code: "runner.boundary-violation",
        violation: { category: "processes", attempted: "permission ChildProcess" },
      },
    ],
  ] as const)("%s", async ([name, expected]) => {
    expect(await call(name)).toMatchObject({ kind: "aborted", ...expected });
  });

  test.for([[[6]], [[3, 3]], [[-1]], [[0.5]], [[Number.MAX_VALUE]]])(
    "when it reports %j tokens of five",
    async ([tokens]) => {
      expect(await call("greedy", { tokens: tokens as number[] })).toMatchObject({
        kind: "aborted",
        code: "runner.tokens-exceeded",
        failure: null,
      });
    },
  );
});

describe("a module", () => {
  const nothing = [{ contract: operations[0]?.contract as never, run: () => null }];

  test.for([
    ["static-import", { category: "token-operations", attempted: "@canonic/authority" }],
    ["effect-at-load", { category: "processes", attempted: "node:child_process.spawnSync" }],
  ] as const)("%s is a violation of whoever is called first", async ([name, violation]) => {
    const port = createSandboxOperations({ module: moduleUrl(name), jobs: 1 });

    expect(await callOf(port, nothing)("mutate")).toMatchObject({ code: "runner.boundary-violation", violation });
    await port.close();
  });

  test("that is CommonJS inside fails without having run", async () => {
    const port = createSandboxOperations({ module: moduleUrl("common-js"), jobs: 1 });

    expect(await callOf(port, nothing)("mutate")).toMatchObject({ kind: "aborted", code: "runner.operation-failed" });
    await port.close();
  });

  test("without code for a contract is an error of the port", async () => {
    const port = createSandboxOperations({ module: moduleUrl("attempts"), jobs: 1 });

    await expect(callOf(port, nothing)("mutate")).rejects.toMatchObject({ code: "runner.operation-unknown" });
    await port.close();
  });

  test("that is not there is refused before anything starts", () => {
    expect(() => createSandboxOperations({ module: moduleUrl("absent"), jobs: 1 })).toThrowError(
      expect.objectContaining({ code: "runner.operations-invalid" }),
    );
  });
});

test("a closed port refuses by code, rejects what is in flight, and leaves no process", async () => {
  const port = createSandboxOperations({ module: moduleUrl("inputs"), jobs: 1 });
  const one = callOf(port, operations);
  const waiting = [one("wait"), one("context")];
  const refused = Promise.all(
    waiting.map((execution) => expect(execution).rejects.toMatchObject({ code: "runner.closed" })),
  );

  await port.close();

  await refused;
  await expect(one("context")).rejects.toMatchObject({ code: "runner.closed" });
});
