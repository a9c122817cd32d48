/**
 * The replay: some tasks executed a second time, in another order, and kept for comparison by position.
 *
 * Invariants:
 *   Y1. Which tasks, and in which order, is what `expectedReplay` finds: nobody chooses.
 *   Y2. Nothing of a replay is journaled or kept but its digests.
 *
 * @module
 */
import { digestBytes, type ReplayedOutput, type Task } from "@canonic/contracts";
import type { Call } from "./call.ts";
import type { Host } from "./host.ts";
import type { SaltedValues } from "./salted-values.ts";

/** Executes the calls again in the order given, up to `jobs` at once; the answers come back by position. */
export async function replay(
  { host, salted }: { readonly host: Host; readonly salted: SaltedValues },
  calls: readonly Call[],
  jobs: number,
): Promise<ReplayedOutput[]> {
  const taskAt = new Map(calls.map(({ task }) => [task.position, task]));
  const digestOf = (position: number, output: string) =>
    digestBytes(salted.textOf(taskAt.get(position) as Task, output));
  const replayed: ReplayedOutput[] = [];
  let started = 0;
  while (replayed.length < calls.length) {
    while (started < calls.length && started - replayed.length < jobs) {
      host.start(calls[started] as Call, null);
      started += 1;
    }
    const position = await host.next();
    const execution = host.value(position);
    replayed.push({ position, output: execution.kind === "completed" ? digestOf(position, execution.output) : null });
  }
  return replayed.sort((a, b) => a.position - b.position);
}
