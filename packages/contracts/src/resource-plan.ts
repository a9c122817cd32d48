/**
 * The static resource plan: what a run may need at most, from the contracts' termination limits alone.
 *
 * Invariants:
 *   R1. Memory of a group is the largest sum of limits that `jobs` of its tasks can reach at once.
 *   R2. Time of a group is Graham's bound for list scheduling, rounded up: (sum + (jobs - 1) * longest) / jobs. Groups
 *       are barriers, so times add up. For one job it is the sum; with a job for every task, the longest.
 *   R3. It reads no load, clock or machine: whoever has plan and snapshot counts the same.
 *
 * @see Graham, Bounds for certain multiprocessing anomalies, Bell System Technical Journal 45, 1966.
 * @module
 */
import { z } from "zod";
import type { Digest } from "./digest.ts";
import type { Termination } from "./operation-contract.ts";
import type { Plan } from "./plan.ts";
import { contractDigestOf, type RegistrySnapshot } from "./registry-snapshot.ts";

/** Upper bounds in whole milliseconds, megabytes and bytes. */
export const ResourceNeed = z.strictObject({
  tasks: z.int().min(0),
  timeMsMax: z.int().min(0),
  memoryMbMax: z.int().min(0),
  outputBytesMax: z.int().min(0),
});
export type ResourceNeed = z.infer<typeof ResourceNeed>;

/** The bounds when `jobs` tasks run at once: of the whole plan, and of each group. */
export const ResourceBounds = z.strictObject({
  jobs: z.int().min(1),
  total: ResourceNeed,
  groups: z.array(ResourceNeed).min(1),
});
export type ResourceBounds = z.infer<typeof ResourceBounds>;

/** The bounds of a plan at several widths, narrow to wide: an artifact of the plan that it bounds. */
export const ResourcePlan = z.strictObject({
  schema: z.literal("canonic/resource-plan/v1"),
  bounds: z.array(ResourceBounds).min(1),
});
export type ResourcePlan = z.infer<typeof ResourcePlan>;

/** The widths that a policy plan is bounded at. */
export const RESOURCE_WIDTHS: readonly number[] = [1, 2, 4, 8, 16];

/** Bounds a plan at `jobs` tasks at once, integer >= 1; undefined when a task's contract is not in the snapshot. */
export function boundResources(
  plan: Pick<Plan, "tasks" | "groups">,
  registry: Pick<RegistrySnapshot, "operations">,
  jobs: number,
): ResourceBounds | undefined {
  const limits = new Map(registry.operations.map((contract) => [contractDigestOf(contract), contract.termination]));
  if (plan.tasks.some(({ contract }) => !limits.has(contract))) return undefined;
  const groups = plan.groups.map((group) => groupNeed(plan, group, limits, jobs));
  const total = {
    tasks: sum(groups.map(({ tasks }) => tasks)),
    timeMsMax: sum(groups.map(({ timeMsMax }) => timeMsMax)),
    memoryMbMax: most(groups.map(({ memoryMbMax }) => memoryMbMax)),
    outputBytesMax: sum(groups.map(({ outputBytesMax }) => outputBytesMax)),
  };
  return { jobs, total, groups };
}

/** The bounds at {@link RESOURCE_WIDTHS}; undefined when a task's contract is not in the snapshot. */
export function resourcePlanOf(
  plan: Pick<Plan, "tasks" | "groups">,
  registry: Pick<RegistrySnapshot, "operations">,
): ResourcePlan | undefined {
  const bounds = RESOURCE_WIDTHS.flatMap((jobs) => boundResources(plan, registry, jobs) ?? []);
  return bounds.length === RESOURCE_WIDTHS.length ? { schema: "canonic/resource-plan/v1", bounds } : undefined;
}

function groupNeed(
  plan: Pick<Plan, "tasks">,
  group: readonly number[],
  limits: ReadonlyMap<Digest, Termination>,
  jobs: number,
): ResourceNeed {
  const needs = group.flatMap((position) => {
    const task = plan.tasks[position];
    return (task === undefined ? undefined : limits.get(task.contract)) ?? [];
  });
  const times = needs.map(({ timeoutMs }) => timeoutMs);
  const memories = needs.map(({ memoryLimitMb }) => memoryLimitMb).sort((a, b) => b - a);
  return {
    tasks: needs.length,
    timeMsMax: needs.length <= jobs ? most(times) : Math.ceil((sum(times) + (jobs - 1) * most(times)) / jobs),
    memoryMbMax: sum(memories.slice(0, jobs)),
    outputBytesMax: sum(needs.map(({ outputBytesMax }) => outputBytesMax)),
  };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function most(values: readonly number[]): number {
  return values.reduce((largest, value) => Math.max(largest, value), 0);
}
