/**
 * One call of an operation's function, as an execution.
 *
 * Invariants:
 *   X1. An output is canonical JSON text within the contract's size, or there is none.
 *   X2. What an operation throws is digested, never repeated: the text could hold anything. Only an error's `code` gets
 *       out, and only when it is the code of a failure mode that the contract states.
 *   X3. An operation that keeps the thread past its time is refused afterwards; one that waits past it is abandoned on
 *       time, told so by its signal, and what it gives later is dropped.
 *   X4. An operation that reports more tokens than its contract allows has no output, whatever it gives; one that is still
 *       at work then is abandoned as one past its time is.
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
import { contextWithin } from "./dependencies.ts";
import type { AbortCode, Entitlement, Execution } from "./ports.ts";
import { createTokenMeter } from "./token-meter.ts";

/** Taken when this module loads: a sandbox has no timers any more when an operation is run. */
const startTimer = setTimeout;
const stopTimer = clearTimeout;

/**
 * Runs an operation once; `monotonicMs` measures it, `known` are those that its dependencies are found among.
 *
 * @throws {RunnerError} `runner.dependency-invalid`: the operations do not fit together, which is no failure of the task.
 */
export function attempt(
  operation: Operation,
  input: JsonObject,
  entitlement: Entitlement,
  monotonicMs: () => number,
  known: readonly Operation[],
): Promise<Execution> | Execution {
  const { contract } = operation;
  const { timeoutMs, outputBytesMax } = contract.termination;
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
  let giveUp = (): void => {};
  const meter = createTokenMeter(contract.tokensMax ?? 0, () => giveUp());
  const failed = (error: unknown): Execution =>
    meter.isExceeded() ? abort("runner.tokens-exceeded", null) : abort("runner.operation-failed", { error });
  const complete = (value: JsonValue): Execution => {
    const operationMs = elapsedMs();
    if (meter.isExceeded()) return abort("runner.tokens-exceeded", null);
    if (operationMs > timeoutMs) return abort("runner.timeout", null);
    const output = toText(value);
    if (output === null) return abort("runner.output-invalid", null);
    if (Buffer.byteLength(output) > outputBytesMax) return abort("runner.output-too-large", null);
    return { kind: "completed", output, tokens: meter.spent(), operationMs };
  };
  const signalOf = (): AbortSignal => {
    controller ??= new AbortController();
    return controller.signal;
  };

  const context = contextWithin({ known, entitlement, signal: signalOf, meter }, contract, []);
  let result: JsonValue | Promise<JsonValue>;
  try {
    result = operation.run(input, context);
    if (!isThenable(result)) return complete(result);
  } catch (error) {
    return failed(error);
  }
  const pending = Promise.resolve(result).then(complete, failed);
  return new Promise((resolve) => {
    const abandon = (code: AbortCode): void => {
      stopTimer(timer);
      controller?.abort();
      resolve(abort(code, null));
    };
    const timer = startTimer(() => abandon("runner.timeout"), timeoutMs);
    giveUp = () => abandon("runner.tokens-exceeded");
    if (meter.isExceeded()) giveUp();
    void pending.then((execution) => {
      stopTimer(timer);
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
