/**
 * The steps of a task, in the order of the grammar.
 *
 *     1 ROUTING_DECISION  2 AUTHORIZATION_SCOPE_CHECK  3… DRIFT_CHECK, one per recheck  then RESOURCE_LIMIT_CHECK,
 *     EXECUTION_STARTED, and the outcome, which every way to end shares.
 *
 * @module
 */
import type { Plan, RunEvent } from "@canonic/contracts";

const TASK_EVENTS = [
  "ROUTING_DECISION",
  "AUTHORIZATION_SCOPE_CHECK",
  "DRIFT_CHECK",
  "RESOURCE_LIMIT_CHECK",
  "EXECUTION_STARTED",
  "BOUNDARY_VIOLATION",
  "EXECUTION_COMPLETED",
  "OPERATION_ABORTED",
  "EXECUTION_DENIED",
  "EXECUTION_SKIPPED",
] as const;

/** An event whose subject is a task. */
export type TaskEvent = Extract<RunEvent, { type: (typeof TASK_EVENTS)[number] }>;

export function isTaskEvent(event: RunEvent): event is TaskEvent {
  return (TASK_EVENTS as readonly string[]).includes(event.type);
}

/** What EXECUTION_DENIED calls the check that refused. */
export const STAGE_OF = {
  ROUTING_DECISION: "routing",
  AUTHORIZATION_SCOPE_CHECK: "scope",
  DRIFT_CHECK: "drift",
  RESOURCE_LIMIT_CHECK: "limit",
} as const;

/** What OPERATION_ABORTED says after a BOUNDARY_VIOLATION, and only then. */
export const BOUNDARY_CODE = "runner.boundary-violation";

/** How far a task's events have come. */
export interface TaskProgress {
  /** The tasks that are to be executed once more before this one, in order. */
  readonly rechecks: readonly string[];
  step: number;
  /** Steps that were jumped over: missing, unless they turn up later. Null while there were none, as in most of a long run. */
  owed: Set<number> | null;
  refused: (typeof STAGE_OF)[keyof typeof STAGE_OF] | null;
  attempt: number;
  /** An intent without an outcome. */
  isInDoubt: boolean;
  isViolation: boolean;
  outcome: "completed" | "aborted" | "denied" | "skipped" | null;
}

const NO_RECHECKS: readonly string[] = Object.freeze([]);

export function newProgress({ rechecks, tasks }: Plan, position: number): TaskProgress {
  const own = rechecks.filter(({ before }) => before === position).sort((a, b) => a.task - b.task);
  return {
    rechecks: own.length === 0 ? NO_RECHECKS : own.map(({ task }) => tasks[task]?.id ?? ""),
    step: 0,
    owed: null,
    refused: null,
    attempt: 0,
    isInDoubt: false,
    isViolation: false,
    outcome: null,
  };
}

/** Notes that a step was jumped over. */
export function owe(task: TaskProgress, step: number): void {
  task.owed ??= new Set();
  task.owed.add(step);
}

/** The step of EXECUTION_STARTED. */
export function startStep({ rechecks }: TaskProgress): number {
  return 4 + rechecks.length;
}

/** The step that an event takes; undefined for a recheck that the plan does not ask for. */
export function stepOf(event: TaskEvent, task: TaskProgress): number | undefined {
  switch (event.type) {
    case "ROUTING_DECISION":
      return 1;
    case "AUTHORIZATION_SCOPE_CHECK":
      return 2;
    case "DRIFT_CHECK": {
      const at = task.rechecks.indexOf(event.data.of);
      return at < 0 ? undefined : 3 + at;
    }
    case "RESOURCE_LIMIT_CHECK":
      return 3 + task.rechecks.length;
    case "EXECUTION_STARTED":
    case "BOUNDARY_VIOLATION":
      return startStep(task);
    default:
      return startStep(task) + 1;
  }
}

/** What should stand at a step. */
export function nameOfStep(step: number, task: TaskProgress): string {
  if (step === 1) return "ROUTING_DECISION";
  if (step === 2) return "AUTHORIZATION_SCOPE_CHECK";
  if (step < startStep(task) - 1) return "DRIFT_CHECK";
  if (step === startStep(task) - 1) return "RESOURCE_LIMIT_CHECK";
  if (step === startStep(task)) return "EXECUTION_STARTED";
  return task.outcome === "skipped" ? "EXECUTION_SKIPPED" : "EXECUTION_COMPLETED or OPERATION_ABORTED";
}
