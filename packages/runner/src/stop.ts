/**
 * The STOP record of a run that stands still, as the event that keeps it.
 *
 * @module
 */
import { canonicalBytes, digestBytes, type JsonValue, type StopRecord } from "@canonic/contracts";
import type { Run } from "./run.ts";
import type { Stop } from "./run-ports.ts";
import { type RunState, stopCodeOf } from "./state.ts";
import type { Made } from "./task-event.ts";

/** The stop at the task that failed first. */
export function taskStopOf({ failure, shape }: RunState): Stop {
  if (failure === null) throw new Error("assertion failed: a run stops at a task that failed");
  const task = shape.ids[failure.position] ?? null;
  return { code: stopCodeOf(failure), task, gate: null, reasons: failure.reasons.slice(0, 20) };
}

/** RUN_STOPPED with its record. */
export function stopOf(run: Pick<Run, "id">, state: RunState, { code, task, gate, reasons }: Stop): Made {
  const { plan, completed } = state;
  if (plan === null) throw new Error("assertion failed: a run that stops has a plan");
  const record: StopRecord = {
    schema: "canonic/stop/v1",
    run: run.id,
    plan,
    code,
    task,
    gate,
    completed,
    reasons: [...reasons],
  };
  const bytes = canonicalBytes(record as JsonValue);
  const digest = digestBytes(bytes);
  return {
    event: { type: "RUN_STOPPED", subject: run.id, data: { code, task, gate, record: digest } },
    payloads: [{ digest, bytes }],
  };
}
