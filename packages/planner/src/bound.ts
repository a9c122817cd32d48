/**
 * What makes a plan `bound`: bindings, gates, rechecks, and stopping instead of failing. Checked when the plan is made.
 *
 * Invariants:
 *   B1. Forward only: a binding and a recheck name a task of an earlier group.
 *   B2. A binding's pointer can find something under the contract of its source, and its name is one that the task takes.
 *   B3. No output of a bound plan declares a property that is named like a secret: outputs are pins, and pins are kept.
 *   B4. Only pure and read operations that cost no model tokens are executed again by a recheck.
 *   B5. At most one gate stands before a group, and none before the first.
 *
 * @module
 */
import {
  type Binding,
  byCodeUnit,
  type Gate,
  type JsonValue,
  type OperationContract,
  type Plan,
  pointerTo,
  type Recheck,
  secretShapedKeys,
} from "@canonic/contracts";
import { assertNoFaults, type Fault } from "./errors.ts";
import { placeOf, type TaskDraft } from "./freeze.ts";
import { declaredProperties, isPointerPossible } from "./schema-pointer.ts";

export type BoundParts = {
  readonly gates: readonly Gate[];
  readonly rechecks: readonly Recheck[];
  readonly onFailure: Plan["onFailure"];
};

/** `bound` as soon as one task may depend on what a run brings. */
function kindOf(drafts: readonly TaskDraft[], { gates, rechecks, onFailure }: BoundParts): Plan["kind"] {
  const hasBindings = drafts.some(({ bindings }) => Object.keys(bindings ?? {}).length > 0);
  return hasBindings || gates.length > 0 || rechecks.length > 0 || onFailure === "stop" ? "bound" : "isolated";
}

/**
 * Checks all of it; gates come back sorted by group, rechecks by `before`, then `task`.
 *
 * @param contracts - The contract of each task, by position.
 * @throws {PlannerError} `planner.bindings-invalid`, `planner.gates-invalid`, `planner.rechecks-invalid`,
 *   `planner.pin-secret`, each with every fault.
 */
export function checkBound(
  drafts: readonly TaskDraft[],
  contracts: readonly OperationContract[],
  groups: readonly (readonly number[])[],
  parts: BoundParts,
): Pick<BoundParts, "gates" | "rechecks"> & { readonly kind: Plan["kind"] } {
  const groupOf = new Map(groups.flatMap((group, index) => group.map((position) => [position, index] as const)));
  const isEarlier = (task: number, than: number) => (groupOf.get(task) ?? Infinity) < (groupOf.get(than) ?? -1);
  const bindings = drafts.flatMap((draft, position) =>
    Object.entries(draft.bindings ?? {}).flatMap(([name, binding]) =>
      bindingFaults({ position, name, binding, draft }, contracts, isEarlier),
    ),
  );
  assertNoFaults("planner.bindings-invalid", "a binding cannot be resolved", bindings);
  assertNoFaults("planner.gates-invalid", "a gate stands where none can", gateFaults(parts.gates, groups.length));
  const rechecks = parts.rechecks.flatMap((recheck, index) => recheckFault(recheck, index, contracts, isEarlier));
  const seen = new Set<string>();
  parts.rechecks.forEach(({ before, task }, index) => {
    const place = `/rechecks/${index}`;
    if (seen.has(`${before} ${task}`)) rechecks.push({ place, message: `\`${place}\` is there twice` });
    seen.add(`${before} ${task}`);
  });
  assertNoFaults("planner.rechecks-invalid", "a task cannot be rechecked", rechecks);
  const kind = kindOf(drafts, parts);
  if (kind === "bound")
    assertNoFaults("planner.pin-secret", "an output is named like a secret", secretFaults(contracts));
  return {
    kind,
    gates: parts.gates.toSorted((a, b) => a.before - b.before),
    rechecks: parts.rechecks.toSorted((a, b) => a.before - b.before || a.task - b.task),
  };
}

function bindingFaults(
  at: { readonly position: number; readonly name: string; readonly binding: Binding; readonly draft: TaskDraft },
  contracts: readonly OperationContract[],
  isEarlier: (task: number, than: number) => boolean,
): Fault[] {
  const { position, name, binding, draft } = at;
  const place = `${placeOf(draft, position)}/bindings/${name}`;
  const fault = (message: string): Fault => ({ place, message: `\`${place}\` ${message}` });
  const faults: Fault[] = [];
  if (Object.hasOwn(draft.parameters ?? {}, name)) faults.push(fault("is also a parameter"));
  if (Object.hasOwn(draft.inputs ?? {}, name)) faults.push(fault("is also an input"));
  const [source, own] = [contracts[binding.task], contracts[position]];
  if (own !== undefined && !isPointerPossible(own.input as JsonValue, pointerTo([name]))) {
    faults.push(fault(`is no input of \`${own.operation}\``));
  }
  if (source === undefined) return [...faults, fault(`names task ${binding.task}, which is not in the plan`)];
  if (!isEarlier(binding.task, position))
    faults.push(fault(`names task ${binding.task}, which is not in an earlier group`));
  if (!isPointerPossible(source.output as JsonValue, binding.pointer)) {
    faults.push(fault(`points to \`${binding.pointer}\`, which no output of \`${source.operation}\` has`));
  }
  return faults;
}

function gateFaults(gates: readonly Gate[], groups: number): Fault[] {
  const names = new Set<string>();
  const places = new Set<number>();
  return gates.flatMap(({ name, before }, index) => {
    const place = `/gates/${index}`;
    const faults: Fault[] = [];
    if (names.has(name)) faults.push({ place, message: `two gates are called \`${name}\`` });
    if (places.has(before)) faults.push({ place, message: `two gates stand before group ${before}` });
    if (!Number.isInteger(before) || before < 1 || before >= groups) {
      faults.push({ place, message: `gate \`${name}\` stands before group ${before}, not before 1 to ${groups - 1}` });
    }
    names.add(name);
    places.add(before);
    return faults;
  });
}

function recheckFault(
  { before, task }: Recheck,
  index: number,
  contracts: readonly OperationContract[],
  isEarlier: (task: number, than: number) => boolean,
): Fault[] {
  const place = `/rechecks/${index}`;
  const contract = contracts[task];
  if (contract === undefined || contracts[before] === undefined) {
    return [{ place, message: `\`${place}\` names a task that is not in the plan` }];
  }
  const faults: Fault[] = [];
  if (!isEarlier(task, before)) {
    faults.push({ place, message: `\`${place}\` rechecks task ${task}, which is not in an earlier group` });
  }
  if (contract.effect === "write") {
    faults.push({ place, message: `\`${place}\` would execute the write \`${contract.operation}\` again` });
  }
  if ((contract.tokensMax ?? 0) > 0) {
    faults.push({ place, message: `\`${place}\` would pay for the model tokens of \`${contract.operation}\` again` });
  }
  return faults;
}

function secretFaults(contracts: readonly OperationContract[]): Fault[] {
  const byOperation = new Map(contracts.map((contract) => [`${contract.operation}@${contract.version}`, contract]));
  return [...byOperation]
    .sort(([a], [b]) => byCodeUnit(a, b))
    .flatMap(([id, { output }]) =>
      declaredProperties(output as JsonValue)
        .filter(({ name }) => secretShapedKeys({ [name]: null }).length > 0)
        .map(({ name, place }) => ({ place: `${id}${place}`, message: `\`${id}\` gives \`${name}\`` })),
    );
}
