/**
 * The static resource plan: what a run may need at most, from the contracts' termination limits alone.
 *
 * It reads no load, clock or machine: equal plans and equal `jobs` give equal resource plans, which admission control can
 * compare with what there is before anything starts.
 *
 * Invariants:
 *   R1. Memory of a group is the largest sum of limits that `jobs` of its tasks can reach at once.
 *   R2. Time of a group is Graham's bound for list scheduling, rounded up: (sum + (jobs - 1) * longest) / jobs. Groups
 *       are barriers, so times add up. For one job it is the sum; with a job for every task, the longest.
 *
 * @see Graham, Bounds for certain multiprocessing anomalies, Bell System Technical Journal 45, 1966.
 * @module
 */
import { contractDigestOf, type Digest, type Plan, type RegistrySnapshot, type Termination } from "@canonic/contracts";
import { type Fault, PlannerError } from "./errors.ts";

/** Upper bounds in whole milliseconds, megabytes and bytes. */
export type ResourceNeed = {
  readonly tasks: number;
  readonly timeMsMax: number;
  readonly memoryMbMax: number;
  readonly outputBytesMax: number;
};

export type ResourcePlan = {
  readonly jobs: number;
  readonly total: ResourceNeed;
  readonly groups: readonly ResourceNeed[];
};

/**
 * Bounds a plan's resources.
 *
 * @param jobs - How many tasks run at once, integer >= 1.
 * @throws {PlannerError} `planner.request-invalid` when `jobs` is no such number, or a task's contract is not in the
 *   snapshot under its digest.
 */
export function planResources(
  plan: Pick<Plan, "tasks" | "groups">,
  registry: Pick<RegistrySnapshot, "operations">,
  jobs: number,
): ResourcePlan {
  const limits = new Map(registry.operations.map((contract) => [contractDigestOf(contract), contract.termination]));
  const faults = plan.tasks
    .filter(({ contract }) => !limits.has(contract))
    .map(({ id }): Fault => ({ place: id, message: `the contract of task \`${id}\` is not in the snapshot` }));
  if (!Number.isSafeInteger(jobs) || jobs < 1) faults.push({ place: "jobs", message: "jobs is an integer >= 1" });
  const [first] = faults;
  if (first !== undefined) throw new PlannerError("planner.request-invalid", first.message, { faults });
  const groups = plan.groups.map((group) => groupNeed(plan, group, limits, jobs));
  const total = {
    tasks: sum(groups.map(({ tasks }) => tasks)),
    timeMsMax: sum(groups.map(({ timeMsMax }) => timeMsMax)),
    memoryMbMax: most(groups.map(({ memoryMbMax }) => memoryMbMax)),
    outputBytesMax: sum(groups.map(({ outputBytesMax }) => outputBytesMax)),
  };
  return { jobs, total, groups };
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
