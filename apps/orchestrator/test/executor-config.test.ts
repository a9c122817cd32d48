import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { isContractsError, type OperationContract, type Task } from "@canonic/contracts";
import type { OperationsPort } from "@canonic/runner";
import { expect, test } from "vitest";
import { readExecutorConfig, tightened } from "../src/executor-config.ts";
import { testFolder } from "./folder.ts";

test("each value comes from the highest source that names it, and says which", () => {
  const folder = testFolder();
  writeFileSync(join(folder, "environment.json"), '{"seed":3,"timeoutMs":3000,"maxTokens":3}');
  writeFileSync(join(folder, "executor.json"), '{"seed":4,"timeoutMs":4000,"executorId":"four"}');
  const options = { seed: "1", environmentFile: "environment.json", executorFile: "executor.json" };
  const env = { CANONIC_EXECUTOR_SEED: "2", CANONIC_EXECUTOR_TEMPERATURE: "0.5", PATH: "/bin" };

  const { values, origins } = readExecutorConfig(options, env, folder);

  expect(values).toMatchObject({ seed: 1, temperature: 0.5, timeoutMs: 3000, maxTokens: 3, executorId: "four" });
  expect(origins).toEqual({
    seed: "cli",
    temperature: "env",
    timeoutMs: "environment-file",
    maxTokens: "environment-file",
    executorId: "executor-file",
    memoryLimitMb: "default",
    retry: "default",
  });
});

test.each([
  ["an unknown variable", { env: { CANONIC_EXECUTOR_SPEED: "9" } }, "env:speed"],
  ["a value out of range", { options: { timeoutMs: "0" } }, "cli:timeoutMs"],
  ["a word for a number", { options: { seed: "many" } }, "cli:seed"],
  ["a retry", { env: { CANONIC_EXECUTOR_RETRY: "1" } }, "env:retry"],
])("%s is refused by name", (_name, given: { options?: object; env?: Record<string, string> }, expected) => {
  try {
    readExecutorConfig(given.options ?? {}, given.env ?? {}, "/");
    expect.unreachable();
  } catch (error) {
    if (!isContractsError(error) || error.code !== "contracts.config-invalid") throw error;
    expect(error.details.issues.map(({ origin, key }) => `${origin}:${key}`)).toEqual([expected]);
  }
});

test("a file that is absent, or no JSON object, is an error", () => {
  const folder = testFolder();
  writeFileSync(join(folder, "list.json"), "[]");
  const read = (environmentFile: string) => () => readExecutorConfig({ environmentFile }, {}, folder);

  expect(read("none.json")).toThrow(expect.objectContaining({ code: "orchestrator.file-unreadable" }));
  expect(read("list.json")).toThrow(expect.objectContaining({ code: "orchestrator.config-invalid" }));
});

test("a limit only ever tightens what the contract states (C1)", async () => {
  const seen: OperationContract["termination"][] = [];
  const port = {
    execute: (_task: Task, _input: object, contract: OperationContract) => {
      seen.push(contract.termination);
      return Promise.reject(new Error("not executed here"));
    },
    close: () => Promise.resolve(),
  } as unknown as OperationsPort;
  const config = readExecutorConfig({ timeoutMs: "500", memoryLimitMb: "256" }, {}, "/");
  for (const [timeoutMs, memoryLimitMb] of [
    [1000, 1024],
    [100, 128],
  ]) {
    const contract = { termination: { timeoutMs, memoryLimitMb } } as OperationContract;
    await tightened(port, config)
      .execute({} as Task, {}, contract, {} as never)
      .catch(() => undefined);
  }

  expect(seen).toEqual([
    { timeoutMs: 500, memoryLimitMb: 256 },
    { timeoutMs: 100, memoryLimitMb: 128 },
  ]);
});
