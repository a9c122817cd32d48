/**
 * What the pool and its workers say to each other.
 *
 * @module
 */
import type { Digest } from "@canonic/contracts";
import type { Entitlement, Execution } from "./ports.ts";

/** `input` is JSON text: a copy by construction. */
export type WorkerCall = {
  readonly contract: Digest;
  readonly input: string;
  readonly entitlement: Entitlement;
};

export type WorkerReply =
  | { readonly kind: "ready" }
  | { readonly kind: "broken"; readonly reason: string }
  | { readonly kind: "unknown-operation" }
  | { readonly kind: "ended"; readonly execution: Execution };
