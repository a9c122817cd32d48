/**
 * What the parent makes of a result that a sandbox gives: everything that it can find out itself, it does.
 *
 * @module
 */
import { type OperationContract, parseCanonicalJson } from "@canonic/contracts";
import type { AbortCode, Execution } from "./ports.ts";

/** The execution as it may be believed: canonical, within size and tokens, a stated failure mode, no more time than there was. */
export function checkedExecution(contract: OperationContract, execution: Execution): Execution {
  const { timeoutMs, outputBytesMax } = contract.termination;
  const operationMs = Math.min(execution.operationMs, timeoutMs);
  const abort = (code: AbortCode): Execution => ({ kind: "aborted", code, failure: null, operationMs });
  if (execution.kind === "aborted") {
    const { code, failure } = execution;
    const stated = contract.failureModes.find((mode) => mode.code === execution.mode);
    return { kind: "aborted", code, failure, ...(stated === undefined ? {} : { mode: stated.code }), operationMs };
  }
  const { output, tokens } = execution;
  if (Buffer.byteLength(output) > outputBytesMax) return abort("runner.output-too-large");
  if (tokens > (contract.tokensMax ?? 0)) return abort("runner.tokens-exceeded");
  try {
    parseCanonicalJson(output);
  } catch {
    return abort("runner.output-invalid");
  }
  return { kind: "completed", output, tokens, operationMs };
}
