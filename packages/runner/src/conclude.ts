/**
 * The end of a run whose tasks have all completed: the replay, then the core contracts.
 *
 * Invariants:
 *   K1. There is one result for each contract that the plan expects, in its order; anything else ends the run by code.
 *
 * @module
 */
import {
  type CoreContractResult,
  digestBytes,
  expectedReplay,
  type ReplayedOutput,
  type Task,
} from "@canonic/contracts";
import { entitlementOf, inputOf } from "./call.ts";
import { RunnerError } from "./errors.ts";
import type { JournaledRun } from "./frozen-run.ts";
import type { Host } from "./host.ts";
import { replay } from "./replay.ts";
import type { RunPorts } from "./run-ports.ts";

/** Replays what the plan says, then asks; `outputs` are all there. */
export async function concludeRun(
  ports: RunPorts,
  host: Host,
  journaled: JournaledRun,
  outputs: readonly string[],
): Promise<readonly CoreContractResult[]> {
  const { run, plan, snapshot, artifacts } = journaled;
  const replayed = await replayTasks(ports, host, journaled);
  const texts = Object.freeze([...outputs]);
  const recorded = plan.tasks.map((task, position) => ({
    task: task.id,
    digest: digestBytes(texts[position] as string),
  }));
  const results = ports.conclude({ run, plan, snapshot, artifacts, outputs: recorded, texts, replayed });
  const found = results.map(({ verdict }) => verdict.contract);
  const expected = plan.expect.contracts;
  if (found.length === expected.length && found.every((name, index) => name === expected[index])) return results;
  const message = "the verdicts are not those that the plan expects";
  throw new RunnerError("runner.verdicts-mismatch", message, { expected, found });
}

function replayTasks(ports: RunPorts, host: Host, journaled: JournaledRun): Promise<ReplayedOutput[]> {
  const { run: id, plan, snapshot, artifacts } = journaled;
  const calls = expectedReplay(plan, snapshot).flatMap((position) => {
    const task = plan.tasks[position] as Task;
    const route = ports.router.route(task);
    if (route.kind === "refuse") return [];
    const { contract } = route;
    const entitlement = entitlementOf({ id, plan, host }, task, contract);
    return [{ task, contract, input: inputOf({ artifacts }, task), entitlement }];
  });
  return replay(host, calls, ports.jobs);
}
