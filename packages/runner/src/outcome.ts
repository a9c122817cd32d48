/**
 * Outcomes: an ended execution as the event that records it.
 *
 * Invariants:
 *   O1. Completed is what the contract says it is: size, canonical form and schema are checked here, whatever the
 *       operations port has checked.
 *
 * @module
 */
import {
  type Digest,
  digestBytes,
  type EventDraft,
  type OperationContract,
  type Payload,
  type Reason,
  type Task,
} from "@canonic/contracts";
import type { Execution } from "./ports.ts";
import type { Run } from "./run.ts";

/** EXECUTION_COMPLETED with its payload, or OPERATION_ABORTED; a completed output is also put at its position. */
export function outcomeOf(
  run: Run,
  task: Task,
  contract: OperationContract,
  execution: Execution,
): { event: EventDraft; payloads: readonly Payload[] } {
  const aborted = (code: string, failure: Digest | null, reasons: readonly Reason[]) => ({
    event: { type: "OPERATION_ABORTED" as const, subject: task.id, data: { code, failure, reasons: [...reasons] } },
    payloads: [],
  });
  if (execution.kind === "aborted")
    return aborted(execution.code, execution.failure, modeReasons(contract, execution.mode));
  const bytes = Buffer.from(execution.output, "utf8");
  if (bytes.length > contract.termination.outputBytesMax) return aborted("runner.output-too-large", null, []);
  const faults = run.book.checkOutput(contract, execution.output);
  if (faults.length > 0) return aborted("runner.output-invalid", null, faults);
  run.outputs[task.position] = execution.output;
  const digest = digestBytes(bytes);
  return {
    event: {
      type: "EXECUTION_COMPLETED",
      subject: task.id,
      data: { output: digest, sizeBytes: bytes.length, contract: "satisfied" },
    },
    payloads: [{ digest, bytes }],
  };
}

/** The failure mode in the contract's own words; one that the contract does not state is left out. */
function modeReasons(contract: OperationContract, mode: string | undefined): Reason[] {
  const stated = contract.failureModes.find(({ code }) => code === mode);
  if (stated === undefined) return [];
  return [{ code: "runner.failure-mode", place: stated.code.slice(0, 512), message: stated.when.slice(0, 2048) }];
}
