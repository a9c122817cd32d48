/**
 * The static side of a run: what the plan fixes about order, computed once.
 *
 * @module
 */
import type { GateName, Plan, TaskId } from "@canonic/contracts";
import { RunnerError } from "./errors.ts";
import { planFaults } from "./plan-faults.ts";

/** `at` counts the tasks before it, in `order`. */
export type GatePoint = { readonly name: GateName; readonly at: number; readonly reviewDecision: boolean };

/** `order` holds all positions, group after group; `groupEnd[i]` is where the group of `order[i]` ends in `order`. */
export type Shape = {
  readonly ids: readonly TaskId[];
  readonly positions: ReadonlyMap<string, number>;
  readonly order: readonly number[];
  readonly groupEnd: readonly number[];
  readonly gates: readonly GatePoint[];
  /** Position to the positions that are executed once more right before it. */
  readonly rechecks: ReadonlyMap<number, readonly number[]>;
  readonly onFailure: Plan["onFailure"];
  readonly contracts: readonly string[];
  readonly jobs: number;
};

/** More tasks than this are never in flight at once. */
export const JOBS_MAX = 1024;

/**
 * Reads the shape of a plan.
 *
 * @param jobs - How many independent tasks may be in flight, 1 to {@link JOBS_MAX}.
 * @throws {RunnerError} `runner.plan-invalid` with all faults, `runner.jobs-invalid`.
 */
export function shapeOf(plan: Plan, jobs: number): Shape {
  assertJobs(jobs);
  assertFaultless(planFaults(plan));
  const order: number[] = [];
  const groupEnd: number[] = [];
  const groupStart: number[] = [];
  for (const group of plan.groups) {
    groupStart.push(order.length);
    const end = order.length + group.length;
    for (const position of group) {
      order.push(position);
      groupEnd.push(end);
    }
  }
  const rechecks = new Map<number, readonly number[]>();
  for (const { before, task } of plan.rechecks) rechecks.set(before, [...(rechecks.get(before) ?? []), task]);
  return {
    ids: plan.tasks.map((task) => task.id),
    positions: new Map(plan.tasks.map((task) => [task.id, task.position])),
    order,
    groupEnd,
    gates: plan.gates.map(({ name, before, reviewDecision }) => ({
      name,
      at: groupStart[before] as number,
      reviewDecision,
    })),
    rechecks,
    onFailure: plan.onFailure,
    contracts: plan.expect.contracts,
    jobs,
  };
}

/** Throws `runner.plan-invalid` with the first 20 faults, when there are any. */
export function assertFaultless(faults: readonly { readonly pointer: string; readonly expected: string }[]): void {
  const issues = faults.slice(0, 20);
  const [first] = issues;
  if (first === undefined) return;
  throw new RunnerError("runner.plan-invalid", `not a plan: ${first.pointer} ${first.expected}`, { issues });
}

/** Throws `runner.jobs-invalid` unless `jobs` is 1 to {@link JOBS_MAX}. */
export function assertJobs(jobs: number): void {
  if (!Number.isInteger(jobs) || jobs < 1 || jobs > JOBS_MAX) {
    throw new RunnerError("runner.jobs-invalid", `jobs is ${jobs}, not an integer from 1 to ${JOBS_MAX}`, {
      jobs,
      max: JOBS_MAX,
    });
  }
}
