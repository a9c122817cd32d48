/**
 * Goes on with a run from wherever a crash, a stop or a gate left it.
 *
 * Invariants:
 *   N1. A resumed run gives the bytes that an uninterrupted one gives: outputs that were journaled are read back, the rest is
 *       executed, and no completed task runs again.
 *   N2. A write whose outcome is unknown is entered again only when its contract says that it is idempotent, with the
 *       same key; otherwise the run stays as it is, and the refusal has a code. Unknown is an intent without an outcome, and an
 *       abort that names no failure mode of the contract and does not say that the call was withheld.
 *   N3. A sealed run is not touched: resuming it gives back its result.
 *   N4. A run that waits for a person, and for whom nobody has an answer, is not touched either.
 *   N5. Nothing of an earlier session permits anything in this one: the token is validated again, and a fence on record is
 *       never used again.
 *
 * @module
 */
import type { RunId, Task } from "@canonic/contracts";
import { composeRun, resultOf } from "./compose-run.ts";
import { drive } from "./drive.ts";
import { RunnerError } from "./errors.ts";
import { fenceOf } from "./fence.ts";
import { gateRequestOf } from "./gate.ts";
import { type JournaledState, readState } from "./journaled-state.ts";
import { recheckEffectFaults } from "./plan-faults.ts";
import type { Approvals } from "./ports.ts";
import type { Run, Spent } from "./run.ts";
import type { RunPorts, RunResult } from "./run-ports.ts";
import { assertFaultless } from "./shape.ts";
import { contractsOf } from "./snapshot-contracts.ts";
import { gateAhead, indeterminatePositions, restartable } from "./state.ts";
import { valueAt } from "./table.ts";
import { sealVoided } from "./void-run.ts";

/**
 * Goes on with a run that did not reach its seal; for a sealed one, gives back its result and appends nothing.
 *
 * @throws {RunnerError} `runner.run-unknown`, `runner.write-indeterminate`, `runner.fence-stale`, `runner.plan-invalid`,
 *   `runner.journal-unexpected`, `runner.payload-missing`, `runner.salts-missing`, `runner.salts-differ`; the journal's own error, unchanged.
 */
export async function resumePlan(request: RunPorts & { readonly run: RunId }): Promise<RunResult> {
  const found = await readState(request.journal, request.run, request.jobs);
  const { journaled, state, outputs } = found;
  const { run, plan } = journaled;
  if (state.phase === "sealed") return resultOf({ run, plan, outputs }, { state, waiting: null, stop: null });
  if (state.phase === "voided") return sealVoided(request.journal, found);

  assertFaultless(recheckEffectFaults(plan, journaled.snapshot));
  const fence = fenceOf(request.fence, state.resumes + 2, state.fence);
  const gate = state.isRequested ? gateAhead(state) : undefined;
  let { approvals } = request;
  if (gate !== undefined) {
    const waiting = gateRequestOf({ id: run }, state, gate);
    const given = (await approvals?.(waiting)) ?? null;
    if (given === null) return resultOf({ run, plan, outputs }, { state, waiting, stop: null });
    approvals = answeredOnce(given, approvals);
  }
  const inDoubt = indeterminatePositions(state);
  checkWrites(request, found);
  const ports = approvals === undefined ? request : { ...request, approvals };
  const driven = composeRun(ports, journaled, fence, outputs, spentOf(found));
  assertSalts(driven, found);
  const { environment } = request;
  const event = {
    type: "RUN_RESUMED",
    subject: run,
    data: {
      completed: state.completed,
      indeterminate: inDoubt.map((position) => (plan.tasks[position] as Task).id),
      attempt: state.resumes + 2,
      fence,
      ...(environment === undefined ? {} : { environment: environment.digest }),
    },
  } as const;
  const payloads = environment === undefined ? [] : [environment];
  return resultOf({ run, plan, outputs }, await drive(driven, state, { event, payloads }));
}

/** The salts are those that the run began with: what it gave has the same bytes under them (N1). */
function assertSalts({ id, plan, salted }: Run, { outputs, texts }: JournaledState): void {
  const other = plan.tasks.find((task) => {
    const output = outputs[task.position];
    return output !== undefined && salted.textOf(task, output) !== texts[task.position];
  });
  if (other === undefined) return;
  const message = `run \`${id}\` was begun with another salt key: task \`${other.id}\` would give other bytes`;
  throw new RunnerError("runner.salts-differ", message, { run: id, task: other.id });
}

/** The answer that is there already is not asked for a second time. */
function answeredOnce(given: unknown, approvals: Approvals | undefined): Approvals {
  let isTaken = false;
  return (request) => {
    if (isTaken) return approvals?.(request) ?? null;
    isTaken = true;
    return given;
  };
}

/** What the journal shows as begun: an attempt that did not complete spends what its contract allows, whatever became of it. */
function spentOf({ journaled, state }: JournaledState): Spent[] {
  const contractOf = contractsOf(journaled.snapshot);
  return journaled.plan.tasks.flatMap((task): Spent[] => {
    const known = valueAt(state.tasks, task.position);
    const contract = contractOf(task);
    if (known === undefined || contract === undefined) return [];
    return known.begunUnder.map((token, before) => {
      const isCompleted = known.stage === "completed" && before + 1 === known.attempt;
      return {
        task,
        contract,
        token,
        attempt: before + 1,
        tokens: isCompleted ? known.tokens : (contract.tokensMax ?? 0),
      };
    });
  });
}

function checkWrites(
  request: RunPorts & { readonly run: RunId },
  { journaled: { plan, snapshot }, state }: JournaledState,
): void {
  const contractOf = contractsOf(snapshot);
  const stuck = restartable(state).filter((position) => {
    const task = valueAt(state.tasks, position);
    if (task?.effect !== "write" || task.doubt === "none") return false;
    const planned = plan.tasks[position] as Task;
    return request.router.route(planned).kind === "refuse" || contractOf(planned)?.idempotent !== true;
  });
  if (stuck.length === 0) return;
  const tasks = stuck.map((position) => (plan.tasks[position] as Task).id);
  const message = `${tasks.length} write(s) of run \`${request.run}\` have an unknown outcome and must not be repeated`;
  throw new RunnerError("runner.write-indeterminate", message, { run: request.run, tasks });
}
