/**
 * The state of a run, and what can be read from it.
 *
 * @module
 */
import {
  type ContractVerdict,
  type Digest,
  type Effect,
  EVENT_TYPES,
  type EventData,
  type GateName,
  pinsDigestOf,
  type Reason,
  type RecordedApproval,
  type RunStatus,
  type TaskId,
} from "@canonic/contracts";
import type { GatePoint, Shape } from "./shape.ts";
import { emptyTable, type Table, valueAt } from "./table.ts";

/** The checks before an execution, in order; `token` is that of the whole plan. */
export type Stage = "token" | "routing" | "scope" | "drift" | "limit";

/**
 * Where a task stands; `reopened` is where a resume puts what was denied or aborted, when the plan stops at failures.
 * `attempt` counts its EXECUTION_STARTED events, `drifts` the drift checks of this attempt. `doubt` is what an attempt left:
 * an intent without an outcome, or an abort without a failure mode of the contract, which says nothing about what was written;
 * one that was withheld left none.
 */
export type TaskState = {
  readonly stage:
    | "routed"
    | "scoped"
    | "reserved"
    | "refused"
    | "started"
    | "completed"
    | "denied"
    | "aborted"
    | "reopened"
    | "skipped";
  readonly attempt: number;
  readonly drifts: number;
  readonly effect: Effect | null;
  readonly doubt: "none" | "intent" | "abort";
  readonly output: Digest | null;
  readonly tokens: number;
  /** The token under which its last attempt was reserved. */
  readonly token: Digest | null;
  /** The tokens under which its attempts began, in their order. */
  readonly begunUnder: readonly Digest[];
};

/** The first task that did not complete: the code of its abort or of the first reason of its refusal. */
export type Failure = {
  readonly position: number;
  readonly status: "failed" | "denied";
  readonly code: string;
  readonly reasons: readonly Reason[];
};

/** The one event that can follow: the denial after a refused check, the abort after a violated boundary. */
export type Owed =
  | { readonly kind: "denial"; readonly position: number; readonly stage: Stage; readonly reasons: readonly Reason[] }
  | { readonly kind: "abort"; readonly position: number };

export type RunState = {
  readonly shape: Shape;
  /** `frozen` is "to be validated": after PLAN_FROZEN and after every RUN_RESUMED. */
  readonly phase: "new" | "frozen" | "running" | "stopped" | "voided" | "sealed";
  readonly plan: Digest | null;
  readonly tasks: Table<TaskState>;
  /** How many of `shape.order` have begun. */
  readonly cursor: number;
  /** Begun before a crash or a stop and not ended: they go first. */
  readonly retry: readonly number[];
  readonly active: number;
  readonly completed: number;
  readonly ended: number;
  readonly owed: Owed | null;
  readonly failure: Failure | null;
  readonly gatesPassed: number;
  /** True when the gate that is next has been asked for. */
  readonly isRequested: boolean;
  /** The approvals on record, in the order of their gates. */
  readonly approvals: readonly RecordedApproval[];
  /** The gate at which a person said no. */
  readonly rejection: GateName | null;
  /** The tasks that a failure or a rejection leaves, in position order, once nothing is in flight. */
  readonly remaining: readonly number[] | null;
  readonly skipped: number;
  readonly verdicts: readonly ContractVerdict[];
  readonly resumes: number;
  readonly fence: number;
  readonly events: number;
  /** By index in EVENT_TYPES. */
  readonly counts: readonly number[];
  readonly seal: EventData<"RUN_SEALED"> | null;
};

/** A run before its first event. */
export function newRun(shape: Shape): RunState {
  return {
    shape,
    phase: "new",
    plan: null,
    tasks: emptyTable(shape.order.length),
    cursor: 0,
    retry: [],
    active: 0,
    completed: 0,
    ended: 0,
    owed: null,
    failure: null,
    gatesPassed: 0,
    isRequested: false,
    approvals: [],
    rejection: null,
    remaining: null,
    skipped: 0,
    verdicts: [],
    resumes: 0,
    fence: 0,
    events: 0,
    counts: EVENT_TYPES.map(() => 0),
    seal: null,
  };
}

/** The only task that may begin now, whatever the number of jobs; undefined at a barrier, at a gate or when all have begun. */
export function nextPosition(state: RunState): number | undefined {
  if (state.retry.length > 0) return state.retry[0];
  if (state.cursor === state.shape.gates[state.gatesPassed]?.at) return undefined;
  if (state.active > 0 && state.cursor > 0 && state.shape.groupEnd[state.cursor - 1] === state.cursor) return undefined;
  return state.shape.order[state.cursor];
}

/** The gate at which the run stands: all before it has completed. */
export function gateAhead(state: RunState): GatePoint | undefined {
  const gate = state.shape.gates[state.gatesPassed];
  const isThere = gate !== undefined && state.cursor === gate.at && state.completed === gate.at;
  return isThere && !isWindingDown(state) ? gate : undefined;
}

/** True when nothing begins any more: what is left is skipped by name, and the run sealed. */
export function isWindingDown(state: RunState): boolean {
  return state.rejection !== null || (state.failure !== null && state.shape.onFailure === "abort");
}

/** The status that the run is to be sealed with now; null while there is something else to do. */
export function sealStatus(state: RunState): RunStatus | null {
  if (state.phase === "voided") return "voided";
  if (state.phase !== "running" || state.active > 0 || state.owed !== null) return null;
  const { completed, failure, rejection, tasks, verdicts, shape } = state;
  if (isWindingDown(state)) {
    if (state.remaining?.length !== state.skipped) return null;
    return rejection !== null ? "rejected" : (failure?.status ?? null);
  }
  if (failure !== null || completed < tasks.size || verdicts.length < shape.contracts.length) return null;
  return verdicts.some(({ verdict }) => verdict === "violated") ? "violated" : "completed";
}

/** The code of a stop at a task: the failure mode that its contract states, or else the code of the failure. */
export function stopCodeOf({ code, status, reasons }: Failure): string {
  const [first] = reasons;
  const named = status === "failed" && first?.code === FAILURE_MODE ? first.place : code;
  return named.slice(0, 128);
}

/** How often the task at a position has begun. */
export function attemptAt({ tasks }: RunState, position: number): number {
  return valueAt(tasks, position)?.attempt ?? 0;
}

/** The code of the reason that names a failure mode of the contract, as its place. */
export const FAILURE_MODE = "runner.failure-mode";

/** The digest of what has completed, in position order. */
export function pinsOf(state: RunState): Digest {
  const outputs = new Map<TaskId, Digest>();
  for (const [position, id] of state.shape.ids.entries()) {
    const output = valueAt(state.tasks, position)?.output;
    if (output) outputs.set(id, output);
  }
  return pinsDigestOf(outputs);
}

/** Positions with an intent and no outcome, ascending: what a crash leaves in doubt. */
export function indeterminatePositions(state: RunState): number[] {
  return restartable(state).filter((position) => valueAt(state.tasks, position)?.doubt === "intent");
}

/** Positions of the tasks that the next resume may begin again, ascending. */
export function restartable(state: RunState): number[] {
  const reopens = state.shape.onFailure === "stop";
  return positionsOf(state).filter((position) => {
    const task = valueAt(state.tasks, position);
    return !isEnded(task) || (reopens && isFailed(task));
  });
}

/** Positions of tasks that have not ended, ascending. */
export function unended(state: RunState): number[] {
  return positionsOf(state).filter((position) => !isEnded(valueAt(state.tasks, position)));
}

function positionsOf({ shape }: RunState): number[] {
  return shape.ids.map((_, position) => position);
}

/** The counts of a state by event type, without zeros. */
export function countsOf(state: RunState): Record<string, number> {
  return Object.fromEntries(
    EVENT_TYPES.map((type, index) => [type, state.counts[index] ?? 0] as const).filter(([, n]) => n > 0),
  );
}

/** True for a task that completed, was denied, aborted or skipped. */
export function isEnded(task: TaskState | undefined): boolean {
  return task?.stage === "completed" || task?.stage === "skipped" || isFailed(task);
}

export function isFailed(task: TaskState | undefined): boolean {
  return task?.stage === "denied" || task?.stage === "aborted";
}
