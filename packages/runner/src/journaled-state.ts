/**
 * A run as it stands in the journal: its state, folded again, and the outputs that it has.
 *
 * @module
 */
import type { RunId } from "@canonic/contracts";
import { type JournaledRun, readRun, readText } from "./frozen-run.ts";
import type { RunJournal } from "./ports.ts";
import { shapeOf } from "./shape.ts";
import { newRun, type RunState } from "./state.ts";
import { valueAt } from "./table.ts";
import { applyEvent } from "./transition.ts";

/** Outputs are canonical JSON text by position, undefined where there is none. */
export type JournaledState = {
  readonly journaled: JournaledRun;
  readonly state: RunState;
  readonly outputs: (string | undefined)[];
};

/**
 * Reads a run and folds its events.
 *
 * @throws {RunnerError} `runner.run-unknown`, `runner.payload-missing`, `runner.journal-unexpected`.
 */
export async function readState(journal: RunJournal, run: RunId, jobs: number): Promise<JournaledState> {
  const journaled = await readRun(journal, run);
  const { plan, events } = journaled;
  let state = newRun(shapeOf(plan, jobs));
  for (const event of events) state = applyEvent(state, event);
  const outputs: (string | undefined)[] = new Array(plan.tasks.length).fill(undefined);
  for (const { position } of plan.tasks) {
    const output = valueAt(state.tasks, position)?.output;
    if (output) outputs[position] = await readText(journal, run, output);
  }
  return { journaled, state, outputs };
}
