/**
 * The end of a run whose tasks have all completed: the replay, then the core contracts.
 *
 * Invariants:
 *   K1. There is one result for each contract that the plan expects, in its order; anything else ends the run by code.
 *
 * @module
 */
import { type CoreContractResult, digestBytes, expectedReplay, type Task } from "@canonic/contracts";
import { callAgain } from "./call.ts";
import { RunnerError } from "./errors.ts";
import type { JournaledRun } from "./frozen-run.ts";
import { replay } from "./replay.ts";
import type { Run } from "./run.ts";
import type { RunPorts } from "./run-ports.ts";

/** Replays what the plan says, then asks; the run's outputs are all there. */
export async function concludeRun(
  ports: RunPorts,
  run: Run,
  { snapshot }: JournaledRun,
): Promise<readonly CoreContractResult[]> {
  const { id, plan, artifacts } = run;
  const calls = expectedReplay(plan, snapshot).flatMap(
    (position) => callAgain(run, plan.tasks[position] as Task) ?? [],
  );
  const replayed = await replay(run, calls, ports.jobs);
  const texts = Object.freeze([...run.outputs] as string[]);
  const outputs = plan.tasks.map((task, position) => ({
    task: task.id,
    digest: digestBytes(run.salted.textOf(task, texts[position] as string)),
  }));
  const results = ports.conclude({ run: id, plan, snapshot, artifacts, outputs, texts, replayed });
  const found = results.map(({ verdict }) => verdict.contract);
  const expected = plan.expect.contracts;
  if (found.length === expected.length && found.every((name, index) => name === expected[index])) return results;
  const message = "the verdicts are not those that the plan expects";
  throw new RunnerError("runner.verdicts-mismatch", message, { expected, found });
}
