export type { Fault, PlannerErrorCode, PlannerErrorDetails } from "./errors.ts";
export { isPlannerError, PlannerError } from "./errors.ts";
export type { FreezeRequest, FrozenPlan, TaskDraft } from "./freeze.ts";
export { freezePlan } from "./freeze.ts";
export type { PlannedTask, TasksRequest } from "./plan-tasks.ts";
export { planTasks } from "./plan-tasks.ts";
