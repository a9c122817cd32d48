/**
 * The static side of a run: what the plan fixes about order, computed once.
 *
 * Invariants:
 *   H1. Every position is in exactly one group (the plan's own P2), every task stands at its own position, and no task
 *       id occurs twice; a plan that breaks this is refused before anything is journaled.
 *
 * @module
 */
import { Plan, type TaskId } from "@canonic/contracts";
import { RunnerError } from "./errors.ts";

/** `order` holds all positions, group after group; `groupEnd[i]` is where the group of `order[i]` ends in `order`. */
export type Shape = {
  readonly ids: readonly TaskId[];
  readonly positions: ReadonlyMap<string, number>;
  readonly order: readonly number[];
  readonly groupEnd: readonly number[];
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
  const issues = checkPlan(plan);
  if (issues.length > 0) {
    const first = issues[0];
    throw new RunnerError("runner.plan-invalid", `not a plan: ${first?.pointer ?? ""} ${first?.expected ?? ""}`, {
      issues,
    });
  }
  const order: number[] = [];
  const groupEnd: number[] = [];
  for (const group of plan.groups) {
    const end = order.length + group.length;
    for (const position of group) {
      order.push(position);
      groupEnd.push(end);
    }
  }
  return {
    ids: plan.tasks.map((task) => task.id),
    positions: new Map(plan.tasks.map((task) => [task.id, task.position])),
    order,
    groupEnd,
    contracts: plan.expect.contracts,
    jobs,
  };
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

function checkPlan(plan: Plan): { pointer: string; expected: string }[] {
  const parsed = Plan.safeParse(plan);
  if (!parsed.success) {
    return parsed.error.issues
      .slice(0, 20)
      .map((issue) => ({ pointer: `/${issue.path.map(String).join("/")}`, expected: issue.message }));
  }
  const issues: { pointer: string; expected: string }[] = [];
  const ids = new Set<string>();
  for (const [index, task] of plan.tasks.entries()) {
    if (task.position !== index) issues.push({ pointer: `/tasks/${index}/position`, expected: `${index}` });
    if (ids.has(task.id)) issues.push({ pointer: `/tasks/${index}/id`, expected: "an id that no other task has" });
    ids.add(task.id);
    const twice = Object.keys(task.inputs).some((name) => Object.hasOwn(task.parameters, name));
    if (twice) issues.push({ pointer: `/tasks/${index}/inputs`, expected: "names that no parameter has" });
  }
  const seen = new Set<number>();
  for (const [index, group] of plan.groups.entries()) {
    for (const position of group) {
      if (position >= plan.tasks.length) issues.push({ pointer: `/groups/${index}`, expected: "positions of tasks" });
      if (seen.has(position)) issues.push({ pointer: `/groups/${index}`, expected: "each position once" });
      seen.add(position);
    }
  }
  if (seen.size < plan.tasks.length) issues.push({ pointer: "/groups", expected: "every position in a group" });
  return issues.slice(0, 20);
}
