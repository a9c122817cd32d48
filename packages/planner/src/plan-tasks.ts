/**
 * Generic plans in a few lines: a list of tasks with values, a snapshot, and how they wait for one another.
 *
 * @module
 */
import {
  type Digest,
  digestJson,
  type Expectations,
  type Gate,
  type JsonObject,
  type JsonValue,
  type Mode,
  type Plan,
  type RegistrySnapshot,
  type Task,
} from "@canonic/contracts";
import { ArtifactSet } from "./artifacts.ts";
import { assertNoFaults, type Fault, PlannerError } from "./errors.ts";
import { type FrozenPlan, freezePlan, type TaskDraft } from "./freeze.ts";
import { toLevels } from "./groups.ts";

/** A task of the same request: its name, or its index in the list. */
export type TaskReference = string | number;

/**
 * `inputs` are values and become artifacts; `bindings` take what an earlier task gives, at a JSON Pointer (RFC 6901);
 * `after` names tasks of the same request that must be over before.
 */
export type PlannedTask = {
  readonly name?: string;
  readonly payloadType: string;
  readonly parameters?: JsonObject;
  readonly inputs?: Readonly<Record<string, JsonValue>>;
  readonly bindings?: Readonly<Record<string, { readonly task: TaskReference; readonly pointer: string }>>;
  readonly binding?: Task["binding"];
  /** The request and the world, in `context`, that the operation was chosen in. */
  readonly route?: Task["route"];
  readonly after?: readonly string[];
};

/**
 * `order` says how the tasks run: all independent (the default), one after the other, or by their `after` and bindings.
 * A gate stands before the group of the task that it names.
 * `seed` is 0, `mode` live, `request` the digest of the tasks, and the expectation as many outputs as tasks, with
 * the cardinality and routing contracts, unless given. `context` holds values by digest that belong to the plan though no
 * task reads them.
 */
export type TasksRequest = {
  readonly registry: RegistrySnapshot;
  readonly tasks: readonly PlannedTask[];
  readonly order?: "independent" | "sequential" | "after";
  readonly seed?: number;
  readonly mode?: Mode;
  readonly user?: string;
  readonly gates?: readonly {
    readonly name: string;
    readonly before: TaskReference;
    readonly reviewDecision?: boolean;
  }[];
  readonly rechecks?: readonly { readonly before: TaskReference; readonly task: TaskReference }[];
  readonly onFailure?: Plan["onFailure"];
  readonly request?: Digest;
  readonly expect?: Partial<Expectations>;
  readonly context?: ReadonlyMap<Digest, JsonValue>;
};

/**
 * Freezes a plan for a list of tasks. Under `after`, positions follow the levels; otherwise the list.
 *
 * @throws As {@link freezePlan}; also `planner.cycle`, and `planner.request-invalid` for `after` under another order.
 */
export function planTasks(request: TasksRequest): FrozenPlan {
  const { order = "independent", seed = 0, mode = "live" } = request;
  const names = namesOf(request);
  const levels = levelsOf(request.tasks, order, names);
  const artifacts = new ArtifactSet();
  const indices = levels.flat();
  const positions = new Map(indices.map((index, position) => [index, position]));
  const positionOf = (reference: TaskReference) => positions.get(names.get(reference) ?? -1) ?? -1;
  const tasks = indices.map((index) => toDraft(request.tasks[index], artifacts, positionOf));
  let next = 0;
  const groups = levels.map((level) => level.map(() => next++));
  const gates = (request.gates ?? []).map(({ name, before, reviewDecision = false }): Gate => {
    return { name, before: groups.findIndex((group) => group.includes(positionOf(before))), reviewDecision };
  });
  const rechecks = (request.rechecks ?? []).map(({ before, task }) => {
    return { before: positionOf(before), task: positionOf(task) };
  });
  const asked = {
    gates: gates.toSorted((a, b) => a.before - b.before),
    groups,
    onFailure: request.onFailure ?? "abort",
    rechecks: rechecks.toSorted((a, b) => a.before - b.before || a.task - b.task),
    tasks,
  };
  return freezePlan({
    ...(request.user === undefined ? {} : { user: request.user }),
    ...(request.onFailure === undefined ? {} : { onFailure: request.onFailure }),
    mode,
    seed,
    request: request.request ?? digestJson(asked as unknown as JsonValue),
    registry: request.registry,
    tasks: tasks.map((task, position) => ({ ...task, place: `/tasks/${indices[position]}` })),
    groups,
    gates,
    rechecks,
    artifacts: new Map([...(request.context ?? []), ...artifacts.sorted()]),
    expect: {
      contracts: ["cardinality", "routing"],
      outputs: tasks.length,
      chunks: null,
      fibre: null,
      replay: 0,
      coverage: null,
      ...request.expect,
    },
  });
}

/** Index by name and by index; every reference of the request is in it. */
function namesOf(request: TasksRequest): ReadonlyMap<TaskReference, number> {
  const names = new Map<TaskReference, number>(request.tasks.map((_, index) => [index, index]));
  const faults: Fault[] = [];
  request.tasks.forEach(({ name }, index) => {
    if (name === undefined) return;
    // Under `after`, the levels find this, beside names that they miss.
    if (names.has(name) && request.order !== "after")
      faults.push({ place: name, message: `two tasks are called \`${name}\`` });
    else names.set(name, index);
  });
  const check = (reference: TaskReference, place: string) => {
    if (names.has(reference)) return;
    faults.push({ place, message: `\`${place}\` names task \`${reference}\`, which is not in the plan` });
  };
  request.tasks.forEach(({ bindings = {} }, index) => {
    for (const [name, { task }] of Object.entries(bindings)) check(task, `/tasks/${index}/bindings/${name}`);
  });
  request.gates?.forEach(({ before }, index) => {
    check(before, `/gates/${index}`);
  });
  request.rechecks?.forEach(({ before, task }, index) => {
    for (const reference of [before, task]) check(reference, `/rechecks/${index}`);
  });
  assertNoFaults("planner.request-invalid", "the tasks cannot be told apart", faults);
  return names;
}

function levelsOf(
  tasks: readonly PlannedTask[],
  order: "independent" | "sequential" | "after",
  names: ReadonlyMap<TaskReference, number>,
): number[][] {
  if (order === "after") {
    const nameOf = (index: number) => tasks[index]?.name ?? `#${index}`;
    return toLevels(
      tasks.map(({ after, bindings }, index) => {
        const sources = Object.values(bindings ?? {}).map(({ task }) => nameOf(names.get(task) ?? -1));
        return { name: nameOf(index), after: [...(after ?? []), ...sources] };
      }),
    );
  }
  const waiting = tasks.findIndex(({ after }) => after !== undefined && after.length > 0);
  if (waiting !== -1) {
    const message = `task ${waiting} waits for others, but the order is ${order}`;
    const faults = [{ place: `/tasks/${waiting}/after`, message }];
    throw new PlannerError("planner.request-invalid", message, { faults });
  }
  const indices = tasks.map((_, index) => index);
  return order === "sequential" ? indices.map((index) => [index]) : [indices];
}

function toDraft(
  task: PlannedTask | undefined,
  artifacts: ArtifactSet,
  positionOf: (reference: TaskReference) => number,
): TaskDraft {
  if (task === undefined) throw new Error("assertion: levels hold indices of the tasks");
  const inputs = Object.entries(task.inputs ?? {}).map(([name, value]) => [name, artifacts.add(value)] as const);
  const bindings = Object.entries(task.bindings ?? {}).map(([name, { task: source, pointer }]) => {
    return [name, { task: positionOf(source), pointer }] as const;
  });
  return {
    payloadType: task.payloadType,
    parameters: task.parameters ?? {},
    inputs: Object.fromEntries(inputs),
    bindings: Object.fromEntries(bindings),
    binding: task.binding ?? null,
    ...(task.route === undefined ? {} : { route: task.route }),
  };
}
