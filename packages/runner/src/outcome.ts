/**
 * Outcomes: an ended execution as the event that records it.
 *
 * Invariants:
 *   O1. Completed is what the contract says it is: size, canonical form and schema are checked here, whatever the
 *       operations port has checked; so are the tokens that it reports.
 *   O2. No output of a bound plan has a key that is named like a secret: it could be pinned.
 *
 * @module
 */
import {
  cutText,
  type Digest,
  digestBytes,
  type EventDraft,
  isContractsError,
  type JsonValue,
  type OperationContract,
  type Payload,
  type Reason,
  secretShapedKeys,
  type Task,
} from "@canonic/contracts";
import type { BoundaryViolation, Execution } from "./ports.ts";
import { keptReasons, reasonOf } from "./reasons.ts";
import type { Run } from "./run.ts";
import { FAILURE_MODE } from "./state.ts";

/** As `outputs.jsonl` of a bundle takes them; only an envelope can be longer than its contract's output. */
const OUTPUT_LINE_BYTES_MAX = 64 * 1024 * 1024;

/** What one execution comes to: its events, and the tokens that it spent. */
export type Outcome = {
  readonly events: readonly EventDraft[];
  readonly payloads: readonly Payload[];
  readonly tokens: number;
};

/** EXECUTION_COMPLETED with its payload, or OPERATION_ABORTED; a completed output is also put at its position. */
export function outcomeOf(run: Run, task: Task, contract: OperationContract, execution: Execution): Outcome {
  const tokensMax = contract.tokensMax ?? 0;
  const aborted = (code: string, failure: Digest | null, reasons: readonly Reason[], before: EventDraft[] = []) => ({
    events: [
      ...before,
      { type: "OPERATION_ABORTED" as const, subject: task.id, data: { code, failure, reasons: [...reasons] } },
    ],
    payloads: [],
    tokens: tokensMax,
  });
  if (execution.kind === "aborted") {
    const { code, failure, mode, violation } = execution;
    const thrown = run.salted.failureOf(task, failure);
    if (violation === undefined) return aborted(code, thrown, modeReasons(contract, mode));
    return aborted("runner.boundary-violation", thrown, [], [violationOf(task, violation)]);
  }
  const { output, tokens } = execution;
  if (Buffer.byteLength(output, "utf8") > contract.termination.outputBytesMax)
    return aborted("runner.output-too-large", null, []);
  if (!Number.isSafeInteger(tokens) || tokens < 0 || tokens > tokensMax)
    return aborted("runner.tokens-exceeded", null, []);
  const faults = run.book.checkOutput(contract, output);
  if (faults.length > 0) return aborted("runner.output-invalid", null, faults);
  const secrets = run.plan.kind === "bound" ? secretReasons(output) : [];
  if (secrets.length > 0) return aborted("runner.pin-secret", null, secrets);
  const bytes = journaledBytes(run, task, output);
  if (bytes === undefined) return aborted("runner.output-too-large", null, []);
  run.outputs[task.position] = output;
  const digest = digestBytes(bytes);
  return {
    events: [
      {
        type: "EXECUTION_COMPLETED",
        subject: task.id,
        data: { output: digest, sizeBytes: bytes.length, tokens, contract: "satisfied" },
      },
    ],
    payloads: [{ digest, bytes }],
    tokens,
  };
}

/** Undefined for an output that no envelope has room for: nested too deep, or longer than a line of a bundle may be. */
function journaledBytes({ salted }: Run, task: Task, output: string): Uint8Array | undefined {
  try {
    const bytes = Buffer.from(salted.textOf(task, output), "utf8");
    return bytes.length > OUTPUT_LINE_BYTES_MAX ? undefined : bytes;
  } catch (error) {
    if (isContractsError(error) && error.code === "contracts.not-json") return undefined;
    throw error;
  }
}

function violationOf(task: Task, { category, attempted }: BoundaryViolation): EventDraft {
  return { type: "BOUNDARY_VIOLATION", subject: task.id, data: { category, attempted: cutText(attempted, 128) } };
}

/** The failure mode in the contract's own words; one that the contract does not state is left out. */
function modeReasons(contract: OperationContract, mode: string | undefined): Reason[] {
  const stated = contract.failureModes.find(({ code }) => code === mode);
  if (stated === undefined) return [];
  return [reasonOf(FAILURE_MODE, stated.code, stated.when)];
}

/** Where the keys stand, never their values. */
function secretReasons(output: string): Reason[] {
  const message = "a key that is named like a secret, which must not be pinned";
  const pointers = secretShapedKeys(JSON.parse(output) as JsonValue);
  return keptReasons(pointers.map((pointer) => reasonOf("runner.pin-secret", pointer, message)));
}
