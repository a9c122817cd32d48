/**
 * How a run stands, from its events alone: sealed, waiting at a gate, stopped, or left by a crash.
 *
 * @module
 */
import type { Digest, EventData, RunEvent } from "@canonic/contracts";
import type { StoredRun } from "./pack.ts";

export type Standing = {
  readonly status: StoredRun["status"];
  /** The gate whose question nobody has answered yet. */
  readonly gate: EventData<"APPROVAL_REQUESTED"> | null;
  /** The last stop, while nothing has gone on since. */
  readonly stop: EventData<"RUN_STOPPED"> | null;
};

/** Reads a run's standing. */
export function standingOf(events: readonly RunEvent[]): Standing {
  let gate: Standing["gate"] = null;
  let stop: Standing["stop"] = null;
  for (const event of events) {
    if (event.type === "APPROVAL_REQUESTED") gate = event.data;
    else if (event.type === "APPROVAL_RECORDED") gate = null;
    else if (event.type === "RUN_STOPPED") stop = event.data;
    else if (event.type === "RUN_RESUMED") stop = null;
    else if (event.type === "RUN_SEALED") return { status: event.data.status, gate: null, stop: null };
  }
  if (stop !== null) return { status: "stopped", gate, stop };
  return { status: gate === null ? "unsealed" : "waiting", gate, stop };
}

/** The output digest of each task that has completed, by task id. */
export function completedOf(events: readonly RunEvent[]): ReadonlyMap<string, Digest> {
  return new Map(
    events.flatMap((event) =>
      event.type === "EXECUTION_COMPLETED" ? [[event.subject, event.data.output] as const] : [],
    ),
  );
}

/** The standing in a word or two, as a column of a list. */
export function standingText({ status, gate, stop }: Standing): string {
  if (status === "waiting" && gate !== null) return `waiting ${gate.gate}`;
  return status === "stopped" && stop !== null ? `stopped ${stop.code}` : status;
}
