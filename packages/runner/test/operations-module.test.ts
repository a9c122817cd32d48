/** Modules that connect, several modules, and operations that call others (L1, L2, D1 to D4, W6). */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { contractDigestOf, type JsonObject, type OperationContract, type Task, type TaskId } from "@canonic/contracts";
import { afterAll, describe, expect, test } from "vitest";
import { createLocalOperations, createWorkerOperations, type Execution, type OperationsPort } from "../src/index.ts";
import { contractOf } from "./contract-of.ts";
import { operations as dependents } from "./fixtures/dependent.ts";
import { realClock } from "./kit.ts";

const moduleUrl = (name: string): URL => new URL(`./fixtures/${name}.ts`, import.meta.url);
const entitlement = {
  task: "task_00000000000000000000" as TaskId,
  seed: null,
  now: null,
  idempotencyKey: null,
  fence: null,
};

function execute(port: OperationsPort, contract: OperationContract, input: JsonObject = {}): Promise<Execution> {
  const { operation, version } = contract;
  const task = { id: entitlement.task, operation, version, contract: contractDigestOf(contract) } as Task;
  return port.execute(task, input, contract, entitlement);
}

describe("resources", () => {
  const folder = mkdtempSync(join(tmpdir(), "operations-"));
  const trace = join(folder, "trace");
  afterAll(() => rmSync(folder, { recursive: true }));

  test("reach `connect`, frozen, and `close` is called when the pool closes (L2, W6)", async () => {
    const port = createWorkerOperations({
      module: moduleUrl("connected"),
      jobs: 1,
      resources: { password: "hunter2", trace },
    });

    expect(await execute(port, contractOf("connected.resources"))).toMatchObject({
      output: '{"frozen":true,"keys":["password","trace"]}',
    });
    await port.close();

    expect(readFileSync(trace, "utf8")).toBe("closed");
  });

  test("are in no result and in no error, whatever the module throws (L2, W6)", async () => {
    const good = createWorkerOperations({
      module: moduleUrl("connected"),
      jobs: 1,
      resources: { password: "hunter2" },
    });
    const bad = createWorkerOperations({ module: moduleUrl("connected"), jobs: 1, resources: { password: "wrong" } });

    const thrown = await execute(good, contractOf("connected.throw"));
    const refused = await execute(bad, contractOf("connected.resources")).catch((error: unknown) => error);

    expect(thrown).toMatchObject({ kind: "aborted", code: "runner.operation-failed" });
    expect(refused).toMatchObject({ name: "RunnerError", code: "runner.operations-invalid" });
    const said = JSON.stringify([thrown, refused, (refused as Error).message, (refused as Error).stack]);
    expect(said).not.toMatch(/hunter2|wrong|no entry/);
    await Promise.all([good.close(), bad.close()]);
  });

  test("are copied: what the caller changes afterwards changes nothing", async () => {
    const resources: Record<string, string> = { password: "a" };
    const port = createWorkerOperations({ module: moduleUrl("connected"), jobs: 1, resources });
    resources["late"] = "b";

    expect(await execute(port, contractOf("connected.resources"))).toMatchObject({
      output: '{"frozen":true,"keys":["password"]}',
    });
    await port.close();
  });
});

describe("several modules", () => {
  test("are one port, an operation is found by its contract (L1)", async () => {
    const port = createWorkerOperations({ module: [moduleUrl("connected"), moduleUrl("dependent")], jobs: 1 });

    expect(await execute(port, contractOf("connected.resources"))).toMatchObject({ kind: "completed" });
    expect(await execute(port, contractOf("dependent.echo"), { a: 1 })).toMatchObject({ output: '{"a":1}' });
    await port.close();
  });

  test("that bring one contract twice are refused (L1)", async () => {
    const port = createWorkerOperations({ module: [moduleUrl("connected"), moduleUrl("connected")], jobs: 1 });

    await expect(execute(port, contractOf("connected.resources"))).rejects.toMatchObject({
      code: "runner.operations-invalid",
    });
    await port.close();
  });
});

describe.for([
  ["in this thread", () => createLocalOperations(dependents, realClock)],
  ["on a worker thread", () => createWorkerOperations({ module: moduleUrl("dependent"), jobs: 1 })],
] as const)("dependencies %s", ([_, make]) => {
  const port = make();
  afterAll(() => port.close());
  const call = (name: string, input: JsonObject = {}): Promise<Execution> => {
    const contract = dependents.find((one) => one.contract.operation === `dependent.${name}`)?.contract;
    if (contract === undefined) throw new Error(`no operation ${name}`);
    return execute(port, contract, input);
  };

  test.for([
    ["quadruple", { value: 3 }, "12"],
    ["names", {}, '["dependent.double","dependent.quadruple"]'],
    ["none", {}, "false"],
    ["outer", {}, '["reportTokens","signal","task"]'],
    ["keeps", {}, "[true,true]"],
    ["logs-through", {}, '"logged"'],
  ] as const)("%s gets exactly what is declared (D1, D2)", async ([name, input, output]) => {
    expect(await call(name, input)).toMatchObject({ kind: "completed", output });
  });

  test.for([
    ["quadruple", { value: "text" }],
    ["calls-wrong-output", {}],
  ] as const)("%s fails on a value that the dependency's contract does not take (D3)", async ([name, input]) => {
    expect(await call(name, input)).toMatchObject({ kind: "aborted", code: "runner.operation-failed" });
  });

  test("spend their caller's tokens (D4)", async () => {
    expect(await call("spend-through")).toMatchObject({ kind: "completed", tokens: 3 });
    expect(await call("spend-too-much")).toMatchObject({ kind: "aborted", code: "runner.tokens-exceeded" });
  });

  test.for([
    ["calls-missing", "no module brings it"],
    ["calls-write", "it writes"],
    ["calls-logs", "it has capability `log-prompt`, which its caller does not declare"],
    ["calls-untrusted", "it is untrusted"],
    ["calls-itself", "it would call itself"],
  ] as const)("%s is an error of the port: %s (D2)", async ([name, reason]) => {
    await expect(call(name)).rejects.toMatchObject({
      name: "RunnerError",
      code: "runner.dependency-invalid",
      details: { operation: `dependent.${name}`, reason },
    });
  });
});
