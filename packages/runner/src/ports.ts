/**
 * What the runner asks of the world. Providers satisfy these shapes structurally; no provider is imported.
 *
 * Invariants:
 *   P1. Time enters only through {@link Clock}; it is in no id and no output.
 *   P2. An error of the journal is not caught here: it reaches the caller unchanged and nothing runs after it.
 *   P3. Text of a foreign exception never passes a port: a failure is the digest of it.
 *
 * @module
 */
import type {
  Digest,
  EventDraft,
  JsonObject,
  JsonValue,
  OperationContract,
  OperationId,
  Payload,
  Plan,
  Reason,
  RunEvent,
  RunId,
  Task,
  TaskId,
} from "@canonic/contracts";

/** `now` is RFC 3339 in UTC with milliseconds; `monotonicMs` never goes back and has no epoch. */
export interface Clock {
  now(): string;
  monotonicMs(): number;
}

/** Where a run's events go. `append` is synchronous and buffered; it adds `seq`, `prev` and `at`. */
export interface RunJournal {
  /** Reserves the next gap-free run number; the run's first append is PLAN_FROZEN. */
  begin(plan: Digest): { readonly run: RunId; readonly number: number };
  append(run: RunId, draft: EventDraft, payloads?: readonly Payload[]): { readonly seq: number; readonly leaf: Digest };
  /** Resolves when all that was appended before the call is on disk; concurrent callers share one commit. */
  durable(): Promise<void>;
  /** The events of a run in `seq` order; empty for an unknown run. */
  events(run: RunId): Promise<readonly RunEvent[]>;
  payload(digest: Digest): Promise<Uint8Array | undefined>;
}

/** Which operation a task goes to, under which snapshot; the contract stands in full. */
export type Route =
  | {
      readonly kind: "allow";
      readonly operation: OperationId;
      readonly version: string;
      readonly contract: OperationContract;
      readonly snapshot: Digest;
    }
  | { readonly kind: "refuse"; readonly snapshot: Digest; readonly reasons: readonly Reason[] };

export interface Router {
  route(task: Task): Route;
}

/** The answer to one question of authority; `grant` is the digest of what it was answered from. */
export type AuthorityDecision =
  | { readonly kind: "allow"; readonly grant: Digest }
  | { readonly kind: "refuse"; readonly grant: Digest; readonly reasons: readonly Reason[] };

/** A reservation: what was counted, before this task, and whether one more fits. */
export type Reservation = {
  readonly limit: string;
  readonly used: number;
  readonly reserved: number;
  readonly max: number;
} & ({ readonly kind: "allow" } | { readonly kind: "refuse"; readonly reasons: readonly Reason[] });

/**
 * Who may. `reserve` counts one invocation for the task before it runs, once per task id; `commit` makes it spent after
 * it ran, however it ended. A resumed run reserves and commits again what its journal shows as ended.
 */
export interface Authority {
  validate(plan: Plan): AuthorityDecision;
  scope(task: Task, operation: OperationId): AuthorityDecision;
  reserve(task: Task): Reservation;
  commit(task: Task): void;
}

/** Why an operation gave no output. */
export type AbortCode =
  | "runner.timeout"
  | "runner.output-too-large"
  | "runner.memory-exceeded"
  | "runner.output-invalid"
  | "runner.operation-failed"
  | "runner.worker-exited";

/**
 * How one execution ended. `output` is canonical JSON text; `failure` the digest of what the operation threw, and `mode`
 * the code of the contract's failure mode that it named.
 */
export type Execution =
  | { readonly kind: "completed"; readonly output: string; readonly operationMs: number }
  | {
      readonly kind: "aborted";
      readonly code: AbortCode;
      readonly failure: Digest | null;
      readonly mode?: string;
      readonly operationMs: number;
    };

/** What a contract entitles an operation to beside its input; `null` is "not entitled". */
export type Entitlement = {
  readonly task: TaskId;
  /** The seed of the random stream, for `seeded` operations. */
  readonly seed: Digest | null;
  /** The time of the start, for `recorded` operations. */
  readonly now: string | null;
  /** The same for every attempt of a task of a run, for writes. */
  readonly idempotencyKey: string | null;
};

/**
 * Executes operations. A task that fails is an aborted execution, never a rejection; a rejection means that this port
 * itself is broken, and ends the run.
 */
export interface OperationsPort {
  execute(task: Task, input: JsonObject, contract: OperationContract, entitlement: Entitlement): Promise<Execution>;
  close(): Promise<void>;
}

/** The values of a plan's inputs by digest. */
export type Artifacts = ReadonlyMap<Digest, JsonValue>;
