/**
 * What the sandbox and its parent say to each other: JSON lines over one socket.
 *
 * Parent: an opening, and when a call is there, the call. Child: `ready`, then `loaded`, `given`, `quiet`, or one of the
 * ends. Every line of the child carries the secret of its opening.
 *
 * Invariants:
 *   P1. A line without the secret, of another shape, or out of order was not written by our code: whoever wrote it reached
 *       the channel, which is a violation.
 *   P2. Nothing of a line is believed that the parent can check: digests, names, sizes, canonical form.
 *
 * @module
 */
import { BoundaryCategory, type Digest, Digest as DigestShape } from "@canonic/contracts";
import type { AbortCode, BoundaryViolation, Execution } from "./ports.ts";
import type { DependencyFault, WorkerCall } from "./worker-messages.ts";

/** `roots` are URLs of the folders that may be read. */
export type SandboxOpening = {
  readonly secret: string;
  readonly modules: readonly string[];
  readonly roots: readonly string[];
};
export type SandboxCall = WorkerCall;

export type SandboxReply =
  | { readonly kind: "ready" }
  | { readonly kind: "unfit"; readonly lacking: string }
  | { readonly kind: "loaded" }
  | { readonly kind: "given"; readonly execution: Execution }
  | { readonly kind: "quiet" }
  | { readonly kind: "failed"; readonly failure: Digest }
  | { readonly kind: "violation"; readonly violation: BoundaryViolation }
  | { readonly kind: "unknown-operation" }
  | { readonly kind: "dependency-invalid"; readonly fault: DependencyFault };

/** Abort codes that a child can find out about itself. */
const OWN_CODES: readonly AbortCode[] = [
  "runner.timeout",
  "runner.output-too-large",
  "runner.output-invalid",
  "runner.operation-failed",
  "runner.tokens-exceeded",
];

/** The reply that a line holds, or null when our code did not write it. */
export function parseReply(line: string, secret: string): SandboxReply | null {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return null;
  }
  if (!isRecord(value) || value["secret"] !== secret) return null;
  switch (value["kind"]) {
    case "ready":
    case "loaded":
    case "quiet":
    case "unknown-operation":
      return { kind: value["kind"] };
    case "unfit":
      return typeof value["lacking"] === "string" ? { kind: "unfit", lacking: value["lacking"].slice(0, 128) } : null;
    case "failed":
      return isDigest(value["failure"]) ? { kind: "failed", failure: value["failure"] } : null;
    case "violation": {
      const violation = violationOf(value["violation"]);
      return violation === null ? null : { kind: "violation", violation };
    }
    case "dependency-invalid": {
      const fault = faultOf(value["fault"]);
      return fault === null ? null : { kind: "dependency-invalid", fault };
    }
    case "given": {
      const execution = executionOf(value["execution"]);
      return execution === null ? null : { kind: "given", execution };
    }
    default:
      return null;
  }
}

function violationOf(value: unknown): BoundaryViolation | null {
  if (!isRecord(value)) return null;
  const category = BoundaryCategory.safeParse(value["category"]);
  const { attempted } = value;
  if (!category.success || typeof attempted !== "string" || !/^[\w@$.:/ -]{1,128}$/.test(attempted)) return null;
  return { category: category.data, attempted };
}

function faultOf(value: unknown): DependencyFault | null {
  if (!isRecord(value)) return null;
  const { operation, dependency, reason } = value;
  if (typeof operation !== "string" || typeof dependency !== "string" || typeof reason !== "string") return null;
  return { operation, dependency, reason };
}

function executionOf(value: unknown): Execution | null {
  if (!isRecord(value)) return null;
  const { kind, output, tokens, operationMs, code, failure, mode } = value;
  if (typeof operationMs !== "number" || operationMs < 0) return null;
  if (kind === "completed") {
    if (typeof output !== "string" || !Number.isSafeInteger(tokens) || (tokens as number) < 0) return null;
    return { kind, output, tokens: tokens as number, operationMs };
  }
  const own = OWN_CODES.find((one) => one === code);
  if (kind !== "aborted" || own === undefined || !(failure === null || isDigest(failure))) return null;
  return { kind, code: own, failure, ...(typeof mode === "string" ? { mode } : {}), operationMs };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}

function isDigest(value: unknown): value is Digest {
  return DigestShape.safeParse(value).success;
}
