/**
 * Operations on worker threads: a fixed number of slots, each with one worker that runs one call at a time.
 *
 * Invariants:
 *   W1. A call is given to at most one worker, once: a worker that dies takes its call with it, as an aborted execution.
 *   W2. Time is counted from the moment the call is handed to a ready worker; when it is over the thread is terminated,
 *       whether it waits or spins, and replaced.
 *   W3. A worker's heap limit is that of the contract it runs; a slot changes its worker when a call asks for another limit.
 *   W4. A worker has no environment and no standard streams; parameters are copies, frozen in depth in the worker.
 *   W5. What leaves a worker is canonical text, a code, or the digest of a failure.
 *   W6. Resources reach a worker as a copy when it starts, and nothing else: no message and no error holds any of them.
 *
 * Calls are not sent in batches. One costs 25 to 50 microseconds, little for the operations of a millisecond and more that
 * threads are for; and only so is it known which call a dying worker takes with it, and since when that one runs.
 *
 * @module
 */
import { Worker } from "node:worker_threads";
import { type Digest, frozenJson, type JsonObject, type OperationContract, type Task } from "@canonic/contracts";
import { failureOf } from "./attempt.ts";
import { dependencyInvalid } from "./dependencies.ts";
import { RunnerError } from "./errors.ts";
import type { AbortCode, Execution, OperationsPort } from "./ports.ts";
import { assertJobs } from "./shape.ts";
import type { WorkerCall, WorkerReply, WorkerRequest, WorkerStart } from "./worker-messages.ts";

type Job = {
  readonly task: Task;
  readonly contract: OperationContract;
  readonly call: WorkerCall;
  readonly resolve: (execution: Execution) => void;
  readonly reject: (error: RunnerError) => void;
};

type Slot = {
  worker: Worker | null;
  isReady: boolean;
  memoryLimitMb: number;
  job: Job | null;
  timer: NodeJS.Timeout | null;
};

/** From sources the worker is a TypeScript file and finds the other packages' sources; from a build, both are JavaScript. */
const IS_SOURCE = import.meta.url.endsWith(".ts");
const ENTRY = new URL(IS_SOURCE ? "./worker.ts" : "./worker.js", import.meta.url);
const EXEC_ARGV = IS_SOURCE ? { execArgv: ["--conditions=@canonic/source"] } : {};

/** Modules get so long to close what they connected, then their threads are ended. */
const CLOSE_MS = 5_000;

/**
 * Serves the operations of a module, or of several, on `jobs` threads. Threads start with their first call.
 *
 * @param options.module - URLs of ES modules that export `operations`, or `connect(resources)` which gives them.
 * @param options.resources - What `connect` is called with; nothing by default.
 * @throws {RunnerError} `runner.jobs-invalid`.
 */
export function createWorkerOperations(options: {
  readonly module: URL | readonly URL[];
  readonly jobs: number;
  readonly resources?: JsonObject;
}): OperationsPort {
  assertJobs(options.jobs);
  const start: WorkerStart = {
    modules: [options.module].flat().map(({ href }) => href),
    resources: frozenJson(options.resources ?? {}),
  };
  const slots: Slot[] = Array.from({ length: options.jobs }, () => ({
    worker: null,
    isReady: false,
    memoryLimitMb: 0,
    job: null,
    timer: null,
  }));
  const queue: Job[] = [];
  let isClosed = false;

  const pump = (): void => {
    while (queue.length > 0) {
      const wanted = queue[0]?.contract.termination.memoryLimitMb as number;
      const slot = idleSlot(slots, wanted);
      if (slot === undefined) return;
      slot.job = queue.shift() as Job;
      if (slot.worker !== null && slot.memoryLimitMb !== wanted) retire(slot);
      if (slot.worker === null) spawn(slot, wanted);
      else if (slot.isReady) post(slot);
    }
  };
  const post = (slot: Slot): void => {
    const job = slot.job as Job;
    const { timeoutMs } = job.contract.termination;
    slot.timer = setTimeout(() => lose(slot, "runner.timeout", null, timeoutMs), timeoutMs);
    slot.worker?.postMessage({ kind: "call", call: job.call } satisfies WorkerRequest);
  };
  const settle = (slot: Slot): Job | null => {
    const { job } = slot;
    if (slot.timer !== null) clearTimeout(slot.timer);
    slot.timer = null;
    slot.job = null;
    return job;
  };
  const lose = (slot: Slot, code: AbortCode, failure: Digest | null, operationMs: number): void => {
    const job = settle(slot);
    retire(slot);
    job?.resolve({ kind: "aborted", code, failure, operationMs });
    pump();
  };
  const breakDown = (slot: Slot, error: RunnerError): void => {
    const job = settle(slot);
    retire(slot);
    job?.reject(error);
    for (const waiting of queue.splice(0)) waiting.reject(error);
  };
  const spawn = (slot: Slot, memoryLimitMb: number): void => {
    const worker = new Worker(ENTRY, {
      workerData: start,
      resourceLimits: { maxOldGenerationSizeMb: memoryLimitMb },
      env: {},
      stdin: false,
      stdout: true,
      stderr: true,
      ...EXEC_ARGV,
    });
    worker.stdout.resume();
    worker.stderr.resume();
    slot.worker = worker;
    slot.isReady = false;
    slot.memoryLimitMb = memoryLimitMb;
    const isCurrent = (): boolean => slot.worker === worker;
    worker.on("message", (reply: WorkerReply) => {
      if (isCurrent()) receive(slot, reply);
    });
    worker.on("error", (error: Error & { readonly code?: string }) => {
      if (!isCurrent()) return;
      const isMemory = error.code === "ERR_WORKER_OUT_OF_MEMORY";
      if (!slot.isReady && !isMemory) return breakDown(slot, brokenModule(failureOf(error)));
      lose(
        slot,
        isMemory ? "runner.memory-exceeded" : "runner.operation-failed",
        isMemory ? null : failureOf(error),
        0,
      );
    });
    worker.on("exit", () => {
      if (!isCurrent()) return;
      if (slot.isReady) lose(slot, "runner.worker-exited", null, 0);
      else breakDown(slot, brokenModule("the worker ended while it loaded the module"));
    });
  };
  const receive = (slot: Slot, reply: WorkerReply): void => {
    switch (reply.kind) {
      case "ready":
        slot.isReady = true;
        if (slot.job !== null) post(slot);
        return;
      case "broken":
        breakDown(slot, brokenModule(reply.reason));
        return;
      case "unknown-operation": {
        const job = settle(slot) as Job;
        const { operation, version } = job.task;
        const message = `no code for \`${operation}@${version}\` under its contract`;
        job.reject(new RunnerError("runner.operation-unknown", message, { operation, version }));
        pump();
        return;
      }
      case "dependency-invalid":
        settle(slot)?.reject(dependencyInvalid(reply.fault));
        pump();
        return;
      case "ended": {
        const { execution } = reply;
        if (execution.kind === "aborted" && isAbandoned(execution.code)) {
          lose(slot, execution.code, execution.failure, execution.operationMs);
          return;
        }
        settle(slot)?.resolve(execution);
        pump();
      }
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
      const workers = slots.map((slot) => {
        const job = settle(slot);
        job?.reject(closed(job.task.operation));
        return job === null ? dismiss(slot) : retire(slot);
      });
      for (const job of queue.splice(0)) job.reject(closed(job.task.operation));
      await Promise.all(workers);
    },
  };
}

/** An idle slot, at best one whose worker has the limit already, else one without a worker. */
function idleSlot(slots: readonly Slot[], memoryLimitMb: number): Slot | undefined {
  const idle = slots.filter((slot) => slot.job === null);
  return (
    idle.find((slot) => slot.worker !== null && slot.memoryLimitMb === memoryLimitMb) ??
    idle.find((slot) => slot.worker === null) ??
    idle[0]
  );
}

/** The operation may still be at work: its thread is not used again. */
function isAbandoned(code: AbortCode): boolean {
  return code === "runner.timeout" || code === "runner.tokens-exceeded";
}

/** Lets an idle worker close its modules before it ends. */
async function dismiss(slot: Slot): Promise<void> {
  const { worker } = slot;
  if (worker !== null && slot.isReady) {
    const ended = new Promise<void>((resolve) => worker.once("exit", () => resolve()));
    worker.postMessage({ kind: "close" } satisfies WorkerRequest);
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, CLOSE_MS);
    });
    await Promise.race([ended, late]);
    clearTimeout(timer);
  }
  await retire(slot);
}

/** From here on nothing that the old worker says is heard. */
function retire(slot: Slot): Promise<unknown> {
  const { worker } = slot;
  slot.worker = null;
  slot.isReady = false;
  return worker === null ? Promise.resolve() : worker.terminate();
}

function brokenModule(reason: string): RunnerError {
  return new RunnerError("runner.operations-invalid", `the operations module cannot be loaded: ${reason}`, { reason });
}

function closed(operation: string): RunnerError {
  return new RunnerError("runner.closed", `operations are closed, \`${operation}\` cannot run`, { operation });
}
