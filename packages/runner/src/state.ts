/**
 * The state of a run as the fold of its journaled events, and nothing else.
 *
 * Invariants:
 *   S1. State is a function of the plan's shape and the events: a run that is read back from its journal stands exactly
 *       where the one that wrote it stood.
 *   S2. An event that this run could not have written is refused by code, whoever wrote it: wrong order inside a task,
 *       a task before its group, a second outcome, anything after the seal.
 *   S3. An ended task (completed, denied, aborted, skipped) never changes again.
 *
 * @module
 */
import {
  type ContractVerdict,
  type Digest,
  type Effect,
  EVENT_TYPES,
  type EventData,
  type EventDraft,
  type EventType,
  type Reason,
} from "@canonic/contracts";
import { RunnerError } from "./errors.ts";
import type { Shape } from "./shape.ts";
import { emptyTable, type Table, valueAt, withValue } from "./table.ts";

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

/**
 * The state after one more event.
 *
 * @throws {RunnerError} `runner.journal-unexpected` when the event cannot follow (S2).
 */
export function applyEvent(state: RunState, event: EventDraft): RunState {
  const next = transition(state, event);
  if (next === undefined) {
    const { type, subject } = event;
    throw new RunnerError(
      "runner.journal-unexpected",
      `event ${state.events} of the run, ${type} of \`${subject}\`, cannot follow`,
      {
        type,
        subject,
        event: state.events,
      },
    );
  }
  const settled = next.failure !== null && next.active === 0 && next.remaining === null;
  return {
    ...next,
    remaining: settled ? unended(next) : next.remaining,
    events: state.events + 1,
    counts: state.counts.with(INDEX[event.type], (state.counts[INDEX[event.type]] ?? 0) + 1),
  };
}

/** The counts of a state by event type, without zeros. */
export function countsOf(state: RunState): Record<string, number> {
  return Object.fromEntries(
    EVENT_TYPES.map((type, index) => [type, state.counts[index] ?? 0] as const).filter(([, n]) => n > 0),
  );
}

const INDEX = Object.fromEntries(EVENT_TYPES.map((type, index) => [type, index])) as Record<EventType, number>;

/** Undefined is "cannot follow". */
function transition(state: RunState, event: EventDraft): RunState | undefined {
  switch (event.type) {
    case "PLAN_FROZEN":
      return state.phase === "new" ? { ...state, phase: "frozen" } : undefined;
    case "TOKEN_VALIDATION":
      if (state.phase !== "frozen") return undefined;
      return { ...state, phase: event.data.decision === "allow" ? "running" : "refused" };
    case "RUN_RESUMED":
      return resumed(state, event.data);
    case "RUN_SEALED":
      if (sealStatus(state) !== event.data.status || event.data.events !== state.events + 1) return undefined;
      return { ...state, phase: "sealed", seal: event.data };
    case "JOURNAL_REPAIRED":
      return undefined;
    default:
      return state.phase === "running" ? runningTransition(state, event) : undefined;
  }
}

function runningTransition(state: RunState, event: EventDraft): RunState | undefined {
  if (event.type === "CONTRACT_VERDICT") {
    const isDue =
      state.completed === state.tasks.size && state.shape.contracts[state.verdicts.length] === event.data.contract;
    return isDue ? { ...state, verdicts: [...state.verdicts, event.data] } : undefined;
  }
  const position = state.shape.positions.get(event.subject);
  if (position === undefined) return undefined;
  const task = valueAt(state.tasks, position);
  switch (event.type) {
    case "ROUTING_DECISION": {
      if (state.failure !== null || nextPosition(state) !== position) return undefined;
      const begun = set(state, position, { ...(task ?? FRESH), stage: passed(event.data.decision, "routed") });
      return state.retry.length > 0
        ? { ...begun, active: state.active + 1, retry: state.retry.slice(1) }
        : { ...begun, active: state.active + 1, cursor: state.cursor + 1 };
    }
    case "AUTHORIZATION_SCOPE_CHECK":
      return task?.stage === "routed"
        ? set(state, position, { ...task, stage: passed(event.data.decision, "scoped") })
        : undefined;
    case "RESOURCE_LIMIT_CHECK":
      return task?.stage === "scoped"
        ? set(state, position, { ...task, stage: passed(event.data.decision, "reserved") })
        : undefined;
    case "EXECUTION_STARTED": {
      const { attempt, effect } = event.data;
      if (task?.stage !== "reserved" || attempt !== task.attempt + 1) return undefined;
      return set(state, position, { stage: "started", attempt, effect, output: null });
    }
    case "EXECUTION_COMPLETED":
      if (task?.stage !== "started") return undefined;
      return end(set(state, position, { ...task, stage: "completed", output: event.data.output }), 1, null);
    case "EXECUTION_DENIED": {
      if (task?.stage !== "refused") return undefined;
      const { stage, reasons } = event.data;
      const code = reasons[0]?.code ?? stage;
      return end(set(state, position, { ...task, stage: "denied" }), 0, { position, status: "denied", code, reasons });
    }
    case "OPERATION_ABORTED": {
      if (task?.stage !== "started") return undefined;
      const { code, reasons } = event.data;
      return end(set(state, position, { ...task, stage: "aborted" }), 0, { position, status: "failed", code, reasons });
    }
    case "EXECUTION_SKIPPED": {
      const isNext = state.remaining?.[state.skipped] === position;
      const isBecause = state.failure !== null && state.shape.ids[state.failure.position] === event.data.because;
      if (!isNext || !isBecause) return undefined;
      const skipped = set(state, position, { ...(task ?? FRESH), stage: "skipped" });
      return { ...skipped, skipped: state.skipped + 1, ended: state.ended + 1 };
    }
    default:
      return undefined;
  }
}

const FRESH: TaskState = { stage: "routed", attempt: 0, effect: null, output: null };

function passed(decision: "allow" | "refuse", stage: "routed" | "scoped" | "reserved"): TaskState["stage"] {
  return decision === "allow" ? stage : "refused";
}

function set(state: RunState, position: number, task: TaskState): RunState {
  return { ...state, tasks: withValue(state.tasks, position, task) };
}

function end(state: RunState, completed: 0 | 1, failure: Failure | null): RunState {
  return {
    ...state,
    active: state.active - 1,
    completed: state.completed + completed,
    ended: state.ended + 1,
    failure: state.failure ?? failure,
  };
}

/** What was in flight is in flight no more; tasks of the current group that did not end begin again, in the order of the plan. */
function resumed(state: RunState, data: EventData<"RUN_RESUMED">): RunState | undefined {
  if (state.phase === "new" || state.phase === "sealed") return undefined;
  if (data.completed !== state.completed || data.attempt !== state.resumes + 2) return undefined;
  const retry = state.shape.order.slice(0, state.cursor).filter((position) => !isEnded(valueAt(state.tasks, position)));
  return { ...state, active: 0, retry, remaining: null, skipped: 0, resumes: state.resumes + 1 };
}

function unended(state: RunState): number[] {
  return state.shape.ids.map((_, position) => position).filter((position) => !isEnded(valueAt(state.tasks, position)));
}

function isEnded(task: TaskState | undefined): boolean {
  return (
    task?.stage === "completed" || task?.stage === "denied" || task?.stage === "aborted" || task?.stage === "skipped"
  );
}
