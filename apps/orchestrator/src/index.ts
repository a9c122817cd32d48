export type { CanonicConfig } from "./config.ts";
export { defineConfig } from "./config.ts";
export type { OrchestratorErrorCode, OrchestratorErrorDetails } from "./errors.ts";
export { isOrchestratorError, OrchestratorError } from "./errors.ts";
export type { ExitCode } from "./exit.ts";
export { EXIT } from "./exit.ts";
export type {
  Attachment,
  FinishedRun,
  Pack,
  PackCommand,
  PackHost,
  PackInput,
  PackOption,
  PlannedRun,
  ResultFile,
  SealedRun,
} from "./pack.ts";
export { definePack } from "./pack.ts";
export type { Progress, Terminal } from "./terminal.ts";
