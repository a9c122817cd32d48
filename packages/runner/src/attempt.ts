/**
 * One call of an operation's function, as an execution.
 *
 * Invariants:
 *   X1. An output is canonical JSON text within the contract's size, or there is none.
 *   X2. What an operation throws is digested, never repeated: the text could hold anything. Only an error's `code` gets
 *       out, and only when it is the code of a failure mode that the contract states.
 *   X3. An operation that keeps the thread past its time is refused afterwards; one that waits past it is abandoned on
 *       time, told so by its signal, and what it gives later is dropped.
 *
 * @module
 */
import {
  canonicalJson,
  type Digest,
  digestBytes,
  type JsonObject,
  type JsonValue,
  type Operation,
} from "@canonic/contracts";
import { contextOf } from "./context.ts";
import type { AbortCode, Entitlement, Execution } from "./ports.ts";

/** Runs an operation once; `monotonicMs` measures it. */
export function attempt(
  operation: Operation,
  input: JsonObject,
  entitlement: Entitlement,
  monotonicMs: () => number,
): Promise<Execution> | Execution {
  const { timeoutMs, outputBytesMax } = operation.contract.termination;
  const startedMs = monotonicMs();
  const elapsedMs = (): number => monotonicMs() - startedMs;
  let controller: AbortController | null = null;
  const abort = (code: AbortCode, thrown: { readonly error: unknown } | null): Execution => ({
    kind: "aborted",
    code,
    failure: thrown === null ? null : failureOf(thrown.error),
    ...modeOf(operation, thrown?.error),
    operationMs: elapsedMs(),
  });
  const complete = (value: JsonValue): Execution => {
    const operationMs = elapsedMs();
    if (operationMs > timeoutMs) return abort("runner.timeout", null);
    const output = toText(value);
    if (output === null) return abort("runner.output-invalid", null);
    if (Buffer.byteLength(output) > outputBytesMax) return abort("runner.output-too-large", null);
    return { kind: "completed", output, operationMs };
  };
  const signalOf = (): AbortSignal => {
    controller ??= new AbortController();
    return controller.signal;
  };

  let result: JsonValue | Promise<JsonValue>;
  try {
    result = operation.run(input, contextOf(entitlement, signalOf));
    if (!isThenable(result)) return complete(result);
  } catch (error) {
    return abort("runner.operation-failed", { error });
  }
  const pending = Promise.resolve(result).then(complete, (error: unknown) =>
    abort("runner.operation-failed", { error }),
  );
  return new Promise((resolve) => {
    const timer = setTimeout(() => {
      controller?.abort();
      resolve(abort("runner.timeout", null));
    }, timeoutMs);
    void pending.then((execution) => {
      clearTimeout(timer);
      resolve(execution);
    });
  });
}

/** The stated failure mode that an error names by its `code`. */
function modeOf({ contract }: Operation, error: unknown): { readonly mode?: string } {
  const code = typeof error === "object" && error !== null && "code" in error ? error.code : undefined;
  const mode = contract.failureModes.find((stated) => stated.code === code);
  return mode === undefined ? {} : { mode: mode.code };
}

/** The digest of what was thrown: enough to see that two failures are one, too little to carry a secret. */
export function failureOf(error: unknown): Digest {
  try {
    return digestBytes(error instanceof Error ? `${error.name}: ${error.message}` : String(error));
  } catch {
    return digestBytes("");
  }
}

function toText(value: JsonValue): string | null {
  try {
    return canonicalJson(value);
  } catch {
    return null;
  }
}

function isThenable(value: unknown): value is Promise<JsonValue> {
  return typeof value === "object" && value !== null && typeof (value as { then?: unknown }).then === "function";
}
