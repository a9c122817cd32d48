/**
 * Calls: a task with the input that its operation receives and what its contract entitles it to.
 *
 * Invariants:
 *   C1. An input is frozen in depth, and no caller holds a part of it that could be changed.
 *   C2. Entitlements are functions of run, plan and task, but for the time of a recorded operation: every attempt of a
 *       write has the same idempotency key, every attempt of a seeded operation the same stream.
 *
 * @module
 */
import {
  type Digest,
  digestJson,
  frozenJson,
  type JsonObject,
  type JsonValue,
  type OperationContract,
  type Task,
} from "@canonic/contracts";
import type { Entitlement } from "./ports.ts";
import type { Run } from "./run.ts";

/** One task with all that its execution needs. */
export type Call = {
  readonly task: Task;
  readonly input: JsonObject;
  readonly contract: OperationContract;
  readonly entitlement: Entitlement;
};

/** The parameters and, under their names, the values of the inputs; frozen in depth, shared with nobody who could change it. */
export function inputOf(run: Pick<Run, "artifacts">, task: Task): JsonObject {
  const input: Record<string, JsonValue> = frozenCopy(task.parameters as JsonObject);
  for (const name of Object.keys(task.inputs))
    input[name] = run.artifacts.get(task.inputs[name] as Digest) as JsonValue;
  return Object.freeze(input);
}

/** Its values are frozen, the object itself is still open. */
function frozenCopy(parameters: JsonObject): Record<string, JsonValue> {
  return { ...frozenJson(parameters) };
}

export function entitlementOf(
  run: Pick<Run, "id" | "plan" | "host">,
  task: Task,
  contract: OperationContract,
): Call["entitlement"] {
  return {
    task: task.id,
    seed: contract.determinism === "seeded" ? digestJson({ plan: run.plan.seed, task: task.id }) : null,
    now: contract.determinism === "recorded" ? run.host.now() : null,
    idempotencyKey: contract.effect === "write" ? `${run.id}/${task.id}` : null,
  };
}
