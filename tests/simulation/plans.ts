/**
 * Generated plans: isolated and bound, with groups, gates, bindings and rechecks, and the upsets that their executions meet.
 *
 * @module
 */
import {
  type Binding,
  type Digest,
  digestJson,
  type Gate,
  type JsonValue,
  type OperationContract,
  type Plan,
  type Recheck,
  type Task,
  taskIdOf,
} from "@canonic/contracts";
import type { AbortCode } from "@canonic/runner";
import { type FailureMode, OPERATION_NAMES, type OperationName, payloadTypeOf, REGISTRIES } from "./operations.ts";
import type { Choices } from "./seeded-choices.ts";

/** How an execution goes wrong: a stated failure mode, an abort, or an output that is none. */
export type Upset =
  | { readonly kind: "mode"; readonly mode: FailureMode }
  | { readonly kind: "abort"; readonly code: AbortCode }
  | { readonly kind: "invalid-output" };

export type PlannedWorld = {
  readonly plan: Plan;
  readonly artifacts: ReadonlyMap<Digest, JsonValue>;
  /** By position: what the first executions of a task meet, in order; with `forever` the last one never ends. */
  readonly upsets: ReadonlyMap<number, { readonly first: readonly Upset[]; readonly forever: boolean }>;
  /** Tasks whose second execution gives other bytes: their contract is broken. */
  readonly unstable: ReadonlySet<number>;
};

export const PLAN_USER = "ana";

/** The plan of a seed. */
export function planOf(choices: Choices): PlannedWorld {
  const kind = choices.chance(7, 10) ? "bound" : "isolated";
  const mode = choices.chance(6, 10) ? "live" : "dryrun";
  const registry = REGISTRIES[mode];
  const size = choices.weighted([
    [1, 1],
    [3, 2],
    [4, 3],
    [3, 4],
    [2, 5],
    [1, 6],
    [1, 7],
    [1, 8],
  ]);
  const groups = groupsOf(choices, size, kind);
  const groupOf = (position: number): number => groups.findIndex((group) => group.includes(position));
  const values: JsonValue[] = Array.from({ length: choices.below(3) }, (_, index) => ({ document: index }));
  const artifacts = new Map(values.map((value) => [digestJson(value), value]));

  const tasks: Task[] = [];
  for (let position = 0; position < size; position += 1) {
    const name = operationOf(choices, kind);
    const earlier = tasks.filter((task) => groupOf(task.position) < groupOf(position));
    const task: Omit<Task, "id"> = {
      position,
      payloadType: payloadTypeOf(name),
      operation: (registry.contracts.get(name) as OperationContract).operation,
      version: "1.0.0",
      contract: registry.digests.get(name) as Digest,
      parameters: { n: position },
      inputs: artifacts.size > 0 && choices.chance(1, 3) ? { document: choices.pick([...artifacts.keys()]) } : {},
      bindings: kind === "bound" && earlier.length > 0 ? bindingsOf(choices, earlier) : {},
      binding: null,
    };
    tasks.push({ ...task, id: taskIdOf(7, task) });
  }
  const plan: Plan = {
    schema: "canonic/plan/v1",
    semantics: 1,
    kind,
    user: PLAN_USER,
    mode,
    seed: 7,
    request: digestJson("a simulated request"),
    registry: registry.digest,
    tasks,
    groups,
    gates: kind === "bound" ? gatesOf(choices, groups.length) : [],
    rechecks: kind === "bound" ? rechecksOf(choices, tasks, groupOf) : [],
    onFailure: kind === "bound" && choices.chance(6, 10) ? "stop" : "abort",
    artifacts: [...artifacts.keys()].sort(),
    expect: {
      contracts: ["cardinality", "determinism"],
      outputs: size,
      chunks: null,
      fibre: null,
      replay: choices.below(3),
      coverage: null,
    },
  };
  return { plan, artifacts, upsets: upsetsOf(choices, tasks), unstable: unstableOf(choices, tasks) };
}

function operationOf(choices: Choices, kind: Plan["kind"]): OperationName {
  return choices.weighted<OperationName>(
    OPERATION_NAMES.map((name) => {
      if (name === "calc.whisper") return [kind === "bound" ? 1 : 2, name];
      if (name === "target.put" || name === "source.look") return [12, name];
      return [name === "target.push" ? 8 : 5, name];
    }),
  );
}

/** Isolated plans take positions in any order; in bound ones, groups follow positions, and only the order inside one is free. */
function groupsOf(choices: Choices, size: number, kind: Plan["kind"]): number[][] {
  const positions = Array.from({ length: size }, (_, position) => position);
  const order = kind === "isolated" ? shuffled(choices, positions) : positions;
  const groups: number[][] = [];
  for (const position of order) {
    const last = groups.at(-1);
    if (last === undefined || choices.chance(3, 5)) groups.push([position]);
    else last.push(position);
  }
  return groups.map((group) => shuffled(choices, group));
}

function shuffled<T>(choices: Choices, values: readonly T[]): T[] {
  const result = [...values];
  for (let last = result.length - 1; last > 0; last -= 1) {
    const chosen = choices.below(last + 1);
    [result[last], result[chosen]] = [result[chosen] as T, result[last] as T];
  }
  return result;
}

/** `/absent` is a pin that nobody gives, `/at` a text where there is one: no operation takes it. */
function bindingsOf(choices: Choices, earlier: readonly Task[]): Record<string, Binding> {
  const names = ["left", "right"].slice(0, choices.below(3));
  return Object.fromEntries(
    names.map((name) => {
      const { position, operation } = choices.pick(earlier);
      const isTold = operation === "source.stamp" || operation === "model.ask";
      const wrong = isTold && choices.chance(1, 2) ? "/at" : "/absent";
      return [name, { task: position, pointer: choices.chance(1, 50) ? wrong : choices.pick(["", "/v", "/n"]) }];
    }),
  );
}

function gatesOf(choices: Choices, groups: number): Gate[] {
  const before = Array.from({ length: groups - 1 }, (_, index) => index + 1).filter(() => choices.chance(2, 5));
  return before.map((group, index) => ({
    name: `SG_${index + 1}`,
    before: group,
    reviewDecision: choices.chance(1, 3),
  }));
}

/** Only what gives the same bytes again can be looked at twice. */
function rechecksOf(choices: Choices, tasks: readonly Task[], groupOf: (position: number) => number): Recheck[] {
  return tasks.flatMap((before) => {
    const candidates = tasks.filter(
      (task) =>
        (task.operation === "source.look" || task.operation === "calc.compute" || task.operation === "calc.draw") &&
        task.position < before.position &&
        groupOf(task.position) < groupOf(before.position),
    );
    const isWrite = before.operation.startsWith("target.");
    return candidates
      .filter(() => choices.chance(isWrite ? 2 : 1, isWrite ? 3 : 8))
      .map((task) => ({ before: before.position, task: task.position }));
  });
}

const ABORTS = [
  "runner.timeout",
  "runner.output-too-large",
  "runner.memory-exceeded",
  "runner.output-invalid",
  "runner.operation-failed",
  "runner.worker-exited",
  "runner.tokens-exceeded",
  "runner.boundary-violation",
] as const satisfies readonly AbortCode[];

function upsetsOf(choices: Choices, tasks: readonly Task[]): PlannedWorld["upsets"] {
  const upset = (): Upset => {
    const kind = choices.below(5);
    if (kind < 2) return { kind: "mode", mode: choices.pick(["sim.source-gone", "sim.refused-by-target"]) };
    return kind < 4 ? { kind: "abort", code: choices.pick(ABORTS) } : { kind: "invalid-output" };
  };
  return new Map(
    tasks
      .filter(() => choices.chance(1, 12))
      .map(({ position }) => [
        position,
        { first: Array.from({ length: choices.between(1, 2) }, upset), forever: choices.chance(1, 4) },
      ]),
  );
}

function unstableOf(choices: Choices, tasks: readonly Task[]): Set<number> {
  const pure = tasks.filter(({ operation }) => operation === "calc.compute" && choices.chance(1, 25));
  return new Set(pure.map(({ position }) => position));
}
