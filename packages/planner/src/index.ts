export { checkArguments } from "./arguments.ts";
export type { BindingProof } from "./carve.ts";
export { proveBindings } from "./carve.ts";
export type { Fault, PlannerErrorCode, PlannerErrorDetails } from "./errors.ts";
export { isPlannerError, PlannerError } from "./errors.ts";
export type { FreezeRequest, FrozenPlan, TaskDraft } from "./freeze.ts";
export { freezePlan, LOCAL_USER } from "./freeze.ts";
export type { GridPlace } from "./grid.ts";
export {
  AREA_IDS,
  CHUNK_IDS,
  chunkIdOf,
  DIMENSION_IDS,
  placeOf,
  QUESTION_IDS,
  QUESTIONS_PER_CELL,
  questionIdOf,
  SLOTS,
  slotOf,
} from "./grid.ts";
export type { JoinInput, JoinReport, JoinRow, JoinState } from "./join.ts";
export { assertJoin, joinQuestions } from "./join.ts";
export type { AreaOverlay, BaseElement, BaseQuestion, OverlayRequest } from "./overlay.ts";
export { overlayQuestions } from "./overlay.ts";
export type { PolicyPlan, PolicyRequest } from "./plan-policy.ts";
export { planPolicy } from "./plan-policy.ts";
export type { PlannedTask, TaskReference, TasksRequest } from "./plan-tasks.ts";
export { planTasks } from "./plan-tasks.ts";
export type { Arrange, TwoPassProof } from "./prove.ts";
export { permute, provePlan } from "./prove.ts";
export { planResources } from "./resources.ts";
export type { SignalBinding } from "./signal-bindings.ts";
