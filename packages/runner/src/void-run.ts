/**
 * Ends a run that nobody will go on with: a person's word, with a reason.
 *
 * Invariants:
 *   V1. What has completed stays on record; nothing is executed, skipped by name or undone.
 *   V2. RUN_VOIDED and its seal are one commit; should only the first be there, the next call or resume adds the seal.
 *
 * @module
 */
import { canonicalBytes, type Digest, digestBytes, type JsonValue, Principal, type RunId } from "@canonic/contracts";
import { resultOf } from "./compose-run.ts";
import { RunnerError } from "./errors.ts";
import { type JournaledState, readState } from "./journaled-state.ts";
import type { RunJournal } from "./ports.ts";
import type { RunResult } from "./run-ports.ts";
import { sealOf } from "./seal.ts";
import { applyEvent } from "./transition.ts";

const REASON_MAX = 2048;

/**
 * Voids an unsealed run.
 *
 * @param request.reason - Why, 1 to 2048 characters; `by` is whose word it is.
 * @returns The result: sealed as `voided`, without outputs.
 * @throws {RunnerError} `runner.void-invalid`, `runner.run-sealed`, `runner.run-unknown`, `runner.payload-missing`,
 *   `runner.journal-unexpected`; the journal's own error, unchanged.
 */
export async function voidRun(request: {
  readonly journal: RunJournal;
  readonly run: RunId;
  readonly reason: string;
  readonly by: string;
}): Promise<RunResult> {
  const { journal, run, reason, by } = request;
  assertWord(reason, by);
  const found = await readState(journal, run, 1);
  const { state } = found;
  if (state.seal !== null) {
    const { status } = state.seal;
    throw new RunnerError("runner.run-sealed", `run \`${run}\` is sealed as ${status}`, { run, status });
  }
  if (state.phase === "voided") return sealVoided(journal, found);
  const event = { type: "RUN_VOIDED", subject: run, data: { reason, by } } as const;
  const { leaf } = journal.append(run, event);
  return sealVoided(journal, { ...found, state: applyEvent(state, event) }, leaf);
}

/** Seals a run whose last event is RUN_VOIDED; `head` is the leaf of that, read from the journal when it is not given. */
export async function sealVoided(
  journal: RunJournal,
  { journaled, state, outputs }: JournaledState,
  head: Digest = lastLeafOf(journaled.events),
): Promise<RunResult> {
  const { run, plan } = journaled;
  const event = sealOf(run, state, "voided", head, () => []);
  journal.append(run, event);
  await journal.durable();
  return resultOf({ run, plan, outputs }, { state: applyEvent(state, event), waiting: null, stop: null });
}

/** A leaf is the RFC 6962 hash of an event's canonical bytes. */
function lastLeafOf(events: JournaledState["journaled"]["events"]): Digest {
  return digestBytes(Buffer.concat([Buffer.of(0), canonicalBytes(events.at(-1) as JsonValue)]));
}

function assertWord(reason: string, by: string): void {
  const issues = [
    ...(reason.length > 0 && reason.length <= REASON_MAX
      ? []
      : [{ pointer: "/reason", expected: `1 to ${REASON_MAX} characters` }]),
    ...(Principal.safeParse(by).success ? [] : [{ pointer: "/by", expected: "the name of a person" }]),
  ];
  const [first] = issues;
  if (first === undefined) return;
  throw new RunnerError("runner.void-invalid", `cannot void: ${first.pointer} ${first.expected}`, { issues });
}
