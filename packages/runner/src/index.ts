export type { ContractBook } from "./contract-book.ts";
export { createContractBook } from "./contract-book.ts";
export type { Command, Decision } from "./decide.ts";
export { decide } from "./decide.ts";
export type { RunnerErrorCode, RunnerErrorDetails } from "./errors.ts";
export { isRunnerError, RunnerError } from "./errors.ts";
export type { JournaledRun } from "./frozen-run.ts";
export { readRun } from "./frozen-run.ts";
export { createIsolatedOperations } from "./isolated-operations.ts";
export { createLocalOperations } from "./local-operations.ts";
export type {
  AbortCode,
  Answer,
  ApprovalDecision,
  Approvals,
  Artifacts,
  Authority,
  BoundaryViolation,
  Clock,
  Entitlement,
  Execution,
  LimitUse,
  OperationsPort,
  Reservation,
  Route,
  Router,
  RunJournal,
  ScopeDecision,
  TokenDecision,
} from "./ports.ts";
export { resumePlan } from "./resume-plan.ts";
export { runPlan } from "./run-plan.ts";
export type { FinishedRun, RunPorts, RunResult, Stop } from "./run-ports.ts";
export { createSandboxOperations } from "./sandbox-operations.ts";
export type { GatePoint, Shape } from "./shape.ts";
export { JOBS_MAX, shapeOf } from "./shape.ts";
export type { RunState, Stage, TaskState } from "./state.ts";
export { newRun } from "./state.ts";
export { voidRun } from "./void-run.ts";
export { createWorkerOperations } from "./worker-operations.ts";
