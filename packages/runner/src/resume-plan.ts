/**
 * Goes on with a run from wherever a crash left it.
 *
 * Invariants:
 *   N1. A resumed run gives the bytes that an uninterrupted one gives: outputs that were journaled are read back, the rest is
 *       executed, and no completed task runs again.
 *   N2. A write whose outcome is unknown is entered again only when its contract says that it is idempotent, with the
 *       same key; otherwise the run stops by code and stays as it is.
 *   N3. A sealed run is not touched: resuming it gives back its result.
 *
 * @module
 */
import type { EventDraft, Plan, RunEvent, RunId, Task } from "@canonic/contracts";
import { composeRun, resultOf } from "./compose-run.ts";
import { createContractBook } from "./contract-book.ts";
import { drive } from "./drive.ts";
import { RunnerError } from "./errors.ts";
import { readRun, readText } from "./frozen-run.ts";
import type { Authority } from "./ports.ts";
import type { RunPorts, RunResult } from "./run-ports.ts";
import { shapeOf } from "./shape.ts";
import { indeterminatePositions, newRun, type RunState } from "./state.ts";
import { valueAt } from "./table.ts";
import { applyEvent } from "./transition.ts";

/**
 * Goes on with a run that did not reach its seal; for a sealed one, gives back its result and appends nothing.
 *
 * @throws {RunnerError} `runner.run-unknown`, `runner.write-indeterminate`, `runner.grant-differs`,
 *   `runner.journal-unexpected`, `runner.payload-missing`; the journal's own error, unchanged.
 */
export async function resumePlan(request: RunPorts & { readonly run: RunId }): Promise<RunResult> {
  const journaled = await readRun(request.journal, request.run);
  const { plan, events } = journaled;
  let state = newRun(shapeOf(plan, request.jobs));
  for (const event of events) state = applyEvent(state, event);

  const outputs: (string | undefined)[] = new Array(plan.tasks.length).fill(undefined);
  for (const task of plan.tasks) {
    const known = valueAt(state.tasks, task.position);
    if (known?.output) outputs[task.position] = await readText(request.journal, request.run, known.output);
  }
  const run = composeRun(request, journaled, request.contracts ?? createContractBook(), outputs);
  if (state.phase === "sealed") return resultOf(run, state);

  checkGrant(request.authority, plan, events);
  const inDoubt = indeterminatePositions(state);
  checkWrites(request, plan, state, inDoubt);
  for (const task of plan.tasks) {
    const stage = valueAt(state.tasks, task.position)?.stage;
    if (stage !== "completed" && stage !== "aborted") continue;
    request.authority.reserve(task);
    request.authority.commit(task);
  }
  const event: EventDraft = {
    type: "RUN_RESUMED",
    subject: request.run,
    data: {
      completed: state.completed,
      indeterminate: inDoubt.map((position) => (plan.tasks[position] as Task).id),
      attempt: state.resumes + 2,
    },
  };
  return resultOf(run, await drive(run, state, event));
}

/** What was allowed under one grant is not continued under another. */
function checkGrant(authority: Authority, plan: Plan, events: readonly RunEvent[]): void {
  const journaled = events.find((event) => event.type === "TOKEN_VALIDATION")?.data.grant;
  const found = authority.validate(plan).grant;
  if (journaled === undefined || journaled === found) return;
  throw new RunnerError("runner.grant-differs", "the run began under another grant", { journaled, found });
}

function checkWrites(
  request: RunPorts & { readonly run: RunId },
  plan: Plan,
  state: RunState,
  inDoubt: readonly number[],
): void {
  const stuck = inDoubt.filter((position) => {
    if (valueAt(state.tasks, position)?.effect !== "write") return false;
    const route = request.router.route(plan.tasks[position] as Task);
    return route.kind === "refuse" || !route.contract.idempotent;
  });
  if (stuck.length === 0) return;
  const tasks = stuck.map((position) => (plan.tasks[position] as Task).id);
  const message = `${tasks.length} write(s) of run \`${request.run}\` have an unknown outcome and must not be repeated`;
  throw new RunnerError("runner.write-indeterminate", message, { run: request.run, tasks });
}
