/**
 * The steps of a task, in the order of the grammar.
 *
 * @module
 */
import type { RunEvent } from "@canonic/contracts";

/** Events whose subject is a task. */
export type TaskEvent = Exclude<
  RunEvent["type"],
  "PLAN_FROZEN" | "TOKEN_VALIDATION" | "RUN_RESUMED" | "CONTRACT_VERDICT" | "RUN_SEALED" | "JOURNAL_REPAIRED"
>;

export const STEPS = [
  "ROUTING_DECISION",
  "AUTHORIZATION_SCOPE_CHECK",
  "RESOURCE_LIMIT_CHECK",
  "EXECUTION_STARTED",
] as const;
/** The place of an event inside a task; outcomes share the last one. */
export const STEP_OF: { readonly [Type in TaskEvent]: number } = {
  ROUTING_DECISION: 1,
  AUTHORIZATION_SCOPE_CHECK: 2,
  RESOURCE_LIMIT_CHECK: 3,
  EXECUTION_STARTED: 4,
  EXECUTION_COMPLETED: 5,
  OPERATION_ABORTED: 5,
  EXECUTION_DENIED: 5,
  EXECUTION_SKIPPED: 5,
};
/** What EXECUTION_DENIED calls the check that refused. */
export const STAGES = ["routing", "scope", "limit"] as const;

/** How far a task's events have come. */
export interface TaskProgress {
  step: number;
  /** Steps that were jumped over: missing, unless they turn up later. */
  owed: Set<number>;
  refusedAt: number | null;
  attempt: number;
  outcome: "completed" | "aborted" | "denied" | "skipped" | null;
}
