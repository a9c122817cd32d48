/**
 * The fold: the state of a run after one more event.
 *
 * Invariants:
 *   S1. State is a function of the plan's shape and the events: a run that is read back from its journal stands exactly
 *       where the one that wrote it stood.
 *   S2. An event that this run could not have written is refused by code, whoever wrote it: wrong order inside a task,
 *       a task before its group or its gate, a second outcome, a gate asked twice, a seal too early, anything after the seal.
 *   S3. An ended task (completed, denied, aborted, skipped) never changes again; only under a plan that stops at failures
 *       does a resume reopen what was denied or aborted.
 *
 * @module
 */
import { EVENT_TYPES, type EventData, type EventDraft, type EventType } from "@canonic/contracts";
import { RunnerError } from "./errors.ts";
import { gateTransition } from "./gate-transition.ts";
import {
  indeterminatePositions,
  isEnded,
  isFailed,
  isWindingDown,
  type RunState,
  sealStatus,
  type TaskState,
  unended,
} from "./state.ts";
import { type Table, valueAt, withValue } from "./table.ts";
import { taskTransition } from "./task-transition.ts";

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
  const settled = next.remaining === null && next.active === 0 && next.owed === null && isWindingDown(next);
  return {
    ...next,
    remaining: settled ? unended(next) : next.remaining,
    events: state.events + 1,
    counts: state.counts.with(INDEX[event.type], (state.counts[INDEX[event.type]] ?? 0) + 1),
  };
}

const INDEX = Object.fromEntries(EVENT_TYPES.map((type, index) => [type, index])) as Record<EventType, number>;

/** Undefined is "cannot follow". */
function transition(state: RunState, event: EventDraft): RunState | undefined {
  switch (event.type) {
    case "PLAN_FROZEN": {
      const { plan, fence } = event.data;
      return state.phase === "new" ? { ...state, phase: "frozen", plan, fence } : undefined;
    }
    case "TOKEN_VALIDATION":
      return state.phase === "frozen" ? validated(state, event.data) : undefined;
    case "RUN_RESUMED":
      return resumed(state, event.data);
    case "RUN_VOIDED":
      return isOpen(state) ? { ...state, phase: "voided" } : undefined;
    case "RUN_SEALED":
      if (sealStatus(state) !== event.data.status || event.data.events !== state.events + 1) return undefined;
      return { ...state, phase: "sealed", seal: event.data };
    default:
      if (state.phase !== "running") return undefined;
      return isOwed(state, event) ? runningTransition(state, event) : undefined;
  }
}

/** Begun, and neither voided nor sealed. */
function isOpen({ phase }: RunState): boolean {
  return phase !== "new" && phase !== "voided" && phase !== "sealed";
}

/** False for an event that stands where another one must. */
function isOwed({ owed, shape }: RunState, event: EventDraft): boolean {
  if (owed === null) return true;
  const type = owed.kind === "denial" ? "EXECUTION_DENIED" : "OPERATION_ABORTED";
  return event.type === type && event.subject === shape.ids[owed.position];
}

function runningTransition(state: RunState, event: EventDraft): RunState | undefined {
  switch (event.type) {
    case "CONTRACT_VERDICT": {
      const isDue =
        state.completed === state.tasks.size && state.shape.contracts[state.verdicts.length] === event.data.contract;
      return isDue ? { ...state, verdicts: [...state.verdicts, event.data] } : undefined;
    }
    case "APPROVAL_REQUESTED":
    case "APPROVAL_RECORDED":
    case "RUN_STOPPED":
      return gateTransition(state, event);
    default:
      return taskTransition(state, event);
  }
}

/** A refused token denies the first task that has not ended; with none left, there is nothing that it would have to allow. */
function validated(state: RunState, { decision, reasons }: EventData<"TOKEN_VALIDATION">): RunState {
  const running: RunState = { ...state, phase: "running" };
  if (decision === "allow") return running;
  const [position] = unended(state);
  if (position === undefined) return running;
  return { ...running, owed: { kind: "denial", position, stage: "token", reasons }, remaining: null };
}

/** What was in flight is in flight no more; tasks of the current group that did not end begin again, in the order of the plan. */
function resumed(state: RunState, data: EventData<"RUN_RESUMED">): RunState | undefined {
  const { shape } = state;
  if (!isOpen(state) || data.fence <= state.fence) return undefined;
  if (data.completed !== state.completed || data.attempt !== state.resumes + 2) return undefined;
  const inDoubt = indeterminatePositions(state).map((position) => shape.ids[position]);
  if (inDoubt.join() !== data.indeterminate.join()) return undefined;
  const stops = shape.onFailure === "stop";
  const tasks = stops ? reopened(state) : state.tasks;
  return {
    ...state,
    phase: "frozen",
    tasks,
    active: 0,
    ended: shape.ids.filter((_, position) => isEnded(valueAt(tasks, position))).length,
    retry: shape.order.slice(0, state.cursor).filter((position) => !isEnded(valueAt(tasks, position))),
    owed: null,
    failure: stops ? null : state.failure,
    remaining: null,
    skipped: 0,
    resumes: state.resumes + 1,
    fence: data.fence,
  };
}

function reopened({ tasks, shape }: RunState): Table<TaskState> {
  return shape.order.reduce((table, position) => {
    const task = valueAt(table, position);
    return task !== undefined && isFailed(task) ? withValue(table, position, { ...task, stage: "reopened" }) : table;
  }, tasks);
}
