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
    if (violation === undefined) return aborted(code, failure, modeReasons(contract, mode));
    return aborted("runner.boundary-violation", failure, [], [violationOf(task, violation)]);
  }
  const { output, tokens } = execution;
  const bytes = Buffer.from(output, "utf8");
  if (bytes.length > contract.termination.outputBytesMax) return aborted("runner.output-too-large", null, []);
  if (!Number.isSafeInteger(tokens) || tokens < 0 || tokens > tokensMax)
    return aborted("runner.tokens-exceeded", null, []);
  const faults = run.book.checkOutput(contract, output);
  if (faults.length > 0) return aborted("runner.output-invalid", null, faults);
  const secrets = run.plan.kind === "bound" ? secretReasons(output) : [];
  if (secrets.length > 0) return aborted("runner.pin-secret", null, secrets);
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
