/**
 * Operations as code: a contract and the function that fulfils it.
 *
 * @module
 */
import type { JsonObject, JsonValue } from "./canonical-json.ts";
import type { Digest } from "./digest.ts";
import type { TaskId } from "./ids.ts";
import type { OperationContract } from "./operation-contract.ts";

/**
 * All that an operation can reach beside its frozen input. `random` is a seeded stream of unsigned 32-bit integers, there
 * for `seeded` operations only; `now` and `record` for `recorded` ones only; `idempotencyKey` for writes only. What an
 * operation's contract does not entitle it to is absent.
 */
export interface OperationContext {
  /** The task that is executed; the same for every attempt and for the replay. */
  readonly task: TaskId;
  readonly signal: AbortSignal;
  readonly random?: () => number;
  readonly now?: () => string;
  readonly idempotencyKey?: string;
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
