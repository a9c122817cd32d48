/**
 * What a run is asked for with, and what it gives back.
 *
 * @module
 */
import type {
  ContractVerdict,
  CoreContractResult,
  Digest,
  GateName,
  GateRequest,
  Payload,
  Reason,
  RunId,
  RunRecord,
  RunStatus,
  Salts,
  Task,
  TaskId,
} from "@canonic/contracts";
import type { ContractBook } from "./contract-book.ts";
import type { Approvals, Artifacts, Authority, Clock, OperationsPort, Router, RunJournal } from "./ports.ts";
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
  /** Salts for personal values: the same store's are the same for ever. Without them, a plan that has such values does not run. */
  readonly salts?: Salts;
  /** Who is asked at a gate; without one, every gate waits. */
  readonly approvals?: Approvals;
  /**
   * The number of this run's holder, that of its lock: an integer above every one that the run has on record. Without a
   * lock the runner counts itself: 1 at the start, 2 at the first resume, and so on.
   */
  readonly fence?: number;
  /** The result of each of `plan.expect.contracts`, in that order; its evidence is journaled with it. */
  readonly conclude: (finished: FinishedRun) => readonly CoreContractResult[];
  /** How many tasks that the plan declared independent may be in flight; no output depends on it. */
  readonly jobs: number;
  /** What this session executes with, as a payload that its first event names; nothing of it reaches an operation. */
  readonly environment?: Payload;
  /** Compiled contracts, shared by the runs that are given the same book; without one, each run compiles its own. */
  readonly contracts?: ContractBook;
  readonly onProgress?: (ended: number, total: number) => void;
  readonly onTask?: (measure: { readonly position: number; readonly operationMs: number }) => void;
};

/** Why a run stands still: what its STOP record says, by the task or the gate where it stands. */
export type Stop = {
  readonly code: string;
  readonly task: TaskId | null;
  readonly gate: GateName | null;
  readonly reasons: readonly Reason[];
};

/** A run that is `waiting` or `stopped` is not sealed: `resumePlan` goes on with it. */
export type RunResult = {
  readonly run: RunId;
  readonly status: RunStatus | "waiting" | "stopped";
  /** Canonical JSON text by position; empty unless the run completed or was violated. */
  readonly outputs: readonly string[];
  readonly outputsDigest: Digest | null;
  readonly verdicts: readonly ContractVerdict[];
  readonly events: number;
  readonly counts: Readonly<Record<string, number>>;
  /** The first task that failed or was denied, and why. */
  readonly failure: (Omit<Failure, "position"> & { readonly task: Task }) | null;
  /** The tasks that were skipped, in the order of the plan. */
  readonly skipped: readonly TaskId[];
  /** What a person is asked, when the run waits for one. */
  readonly waiting: GateRequest | null;
  readonly stop: Stop | null;
};
