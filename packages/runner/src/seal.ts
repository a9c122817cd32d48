/**
 * The seal: what a run comes to, in one event.
 *
 * @module
 */
import { type Digest, digestBytes, type EventDraft, type RunId, type RunStatus } from "@canonic/contracts";
import { countsOf, type RunState } from "./state.ts";

/** The digest of outputs.jsonl: every output's canonical text and a newline, by position. */
function outputsDigestOf(outputs: readonly string[]): Digest {
  return digestBytes(outputs.map((output) => `${output}\n`).join(""));
}

/** RUN_SEALED after everything in `state`; `head` is the leaf of the event before it. */
export function sealOf(
  run: { readonly id: RunId; readonly outputs: readonly (string | undefined)[] },
  state: RunState,
  status: RunStatus,
  head: Digest,
): EventDraft {
  const hasOutputs = status === "completed" || status === "violated";
  const counts = { ...countsOf(state), RUN_SEALED: 1 };
  return {
    type: "RUN_SEALED",
    subject: run.id,
    data: {
      status,
      events: state.events + 1,
      counts,
      head,
      outputs: hasOutputs ? outputsDigestOf(run.outputs as string[]) : null,
      outputsCount: hasOutputs ? run.outputs.length : 0,
    },
  };
}
