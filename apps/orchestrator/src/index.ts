export type { CanonicConfig } from "./config.ts";
export { defineConfig } from "./config.ts";
export type { OrchestratorErrorCode, OrchestratorErrorDetails } from "./errors.ts";
export { isOrchestratorError, OrchestratorError } from "./errors.ts";
export type { ExitCode } from "./exit.ts";
export { EXIT } from "./exit.ts";
export type {
  Attachment,
  BatchedRun,
  ExecutedRun,
  FinishedRun,
  Pack,
  PackCommand,
  PackHost,
  PackInput,
  PackOperations,
  PackOption,
  PackOptions,
  PlannedRun,
  ResourcesInput,
  ResultFile,
  RunStanding,
  SealedRun,
  StoredRun,
} from "./pack.ts";
export { definePack } from "./pack.ts";
export type { Progress, Terminal } from "./terminal.ts";
