/**
 * The shape of what makes a plan bound: bindings, gates, rechecks, stopping.
 *
 * @see The planner, which refuses the same when it makes a plan.
 * @module
 */
import type { OperationContract, Plan } from "@canonic/contracts";
import { PLAN } from "./bundle-layout.ts";
import type { Findings } from "./findings.ts";

/** All that only a bound plan may have, and where it may stand. */
export function checkBoundShape(
  plan: Plan,
  contracts: ReadonlyMap<string, OperationContract>,
  findings: Findings,
): void {
  const fault = (message: string) => findings.invalid("plan-malformed", PLAN, message);
  const { gates, groups, kind, onFailure, rechecks, tasks } = plan;
  const isBound =
    gates.length > 0 ||
    rechecks.length > 0 ||
    onFailure === "stop" ||
    tasks.some(({ bindings }) => Object.keys(bindings).length > 0);
  if (kind === "isolated" && isBound)
    fault("the plan is isolated, and has bindings, gates, rechecks or stops where it fails");
  const groupOf = new Uint32Array(tasks.length);
  for (const [index, group] of groups.entries()) for (const position of group) groupOf[position] = index;
  const isEarlier = (one: number, other: number) =>
    one < other && (groupOf[one] ?? groups.length) < (groupOf[other] ?? -1);
  for (const { bindings, id, position } of tasks)
    for (const [name, { task }] of Object.entries(bindings))
      if (!isEarlier(task, position)) fault(`binding \`${name}\` of \`${id}\` is to no task of an earlier group`);
  for (const [index, { name, before }] of gates.entries()) {
    if (before >= groups.length || before <= (gates[index - 1]?.before ?? 0))
      fault(`gate \`${name}\` stands before no group, or not behind the gate before it`);
    if (gates.findIndex((gate) => gate.name === name) < index) fault(`gate \`${name}\` stands twice`);
  }
  for (const [index, { before, task }] of rechecks.entries()) {
    const last = rechecks[index - 1];
    const isSorted = last === undefined || last.before < before || (last.before === before && last.task < task);
    const { effect, tokensMax = 0 } = contracts.get(tasks[task]?.contract ?? "") ?? {};
    if (!isSorted || !isEarlier(task, before) || effect === "write" || tokensMax > 0)
      fault(`recheck ${index} is out of order, of no earlier task, or of one that writes or costs model tokens`);
  }
}
