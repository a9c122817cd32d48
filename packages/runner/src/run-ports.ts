/**
 * What a run is asked for with, and what it gives back.
 *
 * @module
 */
import type {
  ContractVerdict,
  CoreContractResult,
  Digest,
  EventData,
  RunId,
  RunRecord,
  Task,
} from "@canonic/contracts";
import type { ContractBook } from "./contract-book.ts";
import type { Artifacts, Authority, Clock, OperationsPort, Router, RunJournal } from "./ports.ts";
import type { Failure } from "./state.ts";

/** What the core contracts are asked over, and what a composition needs to complete it. */
export type FinishedRun = RunRecord & {
  readonly run: RunId;
  readonly artifacts: Artifacts;
  /** The outputs as canonical JSON text, by position. */
  readonly texts: readonly string[];
};

export type RunPorts = {
  readonly clock: Clock;
  readonly journal: RunJournal;
  readonly router: Router;
  readonly authority: Authority;
  readonly operations: OperationsPort;
  /** The result of each of `plan.expect.contracts`, in that order; its evidence is journaled with it. */
  readonly conclude: (finished: FinishedRun) => readonly CoreContractResult[];
  /** How many tasks that the plan declared independent may be in flight; no output depends on it. */
  readonly jobs: number;
  /** Compiled contracts, shared by the runs that are given the same book; without one, each run compiles its own. */
  readonly contracts?: ContractBook;
  readonly onProgress?: (ended: number, total: number) => void;
  readonly onTask?: (measure: { readonly position: number; readonly operationMs: number }) => void;
};

export type RunResult = {
  readonly run: RunId;
  readonly status: EventData<"RUN_SEALED">["status"];
  /** Canonical JSON text by position; empty unless the run completed or was violated. */
  readonly outputs: readonly string[];
  readonly outputsDigest: Digest | null;
  readonly verdicts: readonly ContractVerdict[];
  readonly events: number;
  readonly counts: Readonly<Record<string, number>>;
  /** The first task that failed or was denied, and why. */
  readonly failure: (Omit<Failure, "position"> & { readonly task: Task }) | null;
};
