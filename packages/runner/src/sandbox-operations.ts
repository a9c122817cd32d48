/**
 * Untrusted operations: a fresh process for every call, and one that waits for the next.
 *
 * Invariants:
 *   U1. No process sees two calls; at most `jobs` are at work, and one is spare.
 *   U2. A platform on which this has not been proved is refused, and so is a Node that lacks a protection.
 *
 * @module
 */
import module from "node:module";
import type { OperationContract, Task } from "@canonic/contracts";
import { RunnerError } from "./errors.ts";
import type { Execution, OperationsPort } from "./ports.ts";
import { foldersOf, unavailable } from "./sandbox-folders.ts";
import { SANDBOX_ENTRY, type Sandbox, startSandbox } from "./sandbox-process.ts";
import type { SandboxCall } from "./sandbox-protocol.ts";
import { assertJobs } from "./shape.ts";

type Job = {
  readonly task: Task;
  readonly contract: OperationContract;
  readonly call: SandboxCall;
  readonly resolve: (execution: Execution) => void;
  readonly reject: (error: unknown) => void;
};

/**
 * Serves the operations of a module, or of several, in processes without environment, file, network, thread or process
 * rights. Modules get no resources.
 *
 * @param options.folders - Folders that the modules import from, beside their own and their libraries.
 * @throws {RunnerError} `runner.jobs-invalid`, `runner.operations-invalid`, `runner.sandbox-unavailable`.
 */
export function createSandboxOperations(options: {
  readonly module: URL | readonly URL[];
  readonly jobs: number;
  readonly folders?: readonly URL[];
}): OperationsPort {
  assertJobs(options.jobs);
  assertAvailable();
  const folders = foldersOf(SANDBOX_ENTRY, [options.module].flat(), options.folders);
  const queue: Job[] = [];
  const active = new Map<Sandbox, Job>();
  let spare: Sandbox | null = null;
  let isClosed = false;

  const take = (memoryLimitMb: number): Sandbox => {
    const waiting = spare;
    spare = null;
    if (waiting?.isUsable() && waiting.memoryLimitMb === memoryLimitMb) return waiting;
    void waiting?.kill();
    return startSandbox(SANDBOX_ENTRY, folders, memoryLimitMb);
  };
  const pump = (): void => {
    while (!isClosed && active.size < options.jobs) {
      const job = queue.shift();
      if (job === undefined) return;
      const { memoryLimitMb } = job.contract.termination;
      const sandbox = take(memoryLimitMb);
      active.set(sandbox, job);
      const leave = (): void => {
        active.delete(sandbox);
        pump();
      };
      sandbox.run(job.call, job.contract).then(job.resolve, job.reject).finally(leave);
      spare ??= startSandbox(SANDBOX_ENTRY, folders, memoryLimitMb);
    }
  };

  return {
    execute(task, input, contract, entitlement) {
      if (isClosed) return Promise.reject(closed(task.operation));
      return new Promise((resolve, reject) => {
        const call = { contract: task.contract, input: JSON.stringify(input), entitlement };
        queue.push({ task, contract, call, resolve, reject });
        pump();
      });
    },
    async close() {
      isClosed = true;
      for (const job of queue.splice(0)) job.reject(closed(job.task.operation));
      for (const { task, reject } of active.values()) reject(closed(task.operation));
      await Promise.all([...active.keys(), ...(spare === null ? [] : [spare])].map((sandbox) => sandbox.kill()));
    },
  };
}

/** What the sandbox stands on. The process itself asks again before it loads anything. */
function assertAvailable(): void {
  if (process.platform !== "linux") throw unavailable("proof on this platform");
  const { allowedNodeEnvironmentFlags: flags } = process;
  if (!flags.has("--permission")) throw unavailable("permission model (Node 22.13 or later)");
  if (typeof module.registerHooks !== "function") throw unavailable("synchronous module hooks (Node 22.15 or later)");
}

function closed(operation: string): RunnerError {
  return new RunnerError("runner.closed", `operations are closed, \`${operation}\` cannot run`, { operation });
}
