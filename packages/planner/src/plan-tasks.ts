/**
 * Generic plans in a few lines: a list of tasks with values, a snapshot, and how they wait for one another.
 *
 * @module
 */
import {
  type Digest,
  digestJson,
  type Expectations,
  type JsonObject,
  type JsonValue,
  type Mode,
  type RegistrySnapshot,
  type Task,
} from "@canonic/contracts";
import { ArtifactSet } from "./artifacts.ts";
import { PlannerError } from "./errors.ts";
import { type FrozenPlan, freezePlan, type TaskDraft } from "./freeze.ts";
import { toLevels } from "./groups.ts";

/** `inputs` are values and become artifacts; `after` names tasks of the same request that must be over before. */
export type PlannedTask = {
  readonly name?: string;
  readonly payloadType: string;
  readonly parameters?: JsonObject;
  readonly inputs?: Readonly<Record<string, JsonValue>>;
  readonly binding?: Task["binding"];
  readonly after?: readonly string[];
};

/**
 * `order` says how the tasks run: all independent (the default), one after the other, or by their `after`.
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
  const levels = levelsOf(request.tasks, order);
  const artifacts = new ArtifactSet();
  const tasks = levels.flat().map((index) => toDraft(request.tasks[index], artifacts));
  let next = 0;
  const groups = levels.map((level) => level.map(() => next++));
  return freezePlan({
    mode,
    seed,
    request: request.request ?? digestJson({ groups, tasks: tasks as unknown as JsonValue }),
    registry: request.registry,
    tasks,
    groups,
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

function levelsOf(tasks: readonly PlannedTask[], order: "independent" | "sequential" | "after"): number[][] {
  if (order === "after") {
    return toLevels(tasks.map(({ name, after }, index) => ({ name: name ?? `#${index}`, after: after ?? [] })));
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

function toDraft(task: PlannedTask | undefined, artifacts: ArtifactSet): TaskDraft {
  if (task === undefined) throw new Error("assertion: levels hold indices of the tasks");
  const inputs = Object.entries(task.inputs ?? {}).map(([name, value]) => [name, artifacts.add(value)] as const);
  return {
    payloadType: task.payloadType,
    parameters: task.parameters ?? {},
    inputs: Object.fromEntries(inputs),
    binding: task.binding ?? null,
  };
}
