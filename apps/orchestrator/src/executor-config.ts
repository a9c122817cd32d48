/**
 * Where the executor's configuration comes from on a command line: options, environment, two files, defaults.
 *
 * Options are those of the commands that run plans; variables are `CANONIC_EXECUTOR_<KEY>`, for example
 * `CANONIC_EXECUTOR_TIMEOUT_MS`; files are JSON objects named by `--environment-file` and `--executor-file`.
 *
 * Invariants:
 *   C1. A limit of the configuration only ever tightens the limit that a contract states.
 *
 * @module
 */
import { resolve } from "node:path";
import { type ConfigSource, type ResolvedExecutorConfig, resolveExecutorConfig } from "@canonic/contracts";
import type { OperationsPort } from "@canonic/runner";
import { type Command, Option } from "commander";
import { OrchestratorError } from "./errors.ts";
import { readNamedFile } from "./files.ts";

const PREFIX = "CANONIC_EXECUTOR_";

export type ExecutorOptions = {
  readonly seed?: string;
  readonly timeoutMs?: string;
  readonly memoryLimitMb?: string;
  readonly environmentFile?: string;
  readonly executorFile?: string;
};

/** The options that {@link readExecutorConfig} reads. */
export function addExecutorOptions(command: Command): void {
  command
    .addOption(new Option("--timeout-ms <n>", "the most time one operation gets, where its contract allows more"))
    .addOption(new Option("--memory-limit-mb <n>", "the most heap one operation gets, where its contract allows more"))
    .addOption(new Option("--environment-file <file>", "JSON object of executor settings for this environment"))
    .addOption(new Option("--executor-file <file>", "JSON object of executor settings, weaker than all others"));
}

/**
 * Resolves the configuration from everywhere.
 *
 * @throws {ContractsError} `contracts.config-invalid` with every fault of every source.
 * @throws {OrchestratorError} `orchestrator.file-unreadable`, `orchestrator.config-invalid` for a file that is no JSON object.
 */
export function readExecutorConfig(
  options: ExecutorOptions,
  env: Readonly<Record<string, string | undefined>>,
  cwd: string,
): ResolvedExecutorConfig {
  const { seed, timeoutMs, memoryLimitMb } = options;
  const sources: ConfigSource[] = [
    { origin: "cli", values: given({ seed, timeoutMs, memoryLimitMb }) },
    { origin: "env", values: fromEnvironment(env) },
  ];
  const files = { "environment-file": options.environmentFile, "executor-file": options.executorFile } as const;
  for (const origin of ["environment-file", "executor-file"] as const) {
    const file = files[origin];
    if (file !== undefined) sources.push({ origin, values: readObject(resolve(cwd, file)) });
  }
  return resolveExecutorConfig(sources);
}

/** The same operations under limits that are the smaller of the contract's and the configuration's. */
export function tightened(port: OperationsPort, { values }: ResolvedExecutorConfig): OperationsPort {
  return {
    execute: (task, input, contract, entitlement) => {
      const { termination } = contract;
      const timeoutMs = Math.min(termination.timeoutMs, values.timeoutMs);
      const memoryLimitMb = Math.min(termination.memoryLimitMb, values.memoryLimitMb);
      return port.execute(
        task,
        input,
        { ...contract, termination: { ...termination, timeoutMs, memoryLimitMb } },
        entitlement,
      );
    },
    close: () => port.close(),
  };
}

function given(values: Readonly<Record<string, string | undefined>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(values).flatMap(([key, value]) => (value === undefined ? [] : [[key, value]])),
  );
}

/** `CANONIC_EXECUTOR_ID` is `executorId`; every other name is its key in capitals. An unknown one is refused as a key. */
function fromEnvironment(env: Readonly<Record<string, string | undefined>>): Record<string, string> {
  const named = Object.entries(env).filter(([name]) => name.startsWith(PREFIX));
  return given(
    Object.fromEntries(
      named.map(([name, value]) => {
        const key = name.slice(PREFIX.length).toLowerCase();
        return [
          key === "id" ? "executorId" : key.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase()),
          value,
        ];
      }),
    ),
  );
}

function readObject(file: string): Record<string, unknown> {
  const bytes = readNamedFile(file);
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch {
    value = undefined;
  }
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  const expected = "a JSON object";
  throw new OrchestratorError("orchestrator.config-invalid", `\`${file}\` is not ${expected}`, { file, expected });
}
