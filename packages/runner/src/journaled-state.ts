/**
 * A run as it stands in the journal: its state, folded again, and the outputs that it has.
 *
 * @module
 */
import type { RunId } from "@canonic/contracts";
import { RunnerError } from "./errors.ts";
import { type JournaledRun, readRun, readText } from "./frozen-run.ts";
import type { RunJournal } from "./ports.ts";
import { outputTextOf } from "./salted-values.ts";
import { shapeOf } from "./shape.ts";
import { contractsOf } from "./snapshot-contracts.ts";
import { newRun, type RunState } from "./state.ts";
import { valueAt } from "./table.ts";
import { applyEvent } from "./transition.ts";

/** Outputs are canonical JSON text by position, undefined where there is none; `texts` is what is journaled of each. */
export type JournaledState = {
  readonly journaled: JournaledRun;
  readonly state: RunState;
  readonly outputs: (string | undefined)[];
  readonly texts: readonly (string | undefined)[];
};

/**
 * Reads a run and folds its events.
 *
 * @throws {RunnerError} `runner.run-unknown`, `runner.payload-missing`, `runner.journal-unexpected`.
 */
export async function readState(journal: RunJournal, run: RunId, jobs: number): Promise<JournaledState> {
  const journaled = await readRun(journal, run);
  const { plan, events, snapshot } = journaled;
  const contractOf = contractsOf(snapshot);
  let state = newRun(shapeOf(plan, jobs));
  for (const event of events) state = applyEvent(state, event);
  const outputs: (string | undefined)[] = new Array(plan.tasks.length).fill(undefined);
  const texts: (string | undefined)[] = [...outputs];
  for (const task of plan.tasks) {
    const digest = valueAt(state.tasks, task.position)?.output;
    if (!digest) continue;
    const text = await readText(journal, run, digest);
    const output = outputTextOf(contractOf(task), text);
    if (output === undefined) {
      const message = `output \`${digest}\` of run \`${run}\` is personal, and no salted payload`;
      throw new RunnerError("runner.payload-missing", message, { run, digest });
    }
    texts[task.position] = text;
    outputs[task.position] = output;
  }
  return { journaled, state, outputs, texts };
}
