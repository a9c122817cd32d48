/**
 * Which tasks of a plan are executed a second time, and in which order.
 *
 * Invariants:
 *   Y1. It is a function of plan and snapshot alone: nobody chooses, and a verifier finds the same.
 *   Y2. A write is never replayed, nor is a recorded operation, whose record is its output.
 *
 * @module
 */
import { digestJson } from "./digest.ts";
import type { OperationContract } from "./operation-contract.ts";
import { type Plan, planDigestOf } from "./plan.ts";
import { permuted } from "./random.ts";
import type { RegistrySnapshot } from "./registry-snapshot.ts";

/** The positions to replay, in replay order: `plan.expect.replay` of those that can be, or all when there are fewer. */
export function expectedReplay(plan: Plan, snapshot: RegistrySnapshot): number[] {
  if (plan.expect.replay === 0) return [];
  const replayable = new Set(snapshot.operations.filter(isReplayable).map(nameOf));
  const candidates = plan.tasks.filter((task) => replayable.has(nameOf(task))).map(({ position }) => position);
  const seed = digestJson({ plan: planDigestOf(plan), purpose: "replay" });
  return permuted(candidates, seed).slice(0, plan.expect.replay);
}

/** True when a second execution must give the same bytes. */
function isReplayable({ effect, determinism }: OperationContract): boolean {
  return effect !== "write" && determinism !== "recorded";
}

function nameOf({ operation, version }: Pick<OperationContract, "operation" | "version">): string {
  return `${operation}@${version}`;
}
