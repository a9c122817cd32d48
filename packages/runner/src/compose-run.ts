/**
 * A run put together from its ports, and its result read from its last state.
 *
 * @module
 */
import type { Plan, Task } from "@canonic/contracts";
import { concludeRun } from "./conclude.ts";
import type { ContractBook } from "./contract-book.ts";
import type { JournaledRun } from "./frozen-run.ts";
import { createLocalHost } from "./host.ts";
import type { Run } from "./run.ts";
import type { RunPorts, RunResult } from "./run-ports.ts";
import { countsOf, type Failure, type RunState } from "./state.ts";

/** `outputs` holds what was journaled before, by position. */
export function composeRun(
  ports: RunPorts,
  journaled: JournaledRun,
  book: ContractBook,
  outputs: (string | undefined)[],
): Run {
  const { run: id, plan, artifacts } = journaled;
  const { journal, router, authority, onProgress, onTask } = ports;
  const host = createLocalHost(ports.operations, ports.clock);
  const conclude = () => concludeRun(ports, host, journaled, outputs as string[]);
  return { id, plan, artifacts, journal, router, authority, host, book, outputs, conclude, onProgress, onTask };
}

/** The result of a run that is sealed. */
export function resultOf(run: Run, state: RunState): RunResult {
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
