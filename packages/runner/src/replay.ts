/**
 * The replay: some tasks executed a second time, in another order, and kept for comparison by position.
 *
 * Invariants:
 *   Y1. Which tasks, and in which order, is what `expectedReplay` finds: nobody chooses.
 *   Y2. Nothing of a replay is journaled or kept but its digests.
 *
 * @module
 */
import { digestBytes, type ReplayedOutput } from "@canonic/contracts";
import type { Call } from "./call.ts";
import type { Host } from "./host.ts";

/** Executes the calls again in the order given, up to `jobs` at once; the answers come back by position. */
export async function replay(host: Host, calls: readonly Call[], jobs: number): Promise<ReplayedOutput[]> {
  const replayed: ReplayedOutput[] = [];
  let started = 0;
  while (replayed.length < calls.length) {
    while (started < calls.length && started - replayed.length < jobs) {
      host.start(calls[started] as Call, null);
      started += 1;
    }
    const position = await host.next();
    const execution = host.value(position);
    replayed.push({ position, output: execution.kind === "completed" ? digestBytes(execution.output) : null });
  }
  return replayed.sort((a, b) => a.position - b.position);
}
