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
  BoundaryCategory,
  Digest,
  EventDraft,
  GateRequest,
  JsonObject,
  JsonValue,
  LimitName,
  OperationContract,
  OperationId,
  Payload,
  Plan,
  Reason,
  RecordedApproval,
  RunEvent,
  RunId,
  TakenRoute,
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
  /**
   * Reserves the next gap-free run number; the run's first append is PLAN_FROZEN. It names `checkpoint`, where the journal
   * has one: the last that was signed, as bytes.
   */
  begin(plan: Digest): { readonly run: RunId; readonly number: number; readonly checkpoint?: Payload };
  append(run: RunId, draft: EventDraft, payloads?: readonly Payload[]): { readonly seq: number; readonly leaf: Digest };
  /** Resolves when all that was appended before the call is on disk; concurrent callers share one commit. */
  durable(): Promise<void>;
  /** The events of a run in `seq` order; empty for an unknown run. */
  events(run: RunId): Promise<readonly RunEvent[]>;
  payload(digest: Digest): Promise<Uint8Array | undefined>;
}

/**
 * Which operation a task goes to, under which snapshot; the contract stands in full. `decision` is the canonical JSON of the
 * `canonic/route-decision/v1` that chose it; a task with a route of its own is not run without one.
 */
export type Route = { readonly decision?: Payload } & (
  | {
      readonly kind: "allow";
      readonly operation: OperationId;
      readonly version: string;
      readonly contract: OperationContract;
      readonly snapshot: Digest;
    }
  | { readonly kind: "refuse"; readonly snapshot: Digest; readonly reasons: readonly Reason[] }
);

export interface Router {
  route(task: Task): Route;
}

/** At once, or later: a store on the network answers with a promise. */
export type Answer<T> = T | Promise<T>;

type Allow = { readonly kind: "allow" };
type Refuse = { readonly kind: "refuse"; readonly reasons: readonly Reason[] };

/** `token` is the SHA-256 of the token's bytes; `claims` what it says, without its signature, null when it says nothing readable. */
export type TokenDecision = {
  readonly token: Digest;
  readonly claims: Payload | null;
  readonly user: string;
  readonly trigger: string;
} & (Allow | Refuse);

/** `policies` are the ids of those that decided, of the set with the digest `policySet`. */
export type ScopeDecision = {
  readonly token: Digest;
  readonly policySet: Digest | null;
  readonly policies: readonly string[];
} & (Allow | Refuse);

/** One limit of a token before this task: spent, held by others, asked for, allowed. */
export type LimitUse = {
  readonly limit: LimitName;
  readonly used: number;
  readonly reserved: number;
  readonly need: number;
  readonly max: number;
};

/** A reservation under the four limits, in the order of `LimitName`. */
export type Reservation = { readonly token: Digest; readonly limits: readonly LimitUse[] } & (Allow | Refuse);

/** A valid approval, as its record will say it, or why it is none; the first reason's code is the stop code. */
export type ApprovalDecision =
  | (Allow & {
      /** The signed approval as canonical JSON. */
      readonly approval: Payload;
      readonly signer: string;
      readonly decision: "approve" | "reject";
      readonly reviewDecision: string | null;
      readonly expiresAt: string;
    })
  | Refuse;

/**
 * Who may. `reserve` holds what a task may spend before it runs, once per run, task and attempt; `commit` makes it spent
 * after it ran, however it ended. Attempts of a task are counted from 1, as EXECUTION_STARTED counts them: one that was
 * reserved and never began has the same number when it is reserved again. A resumed run is validated again; then it reserves
 * and commits again every attempt that its journal shows as begun under the same token. `approve` consumes an approval: a second use is refused. `recorded` are the approvals that the run has on record.
 */
export interface Authority {
  validate(plan: Plan, run: RunId): Answer<TokenDecision>;
  scope(task: Task, contract: OperationContract): Answer<ScopeDecision>;
  reserve(task: Task, contract: OperationContract, attempt: number): Answer<Reservation>;
  commit(task: Task, attempt: number, tokens: number): Answer<void>;
  approve(request: GateRequest, approval: unknown, recorded: readonly Digest[]): Answer<ApprovalDecision>;
}

/** What a person says at a gate: a signed approval as they gave it, or null while nobody has said anything. */
export type Approvals = (request: GateRequest) => Answer<unknown>;

/** Why an operation gave no output. */
export type AbortCode =
  | "runner.timeout"
  | "runner.output-too-large"
  | "runner.memory-exceeded"
  | "runner.output-invalid"
  | "runner.operation-failed"
  | "runner.worker-exited"
  | "runner.tokens-exceeded"
  | "runner.boundary-violation"
  /** Whoever executes withheld the call: the operation was not reached. */
  | "runner.withheld";

/** What an operation reached for that no operation may have; `attempted` is a name of ours, never text of the operation. */
export type BoundaryViolation = { readonly category: BoundaryCategory; readonly attempted: string };

/**
 * How one execution ended. `output` is canonical JSON text; `failure` the digest of what the operation threw, and `mode`
 * the code of the contract's failure mode that it named.
 */
export type Execution =
  | { readonly kind: "completed"; readonly output: string; readonly tokens: number; readonly operationMs: number }
  | {
      readonly kind: "aborted";
      readonly code: AbortCode;
      readonly failure: Digest | null;
      readonly mode?: string;
      /** There when the code is `runner.boundary-violation`. */
      readonly violation?: BoundaryViolation;
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
  /** The number of the run's holder, for writes. */
  readonly fence: number | null;
  /** What a person said at the last gate before the task, for writes. */
  readonly approval?: RecordedApproval;
  /** The decision that the task was routed by, for operations that execute a service. */
  readonly route?: TakenRoute;
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
