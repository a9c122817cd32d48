/**
 * Operations as code: a contract and the function that fulfils it.
 *
 * @module
 */
import type { GateName } from "./approval.ts";
import type { JsonObject, JsonValue } from "./canonical-json.ts";
import type { Digest } from "./digest.ts";
import type { OperationId, TaskId } from "./ids.ts";
import type { OperationContract } from "./operation-contract.ts";
import type { RouteDecision } from "./routing/route-decision.ts";
import type { RouteRequest } from "./routing/route-request.ts";

/** An approval as the run has it on record. */
export type RecordedApproval = {
  readonly gate: GateName;
  /** The digest of the signed approval. */
  readonly approval: Digest;
  readonly reviewDecision: string | null;
};

/** The decision that chose an operation's service in this run, and the request that it answers. */
export type TakenRoute = { readonly request: RouteRequest; readonly decision: RouteDecision };

/**
 * All that an operation can reach beside its frozen input. `random` is a seeded stream of unsigned 32-bit integers, there
 * for `seeded` operations only; `now` for `recorded` ones only; `idempotencyKey` and `fence` for writes only;
 * `reportTokens` where the contract has `tokensMax`; `dependencies` where it has `crossDomainDeps`; `route` where it has
 * `service` and the task was routed. What an operation's
 * contract does not entitle it to is absent.
 */
export interface OperationContext {
  /** The task that is executed; the same for every attempt and for the replay. */
  readonly task: TaskId;
  readonly signal: AbortSignal;
  readonly random?: () => number;
  readonly now?: () => string;
  readonly idempotencyKey?: string;
  /** The number of this run's holder: a store that has seen a higher one must refuse the write. */
  readonly fence?: number;
  /** For writes behind a gate: what a person said at the last gate before this task. */
  readonly approval?: RecordedApproval;
  /** Absent for a task that names the operation itself, and for a dependency. */
  readonly route?: TakenRoute;
  /** Adds to the tokens that this response has cost; more than `tokensMax` in all aborts the task. */
  readonly reportTokens?: (tokens: number) => void;
  /** Exactly the declared operations, each checked against its own contract. */
  readonly dependencies?: Readonly<Record<OperationId, (input: JsonObject) => Promise<JsonValue>>>;
}

export interface Operation {
  readonly contract: OperationContract;
  readonly run: (input: JsonObject, context: OperationContext) => JsonValue | Promise<JsonValue>;
}

/** A content-addressed value: the bytes, and the digest of exactly those bytes. */
export interface Payload {
  readonly digest: Digest;
  readonly bytes: Uint8Array;
}
