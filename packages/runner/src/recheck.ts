/**
 * Drift checks: an earlier task executed once more right before one that relies on it, and held against its own output.
 *
 * Invariants:
 *   X1. A recheck is no execution of the run: nothing of it is journaled but the digest of what it gave.
 *   X2. Only the journaled bytes pass: another output is drift, and so is a recheck that gives none.
 *
 * @module
 */
import { type Digest, digestBytes, type EventDraft, type Reason, type Task } from "@canonic/contracts";
import { callAgain } from "./call.ts";
import type { Execution } from "./ports.ts";
import type { Run } from "./run.ts";

/**
 * DRIFT_CHECK of one recheck.
 *
 * @param endOf - Waits until the task at a position has ended; what else ends meanwhile is kept for later.
 */
export async function driftCheck(
  run: Run,
  command: { readonly position: number; readonly of: number },
  endOf: (position: number) => Promise<Execution>,
): Promise<EventDraft> {
  const [task, rechecked] = [run.plan.tasks[command.position], run.plan.tasks[command.of]] as [Task, Task];
  const digestOf = (output: string): Digest => digestBytes(run.salted.textOf(rechecked, output));
  const expected = digestOf(run.outputs[command.of] as string);
  const call = callAgain(run, rechecked);
  if (call !== null) run.host.start(call, null);
  const execution = call === null ? null : await endOf(command.of);
  const found = execution?.kind === "completed" ? digestOf(execution.output) : null;
  const reasons = reasonsOf(rechecked, expected, found);
  const decision = reasons.length === 0 ? "allow" : "refuse";
  return {
    type: "DRIFT_CHECK",
    subject: task.id,
    data: { of: rechecked.id, expected, found, decision, reasons },
  };
}

function reasonsOf({ id }: Task, expected: Digest, found: Digest | null): Reason[] {
  if (found === expected) return [];
  return found === null
    ? [{ code: "runner.drift-unknown", place: id, message: "the task could not be executed once more" }]
    : [{ code: "runner.drift", place: id, message: "the task gives another output than the one on record" }];
}
