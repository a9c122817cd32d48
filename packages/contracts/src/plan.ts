/**
 * Plans: immutable, forward-only, content-addressed.
 *
 * Invariants:
 *   P1. A plan holds no time and no place: its digest is a function of the request, the snapshot and the seed.
 *   P2. Every task is in exactly one group; groups run in order, tasks of a group were declared independent.
 *   P3. Inputs are named by digest; the values travel beside the plan as artifacts.
 *
 * @module
 */
import { z } from "zod";
import { GateName } from "./approval.ts";
import type { JsonObject } from "./canonical-json.ts";
import { Digest, digestJson } from "./digest.ts";
import { ChunkId, deriveId, OperationId, PayloadType, QuestionId, SemanticVersion, TaskId } from "./ids.ts";
import { digestLongJson } from "./long-digest.ts";
import { Mode } from "./operation-contract.ts";
import { Json, mapOf } from "./record-schema.ts";
import { PlannedRoute } from "./routing/planned-route.ts";
import { Principal } from "./token.ts";

/** The version of the meaning of plans and journals that this code writes; every run records it. */
export const SEMANTICS_VERSION = 1;

export const CoreContractName = z.enum(["cardinality", "determinism", "provenance", "routing", "signal-coverage"]);
export type CoreContractName = z.infer<typeof CoreContractName>;

/** How an operation finds a parameter or an input in what it receives. */
const InputName = z.string().regex(/^[A-Za-z][A-Za-z0-9_-]{0,63}$/);

/** A value that an earlier task gives: the position of that task and a JSON Pointer (RFC 6901) into its output. */
export const Binding = z.strictObject({
  task: z.int().min(0),
  pointer: z
    .string()
    .regex(/^(\/[^/]*)*$/)
    .max(512),
});
export type Binding = z.infer<typeof Binding>;

/**
 * One operation with fixed parameters. What the operation receives is `parameters` and, under their names, the values
 * of `inputs` and of `bindings`; the names are disjoint. `binding` says which question and chunk a policy task stands for.
 * `route` is there when the operation was chosen for a capability: the run decides again, and nothing else than the choice runs.
 */
export const Task = z.strictObject({
  id: TaskId,
  position: z.int().min(0),
  payloadType: PayloadType,
  operation: OperationId,
  version: SemanticVersion,
  contract: Digest,
  parameters: mapOf(InputName, Json),
  inputs: mapOf(InputName, Digest),
  bindings: mapOf(InputName, Binding),
  binding: z.strictObject({ question: QuestionId, chunk: ChunkId, chunkDigest: Digest }).nullable(),
  route: PlannedRoute.exactOptional(),
});
export type Task = z.infer<typeof Task>;

/** What must hold over the whole run; `replay` is how many tasks are executed a second time, in another order, and compared. */
export const Expectations = z.strictObject({
  contracts: z.array(CoreContractName),
  outputs: z.int().min(1),
  chunks: z.int().min(1).nullable(),
  fibre: z.int().min(1).nullable(),
  replay: z.int().min(0),
  coverage: z.strictObject({ numerator: z.int().min(0), denominator: z.int().min(1) }).nullable(),
});
export type Expectations = z.infer<typeof Expectations>;

/** A gate stands in front of a group; `reviewDecision` says that its approval must name a decision. */
export const Gate = z.strictObject({ name: GateName, before: z.int().min(1), reviewDecision: z.boolean() });
export type Gate = z.infer<typeof Gate>;

/** Right before `before` is executed, `task` is executed once more, and must give the bytes that it gave. */
export const Recheck = z.strictObject({ before: z.int().min(1), task: z.int().min(0) });
export type Recheck = z.infer<typeof Recheck>;

export const Plan = z.strictObject({
  schema: z.literal("canonic/plan/v1"),
  semantics: z.literal(SEMANTICS_VERSION),
  kind: z.enum(["isolated", "bound"]),
  user: Principal,
  mode: Mode,
  seed: z.int().min(0),
  request: Digest,
  registry: Digest,
  tasks: z.array(Task).min(1).readonly(),
  groups: z.array(z.array(z.int().min(0)).min(1)).min(1),
  gates: z.array(Gate).max(64),
  rechecks: z.array(Recheck).max(1024),
  onFailure: z.enum(["abort", "stop"]),
  artifacts: z.array(Digest),
  expect: Expectations,
});
/**
 * `groups` hold task positions; `gates` are sorted by group, one per group at most; `rechecks` by `before`, then `task`;
 * `artifacts` by code unit, and complete: every input digest is among them. Under `onFailure: "stop"` the first task that
 * is denied or aborted stops the run, which can be resumed there; under `abort` it ends the run. Only a `bound` plan has
 * bindings, gates, rechecks or `stop`.
 */
export type Plan = z.infer<typeof Plan>;

/** The digest that names a plan everywhere. */
export function planDigestOf(plan: Plan): Digest {
  return digestLongJson(plan, "tasks");
}

/**
 * What a task was given, by digest: its operation, contract, parameters and the digests of its inputs.
 *
 * @param bound - The digests of the values of its bindings, by name.
 */
export function inputDigestOf(task: Task, bound: Readonly<Record<string, Digest>> = {}): Digest {
  const { operation, version, contract, parameters, inputs } = task;
  return digestJson({ bound, contract, inputs, operation, parameters, version });
}

/** The id of a task of a plan with this seed: what it runs, what it is given and where it stands, by digest. */
export function taskIdOf(seed: number, task: Omit<Task, "id">): TaskId {
  const { position, payloadType, operation, version, contract, parameters, inputs, bindings, binding, route } = task;
  const always = { binding, bindings, contract, inputs, operation, parameters, payloadType, position, seed, version };
  const named = route === undefined ? always : { ...always, route };
  return deriveId("task", digestJson(named as JsonObject)) as TaskId;
}
