/**
 * The fold of one task's events; the run is being driven, and no other event is owed.
 *
 * @module
 */
import type { EventDraft } from "@canonic/contracts";
import { FAILURE_MODE, type Failure, nextPosition, type RunState, type Stage, type TaskState } from "./state.ts";
import { valueAt, withValue } from "./table.ts";

/** The state after one more event of a task; undefined is "cannot follow". */
export function taskTransition(state: RunState, event: EventDraft): RunState | undefined {
  const position = state.shape.positions.get(event.subject);
  if (position === undefined) return undefined;
  const task = valueAt(state.tasks, position);
  switch (event.type) {
    case "ROUTING_DECISION": {
      if (state.failure !== null || state.rejection !== null || nextPosition(state) !== position) return undefined;
      const begun = checked(state, position, { ...(task ?? FRESH), drifts: 0 }, "routed", "routing", event.data);
      return state.retry.length > 0
        ? { ...begun, active: state.active + 1, retry: state.retry.slice(1) }
        : { ...begun, active: state.active + 1, cursor: state.cursor + 1 };
    }
    case "AUTHORIZATION_SCOPE_CHECK":
      return task?.stage === "routed" ? checked(state, position, task, "scoped", "scope", event.data) : undefined;
    case "DRIFT_CHECK": {
      const of = dueRecheck(state, position);
      if (of === undefined || task?.stage !== "scoped" || state.shape.ids[of] !== event.data.of) return undefined;
      if (valueAt(state.tasks, of)?.output !== event.data.expected) return undefined;
      return checked(state, position, { ...task, drifts: task.drifts + 1 }, "scoped", "drift", event.data);
    }
    case "RESOURCE_LIMIT_CHECK": {
      if (task?.stage !== "scoped" || dueRecheck(state, position) !== undefined) return undefined;
      const reserved = { ...task, token: event.data.token };
      return checked(state, position, reserved, "reserved", "limit", event.data);
    }
    case "EXECUTION_STARTED": {
      const { attempt, effect } = event.data;
      if (task?.stage !== "reserved" || task.token === null || attempt !== task.attempt + 1) return undefined;
      const begunUnder = [...task.begunUnder, task.token];
      return set(state, position, { ...task, stage: "started", attempt, effect, doubt: "intent", begunUnder });
    }
    case "EXECUTION_COMPLETED": {
      if (task?.stage !== "started") return undefined;
      const { output, tokens } = event.data;
      const completed = { ...task, stage: "completed", doubt: "none", output, tokens } as const;
      return { ...ended(set(state, position, completed), null), completed: state.completed + 1 };
    }
    case "EXECUTION_DENIED":
      return denied(state, position, task ?? FRESH, event);
    case "BOUNDARY_VIOLATION":
      return task?.stage === "started" ? { ...state, owed: { kind: "abort", position } } : undefined;
    case "OPERATION_ABORTED": {
      if (task?.stage !== "started") return undefined;
      const { code, reasons } = event.data;
      if (state.owed !== null && code !== "runner.boundary-violation") return undefined;
      const doubt = code === WITHHELD || reasons[0]?.code === FAILURE_MODE ? "none" : "abort";
      const failure: Failure = { position, status: "failed", code, reasons };
      return { ...ended(set(state, position, { ...task, stage: "aborted", doubt }), failure), owed: null };
    }
    case "EXECUTION_SKIPPED": {
      const isNext = state.remaining?.[state.skipped] === position;
      if (!isNext || skipCauseOf(state) !== event.data.because) return undefined;
      const skipped = set(state, position, { ...(task ?? FRESH), stage: "skipped" });
      return { ...skipped, skipped: state.skipped + 1, ended: state.ended + 1 };
    }
    default:
      return undefined;
  }
}

/** The code of an abort that never reached its operation. */
const WITHHELD = "runner.withheld";

const FRESH: TaskState = {
  stage: "routed",
  attempt: 0,
  drifts: 0,
  effect: null,
  doubt: "none",
  output: null,
  tokens: 0,
  token: null,
  begunUnder: [],
};

/** The task that must be executed once more before this one's limits are checked. */
export function dueRecheck(state: RunState, position: number): number | undefined {
  return state.shape.rechecks.get(position)?.[valueAt(state.tasks, position)?.drifts ?? 0];
}

/** Why what is left is skipped: the gate that was refused, or the task that failed first. */
export function skipCauseOf({ rejection, failure, shape }: RunState): string | undefined {
  return rejection ?? shape.ids[failure?.position ?? -1];
}

/** A check that allowed puts the task in its next stage; one that refused owes a denial. */
function checked(
  state: RunState,
  position: number,
  task: TaskState,
  passed: TaskState["stage"],
  stage: Stage,
  { decision, reasons }: { readonly decision: "allow" | "refuse"; readonly reasons: Failure["reasons"] },
): RunState {
  if (decision === "allow") return set(state, position, { ...task, stage: passed });
  return {
    ...set(state, position, { ...task, stage: "refused" }),
    owed: { kind: "denial", position, stage, reasons },
  };
}

/** A denial by the token ends a task that has not begun. */
function denied(
  state: RunState,
  position: number,
  task: TaskState,
  { data: { stage, reasons } }: Extract<EventDraft, { type: "EXECUTION_DENIED" }>,
): RunState | undefined {
  const { owed } = state;
  if (owed?.kind !== "denial" || owed.stage !== stage) return undefined;
  const failure: Failure = { position, status: "denied", code: reasons[0]?.code ?? stage, reasons };
  const after = ended(set(state, position, { ...task, stage: "denied" }), failure);
  return { ...after, owed: null, active: stage === "token" ? state.active : after.active };
}

function set(state: RunState, position: number, task: TaskState): RunState {
  return { ...state, tasks: withValue(state.tasks, position, task) };
}

function ended(state: RunState, failure: Failure | null): RunState {
  return { ...state, active: state.active - 1, ended: state.ended + 1, failure: state.failure ?? failure };
}
