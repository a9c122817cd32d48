/**
 * Groups: which tasks were declared independent, and in what order the groups run.
 *
 * Invariants:
 *   G1. Every position stands in exactly one group, and read one after the other the groups give 0, 1, 2, …: a plan
 *       only goes forward.
 *   G2. A task comes in a later group than everything it waits for; where no such order exists, the cycle is named.
 *
 * @module
 */
import { assertNoFaults, type Fault, PlannerError } from "./errors.ts";

/**
 * Checks groups against a number of tasks and gives them with each group's positions in order.
 *
 * @throws {PlannerError} `planner.groups-invalid` with every position that is missing, repeated, unknown or backward.
 */
export function checkGroups(groups: readonly (readonly number[])[], tasks: number): number[][] {
  const faults: Fault[] = [];
  const seen = new Map<number, number>();
  let last = -1;
  groups.forEach((group, index) => {
    const place = `/groups/${index}`;
    if (group.length === 0) faults.push({ place, message: `group ${index} is empty` });
    for (const position of group) {
      const known = Number.isInteger(position) && position >= 0 && position < tasks;
      if (!known) faults.push({ place, message: `group ${index} names task ${position}, which is not in the plan` });
      else if (seen.has(position)) faults.push({ place, message: `task ${position} stands in two groups` });
      else if (position < last) faults.push({ place, message: `task ${position} comes after a later task` });
      seen.set(position, index);
    }
    last = group.reduce((most, position) => Math.max(most, position), last);
  });
  for (let position = 0; position < tasks; position += 1) {
    if (!seen.has(position)) faults.push({ place: "/groups", message: `task ${position} stands in no group` });
  }
  assertNoFaults("planner.groups-invalid", "the groups are not a forward-only partition of the tasks", faults);
  return groups.map((group) => group.toSorted((a, b) => a - b));
}

/**
 * Puts named steps into levels: each in the first level after everything it waits for; inside a level, as given.
 *
 * @returns Indices of `steps`, level by level.
 * @throws {PlannerError} `planner.request-invalid` for unknown or repeated names, `planner.cycle` when no order exists.
 * @see Kahn, Topological sorting of large networks, CACM 5(11), 1962.
 */
export function toLevels(steps: readonly { readonly name: string; readonly after: readonly string[] }[]): number[][] {
  const indexOf = new Map(steps.map(({ name }, index) => [name, index]));
  const faults = steps.flatMap(({ name, after }, index) => [
    ...(indexOf.get(name) === index ? [] : [{ place: name, message: `two tasks are called \`${name}\`` }]),
    ...after
      .filter((other) => !indexOf.has(other))
      .map((other) => ({ place: name, message: `task \`${name}\` waits for \`${other}\`, which is not in the plan` })),
  ]);
  assertNoFaults("planner.request-invalid", "the tasks cannot be ordered", faults);
  const waiting = steps.map(({ after }) => new Set(after).size);
  const followers: number[][] = steps.map(() => []);
  steps.forEach(({ after }, index) => {
    for (const other of new Set(after)) followers[indexOf.get(other) ?? -1]?.push(index);
  });
  const levels: number[][] = [];
  let ready = waiting.flatMap((count, index) => (count === 0 ? [index] : []));
  while (ready.length > 0) {
    levels.push(ready);
    const next: number[] = [];
    for (const index of ready) {
      for (const follower of followers[index] ?? []) {
        const left = (waiting[follower] ?? 0) - 1;
        waiting[follower] = left;
        if (left === 0) next.push(follower);
      }
    }
    ready = next.sort((a, b) => a - b);
  }
  const blocked = steps.flatMap(({ name }, index) => ((waiting[index] ?? 0) > 0 ? [name] : []));
  const [first] = blocked;
  if (first !== undefined) {
    throw new PlannerError("planner.cycle", `task \`${first}\` waits for itself, through others`, { blocked });
  }
  return levels;
}
