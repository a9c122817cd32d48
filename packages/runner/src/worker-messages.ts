/**
 * What the pool and its workers say to each other.
 *
 * @module
 */
import type { Digest, JsonObject } from "@canonic/contracts";
import type { RunnerErrorDetails } from "./errors.ts";
import type { Entitlement, Execution } from "./ports.ts";

/** The only way for resources to reach a thread; no message repeats them. */
export type WorkerStart = { readonly modules: readonly string[]; readonly resources: JsonObject };

/** `input` is JSON text: a copy by construction. */
export type WorkerCall = {
  readonly contract: Digest;
  readonly input: string;
  readonly entitlement: Entitlement;
};

export type WorkerRequest = { readonly kind: "call"; readonly call: WorkerCall } | { readonly kind: "close" };

/** Operations that do not fit together; it ends the run as an error of the port. */
export type DependencyFault = RunnerErrorDetails["runner.dependency-invalid"];

export type WorkerReply =
  | { readonly kind: "ready" }
  | { readonly kind: "broken"; readonly reason: string }
  | { readonly kind: "unknown-operation" }
  | { readonly kind: "dependency-invalid"; readonly fault: DependencyFault }
  | { readonly kind: "ended"; readonly execution: Execution };
