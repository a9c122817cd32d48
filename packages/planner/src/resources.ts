/**
 * The static resource plan of a plan whose contracts are there, for `jobs` tasks at once.
 *
 * It reads no load, clock or machine: equal plans and equal `jobs` give equal resource plans, which admission control can
 * compare with what there is before anything starts.
 *
 * @module
 */
import {
  boundResources,
  contractDigestOf,
  type Plan,
  type RegistrySnapshot,
  type ResourceBounds,
} from "@canonic/contracts";
import { type Fault, PlannerError } from "./errors.ts";

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
): ResourceBounds {
  const known = new Set(registry.operations.map((contract) => contractDigestOf(contract)));
  const faults = plan.tasks
    .filter(({ contract }) => !known.has(contract))
    .map(({ id }): Fault => ({ place: id, message: `the contract of task \`${id}\` is not in the snapshot` }));
  if (!Number.isSafeInteger(jobs) || jobs < 1) faults.push({ place: "jobs", message: "jobs is an integer >= 1" });
  const [first] = faults;
  if (first !== undefined) throw new PlannerError("planner.request-invalid", first.message, { faults });
  const bounds = boundResources(plan, registry, jobs);
  if (bounds === undefined) throw new Error("assertion: every task's contract is in the snapshot");
  return bounds;
}
