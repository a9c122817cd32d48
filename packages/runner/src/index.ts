export type { ContractBook } from "./contract-book.ts";
export { createContractBook } from "./contract-book.ts";
export type { Command, Decision, Stage } from "./decide.ts";
export { decide } from "./decide.ts";
export type { RunnerErrorCode, RunnerErrorDetails } from "./errors.ts";
export { isRunnerError, RunnerError } from "./errors.ts";
export type { JournaledRun } from "./frozen-run.ts";
export { readRun } from "./frozen-run.ts";
export { createLocalOperations } from "./local-operations.ts";
export { createLocalOperator } from "./local-operator.ts";
export type {
  AbortCode,
  Artifacts,
  Authority,
  AuthorityDecision,
  Clock,
  Entitlement,
  Execution,
  OperationsPort,
  Reservation,
  Route,
  Router,
  RunJournal,
} from "./ports.ts";
export { resumePlan } from "./resume-plan.ts";
export { runPlan } from "./run-plan.ts";
export type { FinishedRun, RunPorts, RunResult } from "./run-ports.ts";
export type { Shape } from "./shape.ts";
export { JOBS_MAX, shapeOf } from "./shape.ts";
export type { RunState, TaskState } from "./state.ts";
export { newRun } from "./state.ts";
export { createWorkerOperations } from "./worker-operations.ts";
