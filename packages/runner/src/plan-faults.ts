/**
 * What a plan says that no run can follow, found before anything is journaled.
 *
 * Invariants:
 *   H1. Every position is in exactly one group (the plan's own P2), every task stands at its own position, and no task
 *       id occurs twice.
 *   H2. Nothing points forward: a binding and a recheck name tasks of earlier groups, at lower positions.
 *   H3. What is executed a second time changes nothing and is not paid for twice: rechecks name pure and read tasks that
 *       cost no model tokens.
 *   H4. An isolated plan has no bindings, gates or rechecks, and does not stop.
 *
 * @module
 */
import { Plan, type RegistrySnapshot, shapeIssues } from "@canonic/contracts";
import { contractsOf } from "./snapshot-contracts.ts";

export type PlanFault = { readonly pointer: string; readonly expected: string };

/** All faults of a plan that it shows by itself; none means that its shape can be read. */
export function planFaults(plan: Plan): PlanFault[] {
  const parsed = Plan.safeParse(plan);
  if (!parsed.success) {
    return shapeIssues(parsed.error).slice(0, 20);
  }
  const faults = [...taskFaults(plan), ...groupFaults(plan)];
  if (plan.kind === "isolated") return [...faults, ...isolationFaults(plan)];
  const groupOf = new Map(plan.groups.flatMap((group, index) => group.map((position) => [position, index] as const)));
  const isEarlier = (one: number, other: number): boolean =>
    one < other && (groupOf.get(one) ?? 0) < (groupOf.get(other) ?? 0);
  return [...faults, ...bindingFaults(plan, isEarlier), ...gateFaults(plan), ...recheckFaults(plan, isEarlier)];
}

/** Rechecks of tasks whose contract in the snapshot does not say that they change nothing (H3). */
export function recheckEffectFaults(plan: Plan, snapshot: RegistrySnapshot): PlanFault[] {
  if (plan.rechecks.length === 0) return [];
  const contractOf = contractsOf(snapshot);
  return plan.rechecks.flatMap(({ task }, index) => {
    const { effect, tokensMax = 0 } = contractOf(plan.tasks[task]) ?? {};
    const isHarmless = (effect === "pure" || effect === "read") && tokensMax === 0;
    const expected = "a pure or read task that costs no model tokens";
    return isHarmless ? [] : [{ pointer: `/rechecks/${index}/task`, expected }];
  });
}

function taskFaults(plan: Plan): PlanFault[] {
  const ids = new Set<string>();
  return plan.tasks.flatMap((task, index) => {
    const faults: PlanFault[] = [];
    if (task.position !== index) faults.push({ pointer: `/tasks/${index}/position`, expected: `${index}` });
    if (ids.has(task.id)) faults.push({ pointer: `/tasks/${index}/id`, expected: "an id that no other task has" });
    ids.add(task.id);
    if (Object.keys(task.inputs).some((name) => Object.hasOwn(task.parameters, name)))
      faults.push({ pointer: `/tasks/${index}/inputs`, expected: "names that no parameter has" });
    return faults;
  });
}

function groupFaults(plan: Plan): PlanFault[] {
  const faults: PlanFault[] = [];
  const seen = new Set<number>();
  for (const [index, group] of plan.groups.entries()) {
    for (const position of group) {
      if (position >= plan.tasks.length) faults.push({ pointer: `/groups/${index}`, expected: "positions of tasks" });
      if (seen.has(position)) faults.push({ pointer: `/groups/${index}`, expected: "each position once" });
      seen.add(position);
    }
  }
  if (seen.size < plan.tasks.length) faults.push({ pointer: "/groups", expected: "every position in a group" });
  return faults;
}

function isolationFaults(plan: Plan): PlanFault[] {
  const faults = plan.tasks.flatMap(({ bindings }, index) =>
    Object.keys(bindings).length === 0 ? [] : [{ pointer: `/tasks/${index}/bindings`, expected: NOTHING }],
  );
  if (plan.gates.length > 0) faults.push({ pointer: "/gates", expected: NOTHING });
  if (plan.rechecks.length > 0) faults.push({ pointer: "/rechecks", expected: NOTHING });
  if (plan.onFailure !== "abort") faults.push({ pointer: "/onFailure", expected: "`abort`, as the plan is isolated" });
  return faults;
}

const NOTHING = "nothing, as the plan is isolated";

function bindingFaults(plan: Plan, isEarlier: (one: number, other: number) => boolean): PlanFault[] {
  return plan.tasks.flatMap(({ parameters, inputs, bindings }, index) =>
    Object.entries(bindings).flatMap(([name, { task }]) => {
      const pointer = `/tasks/${index}/bindings/${name}`;
      if (Object.hasOwn(parameters, name) || Object.hasOwn(inputs, name))
        return [{ pointer, expected: "a name that no parameter or input has" }];
      return isEarlier(task, index) ? [] : [{ pointer: `${pointer}/task`, expected: "a task of an earlier group" }];
    }),
  );
}

function gateFaults(plan: Plan): PlanFault[] {
  const names = new Set<string>();
  return plan.gates.flatMap(({ name, before }, index) => {
    const faults: PlanFault[] = [];
    if (names.has(name)) faults.push({ pointer: `/gates/${index}/name`, expected: "a name that no other gate has" });
    names.add(name);
    if (before >= plan.groups.length)
      faults.push({ pointer: `/gates/${index}/before`, expected: "the index of a group" });
    const last = plan.gates[index - 1];
    if (last !== undefined && before <= last.before)
      faults.push({ pointer: `/gates/${index}/before`, expected: "gates sorted by group, one for each at most" });
    return faults;
  });
}

function recheckFaults(plan: Plan, isEarlier: (one: number, other: number) => boolean): PlanFault[] {
  return plan.rechecks.flatMap(({ before, task }, index) => {
    const faults: PlanFault[] = [];
    if (before >= plan.tasks.length)
      faults.push({ pointer: `/rechecks/${index}/before`, expected: "the position of a task" });
    else if (!isEarlier(task, before))
      faults.push({ pointer: `/rechecks/${index}/task`, expected: "a task of an earlier group" });
    const last = plan.rechecks[index - 1];
    if (last !== undefined && (before < last.before || (before === last.before && task <= last.task)))
      faults.push({ pointer: `/rechecks/${index}`, expected: "rechecks sorted by `before`, then `task`, each once" });
    return faults;
  });
}
