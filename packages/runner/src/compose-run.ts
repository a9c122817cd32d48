/**
 * A run put together from its ports, and its result read from where it stands.
 *
 * @module
 */
import type { GateRequest, Plan, RunId, RunStatus, Task, TaskId } from "@canonic/contracts";
import { concludeRun } from "./conclude.ts";
import { createContractBook } from "./contract-book.ts";
import type { JournaledRun } from "./frozen-run.ts";
import { createLocalHost } from "./host.ts";
import type { Run, Spent } from "./run.ts";
import type { RunPorts, RunResult, Stop } from "./run-ports.ts";
import { saltedValues } from "./salted-values.ts";
import { countsOf, type Failure, type RunState } from "./state.ts";
import { valueAt } from "./table.ts";

/**
 * `outputs` holds what was journaled before, by position; `spent` what was spent on it.
 *
 * @throws {RunnerError} `runner.salts-missing`.
 */
export function composeRun(
  ports: RunPorts,
  journaled: JournaledRun,
  fence: number,
  outputs: (string | undefined)[] = [],
  spent: readonly Spent[] = [],
): Run {
  const { run: id, plan, planDigest, snapshot, artifacts } = journaled;
  const { journal, router, authority, onProgress, onTask } = ports;
  const run: Run = {
    id,
    plan,
    artifacts,
    journal,
    router,
    authority,
    host: createLocalHost(ports.operations, ports.clock, ports.approvals),
    book: ports.contracts ?? createContractBook(),
    salted: saltedValues(plan, planDigest, snapshot, ports.salts),
    fence,
    outputs,
    pins: new Map(),
    spent,
    conclude: () => concludeRun(ports, run, journaled),
    onProgress,
    onTask,
  };
  return run;
}

/** Where a run stands when nothing more can be done now. */
export type Standing = {
  readonly state: RunState;
  readonly waiting: GateRequest | null;
  readonly stop: Stop | null;
};

/** The result of a run that is sealed, stopped or waiting. */
export function resultOf(
  {
    run,
    plan,
    outputs,
  }: { readonly run: RunId; readonly plan: Plan; readonly outputs: readonly (string | undefined)[] },
  { state, waiting, stop }: Standing,
): RunResult {
  const { seal, failure } = state;
  return {
    run,
    status: seal?.status ?? unsealedStatus(waiting, stop),
    outputs: seal === null || seal.outputs === null ? [] : Object.freeze([...outputs] as string[]),
    outputsDigest: seal?.outputs ?? null,
    verdicts: state.verdicts,
    events: state.events,
    counts: countsOf(state),
    failure: failure === null ? null : failureOf(plan, failure),
    skipped: skippedOf(plan, state),
    waiting,
    stop,
  };
}

function skippedOf({ tasks }: Plan, state: RunState): readonly TaskId[] {
  return tasks.filter(({ position }) => valueAt(state.tasks, position)?.stage === "skipped").map(({ id }) => id);
}

function unsealedStatus(waiting: GateRequest | null, stop: Stop | null): Exclude<RunResult["status"], RunStatus> {
  if (waiting !== null) return "waiting";
  if (stop !== null) return "stopped";
  throw new Error("assertion failed: a run that ended is sealed, stopped or waiting");
}

function failureOf(plan: Plan, { position, status, code, reasons }: Failure): RunResult["failure"] {
  return { task: plan.tasks[position] as Task, status, code, reasons };
}
