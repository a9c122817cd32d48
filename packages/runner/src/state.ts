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
  type Reason,
} from "@canonic/contracts";
import type { Shape } from "./shape.ts";
import { emptyTable, type Table, valueAt } from "./table.ts";

/** Where a task stands. `attempt` counts its EXECUTION_STARTED events; above 0 and not ended is an intent in doubt. */
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
    | "skipped";
  readonly attempt: number;
  readonly effect: Effect | null;
  readonly output: Digest | null;
};

/** The first task that did not complete: the code of its abort or of the first reason of its refusal. */
export type Failure = {
  readonly position: number;
  readonly status: "failed" | "denied";
  readonly code: string;
  readonly reasons: readonly Reason[];
};

export type RunState = {
  readonly shape: Shape;
  readonly phase: "new" | "frozen" | "refused" | "running" | "sealed";
  readonly tasks: Table<TaskState>;
  /** How many of `shape.order` have begun. */
  readonly cursor: number;
  /** Begun before a crash and not ended: they go first. */
  readonly retry: readonly number[];
  readonly active: number;
  readonly completed: number;
  readonly ended: number;
  readonly failure: Failure | null;
  /** The tasks that a failure leaves, in position order, once nothing is in flight. */
  readonly remaining: readonly number[] | null;
  readonly skipped: number;
  readonly verdicts: readonly ContractVerdict[];
  readonly resumes: number;
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
    tasks: emptyTable(shape.order.length),
    cursor: 0,
    retry: [],
    active: 0,
    completed: 0,
    ended: 0,
    failure: null,
    remaining: null,
    skipped: 0,
    verdicts: [],
    resumes: 0,
    events: 0,
    counts: EVENT_TYPES.map(() => 0),
    seal: null,
  };
}

/** The only task that may begin now, whatever the number of jobs; undefined at a barrier or when all have begun. */
export function nextPosition(state: RunState): number | undefined {
  if (state.retry.length > 0) return state.retry[0];
  if (state.active > 0 && state.cursor > 0 && state.shape.groupEnd[state.cursor - 1] === state.cursor) return undefined;
  return state.shape.order[state.cursor];
}

/** The status that the run is to be sealed with now; null while there is something else to do. */
export function sealStatus(state: RunState): EventData<"RUN_SEALED">["status"] | null {
  if (state.phase === "refused") return "denied";
  if (state.phase !== "running" || state.active > 0) return null;
  if (state.failure !== null) return state.remaining?.length === state.skipped ? state.failure.status : null;
  const { completed, tasks, verdicts, shape } = state;
  if (completed < tasks.size || verdicts.length < shape.contracts.length) return null;
  return verdicts.some(({ verdict }) => verdict === "violated") ? "violated" : "completed";
}

/** Positions with an intent and no outcome, ascending: what a crash leaves in doubt. */
export function indeterminatePositions(state: RunState): number[] {
  return unended(state).filter((position) => (valueAt(state.tasks, position)?.attempt ?? 0) > 0);
}

/** Positions of tasks that have not ended, ascending. */
export function unended(state: RunState): number[] {
  return state.shape.ids.map((_, position) => position).filter((position) => !isEnded(valueAt(state.tasks, position)));
}

/** The counts of a state by event type, without zeros. */
export function countsOf(state: RunState): Record<string, number> {
  return Object.fromEntries(
    EVENT_TYPES.map((type, index) => [type, state.counts[index] ?? 0] as const).filter(([, n]) => n > 0),
  );
}

/** True for a task that completed, was denied, aborted or skipped. */
export function isEnded(task: TaskState | undefined): boolean {
  return (
    task?.stage === "completed" || task?.stage === "denied" || task?.stage === "aborted" || task?.stage === "skipped"
  );
}
