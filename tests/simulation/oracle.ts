/**
 * The oracle: what a plan must give, computed directly, without a runner.
 *
 * What no plan fixes (the version of a source, the time of a recorded answer) is taken from the output itself and held
 * against what the world has told.
 *
 * @module
 */
import {
  canonicalJson,
  type Digest,
  digestJson,
  type JsonObject,
  type JsonValue,
  type OperationContract,
  type Task,
  valueAtPointer,
} from "@canonic/contracts";
import { evaluate, REGISTRIES } from "./operations.ts";
import type { World } from "./world.ts";

/** Why `outputs`, canonical JSON by position, are not what the plan gives; null when they are. */
export function oracleFault(world: World, outputs: readonly string[]): string | null {
  const { plan, artifacts } = world.planned;
  if (outputs.length !== plan.tasks.length) return `${outputs.length} outputs of ${plan.tasks.length} tasks`;
  const given = outputs.map((output) => JSON.parse(output) as JsonObject);
  for (const task of plan.tasks) {
    const output = given[task.position] as JsonObject;
    const contract = REGISTRIES[plan.mode].contracts.get(task.operation) as OperationContract;
    const { at, version } = output as { at?: string; version?: number };
    if (at !== undefined && !world.told.has(at)) return `task ${task.position} tells a time that never was`;
    const expected = evaluate(task.operation, inputOf(task, artifacts, given), {
      seed: contract.determinism === "seeded" ? digestJson({ plan: plan.seed, task: task.id }) : null,
      now: at ?? null,
      idempotencyKey: contract.effect === "write" ? `${world.run}/${task.id}` : null,
      sourceVersion: version ?? 0,
    });
    if (canonicalJson(expected) !== outputs[task.position])
      return `task ${task.position} gave ${outputs[task.position]}, not ${canonicalJson(expected)}`;
  }
  return null;
}

function inputOf(task: Task, artifacts: ReadonlyMap<Digest, JsonValue>, given: readonly JsonObject[]): JsonObject {
  const input: Record<string, JsonValue> = { ...(task.parameters as JsonObject) };
  for (const [name, digest] of Object.entries(task.inputs)) input[name] = artifacts.get(digest as Digest) as JsonValue;
  for (const [name, { task: from, pointer }] of Object.entries(task.bindings))
    input[name] = valueAtPointer(given[from] as JsonObject, pointer) as JsonValue;
  return input;
}
