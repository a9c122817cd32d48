/**
 * The fold: the state of a run after one more event.
 *
 * Invariants:
 *   S1. State is a function of the plan's shape and the events: a run that is read back from its journal stands exactly
 *       where the one that wrote it stood.
 *   S2. An event that this run could not have written is refused by code, whoever wrote it: wrong order inside a task,
 *       a task before its group, a second outcome, a seal too early, anything after the seal.
 *   S3. An ended task (completed, denied, aborted, skipped) never changes again.
 *
 * @module
 */
import { EVENT_TYPES, type EventData, type EventDraft, type EventType } from "@canonic/contracts";
import { RunnerError } from "./errors.ts";
import { type Failure, isEnded, nextPosition, type RunState, sealStatus, type TaskState, unended } from "./state.ts";
import { valueAt, withValue } from "./table.ts";

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
