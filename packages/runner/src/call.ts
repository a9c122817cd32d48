/**
 * Calls: a task with the input that its operation receives and what its contract entitles it to.
 *
 * Invariants:
 *   C1. An input is frozen in depth, and no caller holds a part of it that could be changed.
 *   C2. Entitlements are functions of run, plan and task, but for the time of a recorded operation and the fence of a
 *       write: every attempt of a write has the same idempotency key, every attempt of a seeded operation the same stream.
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
  type Payload,
  type RouteDecision,
  type RouteRequest,
  type TakenRoute,
  type Task,
} from "@canonic/contracts";
import { boundValues } from "./pins.ts";
import type { Entitlement } from "./ports.ts";
import type { Run } from "./run.ts";
import { inputValueOf } from "./salted-values.ts";

/** One task with all that its execution needs. */
export type Call = {
  readonly task: Task;
  readonly input: JsonObject;
  readonly contract: OperationContract;
  readonly entitlement: Entitlement;
};

/**
 * The parameters and, under their names, the values of inputs and bindings; frozen in depth, shared with nobody who could
 * change it. A binding without a value is left out.
 */
export function inputOf(
  run: Pick<Run, "artifacts">,
  task: Task,
  contract: OperationContract,
  bound: ReadonlyMap<string, JsonValue | undefined>,
): JsonObject {
  const input: Record<string, JsonValue> = frozenCopy(task.parameters as JsonObject);
  for (const name of Object.keys(task.inputs))
    input[name] = inputValueOf(contract, run.artifacts.get(task.inputs[name] as Digest) as JsonValue);
  for (const [name, value] of bound) if (value !== undefined) input[name] = value;
  return Object.freeze(input);
}

/** Its values are frozen, the object itself is still open. */
function frozenCopy(parameters: JsonObject): Record<string, JsonValue> {
  return { ...frozenJson(parameters) };
}

/** A completed task once more, for a replay or a recheck; null when its route no longer leads to what was planned. */
export function callAgain(run: Run, task: Task): Call | null {
  const route = run.router.route(task);
  if (route.kind === "refuse" || run.book.digestOf(route.contract) !== task.contract) return null;
  const { contract } = route;
  const input = inputOf(run, task, contract, boundValues(run, task));
  return { task, contract, input, entitlement: entitlementOf(run, task, contract, route.decision) };
}

export function entitlementOf(
  run: Pick<Run, "id" | "plan" | "host" | "fence" | "artifacts">,
  task: Task,
  contract: OperationContract,
  decision: Payload | undefined,
): Entitlement {
  const isWrite = contract.effect === "write";
  const route = contract.service === undefined ? undefined : takenRoute(run, task, decision);
  return {
    task: task.id,
    seed: contract.determinism === "seeded" ? digestJson({ plan: run.plan.seed, task: task.id }) : null,
    now: contract.determinism === "recorded" ? run.host.now() : null,
    idempotencyKey: isWrite ? `${run.id}/${task.id}` : null,
    fence: isWrite ? run.fence : null,
    ...(route === undefined ? {} : { route }),
  };
}

/** Whoever executes the service checks both by their digests. */
function takenRoute(
  { artifacts }: Pick<Run, "artifacts">,
  { route }: Task,
  decision: Payload | undefined,
): TakenRoute | undefined {
  if (route === undefined || decision === undefined) return undefined;
  const request = artifacts.get(route.request) as unknown as RouteRequest;
  return { request, decision: JSON.parse(Buffer.from(decision.bytes).toString("utf8")) as RouteDecision };
}
