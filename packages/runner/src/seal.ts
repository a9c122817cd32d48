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

/** RUN_SEALED after everything in `state`; `head` is the leaf of the event before it, `texts` gives what is journaled of each output. */
export function sealOf(
  run: RunId,
  state: RunState,
  status: RunStatus,
  head: Digest,
  texts: () => readonly string[],
): EventDraft {
  const outputs = status === "completed" || status === "violated" ? texts() : null;
  const counts = { ...countsOf(state), RUN_SEALED: 1 };
  return {
    type: "RUN_SEALED",
    subject: run,
    data: {
      status,
      events: state.events + 1,
      counts,
      head,
      outputs: outputs === null ? null : outputsDigestOf(outputs),
      outputsCount: outputs?.length ?? 0,
    },
  };
}
