/**
 * The end of a run whose tasks have all completed: the replay, then the core contracts.
 *
 * Invariants:
 *   K1. There is one result for each contract that the plan expects, in its order; anything else ends the run by code.
 *
 * @module
 */
import { type CoreContractResult, digestBytes, type ReplayedOutput } from "@canonic/contracts";
import { entitlementOf, inputOf } from "./call.ts";
import { RunnerError } from "./errors.ts";
import type { JournaledRun } from "./frozen-run.ts";
import type { Host } from "./host.ts";
import { isReplayable, replay, replayOrder } from "./replay.ts";
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
  const { run: id, plan, planDigest, artifacts } = journaled;
  const routed = plan.tasks.flatMap((task) => {
    const route = ports.router.route(task);
    return route.kind === "allow" && isReplayable(route.contract) ? [{ task, contract: route.contract }] : [];
  });
  const byPosition = new Map(routed.map((each) => [each.task.position, each]));
  const calls = replayOrder(planDigest, [...byPosition.keys()], plan.expect.replay).flatMap((position) => {
    const found = byPosition.get(position);
    if (found === undefined) return [];
    const { task, contract } = found;
    return [
      {
        task,
        contract,
        input: inputOf({ artifacts }, task),
        entitlement: entitlementOf({ id, plan, host }, task, contract),
      },
    ];
  });
  return replay(host, calls, ports.jobs);
}
