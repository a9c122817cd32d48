/**
 * Runs a plan from its first event to its seal, or from wherever a crash left it.
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
import {
  type ContractVerdict,
  type CoreContractResult,
  type Digest,
  digestBytes,
  type EventData,
  type EventDraft,
  type Payload,
  type Plan,
  type RegistrySnapshot,
  type ReplayedOutput,
  type RunEvent,
  type RunId,
  type RunRecord,
  SEMANTICS_VERSION,
  type Task,
} from "@canonic/contracts";
import { type ContractBook, createContractBook } from "./contract-book.ts";
import { drive, entitlementOf, inputOf, type Run } from "./drive.ts";
import { RunnerError } from "./errors.ts";
import { freezeRun, type JournaledRun, readRun, readText } from "./frozen-run.ts";
import { createLocalHost } from "./host.ts";
import type { Artifacts, Authority, Clock, OperationsPort, Router, RunJournal } from "./ports.ts";
import { isReplayable, replay, replayOrder } from "./replay.ts";
import { shapeOf } from "./shape.ts";
import { applyEvent, countsOf, type Failure, indeterminatePositions, newRun, type RunState } from "./state.ts";
import { valueAt } from "./table.ts";

/** What the core contracts are asked over, and what a composition needs to complete it. */
export type FinishedRun = RunRecord & {
  readonly run: RunId;
  readonly artifacts: Artifacts;
  /** The outputs as canonical JSON text, by position. */
  readonly texts: readonly string[];
};

export type RunPorts = {
  readonly clock: Clock;
  readonly journal: RunJournal;
  readonly router: Router;
  readonly authority: Authority;
  readonly operations: OperationsPort;
  /** The result of each of `plan.expect.contracts`, in that order; its evidence is journaled with it. */
  readonly conclude: (finished: FinishedRun) => readonly CoreContractResult[];
  /** How many tasks that the plan declared independent may be in flight; no output depends on it. */
  readonly jobs: number;
  /** Compiled contracts, shared by the runs that are given the same book; without one, each run compiles its own. */
  readonly contracts?: ContractBook;
  readonly onProgress?: (ended: number, total: number) => void;
  readonly onTask?: (measure: { readonly position: number; readonly operationMs: number }) => void;
};

export type RunResult = {
  readonly run: RunId;
  readonly status: EventData<"RUN_SEALED">["status"];
  /** Canonical JSON text by position; empty unless the run completed or was violated. */
  readonly outputs: readonly string[];
  readonly outputsDigest: Digest | null;
  readonly verdicts: readonly ContractVerdict[];
  readonly events: number;
  readonly counts: Readonly<Record<string, number>>;
  /** The first task that failed or was denied, and why. */
  readonly failure: (Omit<Failure, "position"> & { readonly task: Task }) | null;
};

/** Names the schedule's owner in PLAN_FROZEN: this process. */
const ENGINE = "local";

/**
 * Runs a plan.
 *
 * @param request.attachments - Further bytes that belong to the run (a source document), kept beside the log by digest.
 * @returns The result; a failed, denied or violated run is a value, not an error.
 * @throws {RunnerError} by code when the plan cannot be run; the journal's own error, unchanged, when it cannot be written.
 */
export async function runPlan(
  request: RunPorts & {
    readonly plan: Plan;
    readonly snapshot: RegistrySnapshot;
    readonly artifacts: Artifacts;
    readonly attachments?: readonly Payload[];
  },
): Promise<RunResult> {
  const book = request.contracts ?? createContractBook();
  const frozen = freezeRun(request.plan, request.snapshot, request.artifacts, book);
  const { plan, planDigest } = frozen;
  const shape = shapeOf(plan, request.jobs);
  const { run, number } = request.journal.begin(planDigest);
  const event: EventDraft = {
    type: "PLAN_FROZEN",
    subject: run,
    data: {
      number,
      plan: planDigest,
      registry: plan.registry,
      tasks: plan.tasks.length,
      mode: plan.mode,
      semantics: SEMANTICS_VERSION,
      engine: ENGINE,
    },
  };
  const driven = makeRun(request, { ...frozen, run, number, events: [] }, book, []);
  const state = await drive(driven, newRun(shape), event, [...frozen.payloads, ...(request.attachments ?? [])]);
  return resultOf(driven, state);
}

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
  const run = makeRun(request, journaled, request.contracts ?? createContractBook(), outputs);
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

function makeRun(ports: RunPorts, journaled: JournaledRun, book: ContractBook, outputs: (string | undefined)[]): Run {
  const { run: id, plan, planDigest, snapshot, artifacts } = journaled;
  const { journal, router, authority, onProgress, onTask } = ports;
  const host = createLocalHost(ports.operations, ports.clock);
  const conclude = async (): Promise<readonly CoreContractResult[]> => {
    const replayed = await replayTasks();
    const texts = Object.freeze([...(outputs as string[])]);
    const recorded = plan.tasks.map((task, position) => ({
      task: task.id,
      digest: digestBytes(texts[position] as string),
    }));
    const results = ports.conclude({ run: id, plan, snapshot, artifacts, outputs: recorded, texts, replayed });
    const found = results.map(({ verdict }) => verdict.contract);
    const expected = plan.expect.contracts;
    if (found.length === expected.length && found.every((name, index) => name === expected[index])) return results;
    throw new RunnerError("runner.verdicts-mismatch", "the verdicts are not those that the plan expects", {
      expected,
      found,
    });
  };
  const replayTasks = (): Promise<ReplayedOutput[]> => {
    const calls = plan.tasks.flatMap((task) => {
      const route = router.route(task);
      if (route.kind === "refuse") return [];
      const call = {
        task,
        input: {},
        contract: route.contract,
        entitlement: entitlementOf({ id, plan, host }, task, route.contract),
      };
      return isReplayable(call) ? [call] : [];
    });
    const byPosition = new Map(calls.map((call) => [call.task.position, call]));
    const chosen = replayOrder(planDigest, [...byPosition.keys()], plan.expect.replay).map((position) => {
      const call = byPosition.get(position) as (typeof calls)[number];
      return { ...call, input: inputOf({ artifacts }, call.task) };
    });
    return replay(host, chosen, ports.jobs);
  };
  return { id, plan, artifacts, journal, router, authority, host, book, outputs, conclude, onProgress, onTask };
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

function resultOf(run: Run, state: RunState): RunResult {
  const { seal, failure } = state;
  if (seal === null) throw new Error("assertion failed: a run that ended is sealed");
  return {
    run: run.id,
    status: seal.status,
    outputs: seal.outputs === null ? [] : Object.freeze([...run.outputs] as string[]),
    outputsDigest: seal.outputs,
    verdicts: state.verdicts,
    events: state.events,
    counts: countsOf(state),
    failure: failure === null ? null : failureOf(run.plan, failure),
  };
}

function failureOf(plan: Plan, { position, status, code, reasons }: Failure): RunResult["failure"] {
  return { task: plan.tasks[position] as Task, status, code, reasons };
}
