/**
 * Fences: which holder of a run may write.
 *
 * @module
 */
import { RunnerError } from "./errors.ts";

/**
 * The fence of this holder.
 *
 * @param given - The number of the run's lock; without a lock the runner counts its own, `counted`.
 * @param journaled - The highest one that the run has on record, 0 before its first event.
 * @throws {RunnerError} `runner.fence-stale` unless it is an integer above the journaled one: another holder came later.
 */
export function fenceOf(given: number | undefined, counted: number, journaled: number): number {
  const fence = given ?? counted;
  if (Number.isSafeInteger(fence) && fence > journaled) return fence;
  const message = `fence ${fence} is not above ${journaled}, which the run has on record`;
  throw new RunnerError("runner.fence-stale", message, { fence, journaled });
}
