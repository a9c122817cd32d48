/**
 * The shape of a plan, beyond its schema: what a planner refuses to freeze, a verifier refuses to believe.
 *
 * Invariants:
 *   S1. A task's id is derived again from the seed and the task: a plan under another seed is another plan.
 *   S2. A plan that demands less than its kind of run promises is not false. It is left open, and what is missing is
 *       named: nobody reads VALID and takes for proven what was never demanded.
 *
 * @see The planner's `freezePlan`, which refuses the same.
 * @module
 */
import { CoreContractName, type Digest, digestJson, type JsonValue, type Plan, taskIdOf } from "@canonic/contracts";
import { PLAN } from "./bundle-layout.ts";
import type { Findings } from "./findings.ts";

/** What a policy plan demands at least. */
const POLICY = { chunks: 60, fibre: 5, coverage: { numerator: 85, denominator: 100 } } as const;

/** Artifacts of these schemas are of a policy run, whether the tasks say so or not. */
const POLICY_SCHEMAS: readonly unknown[] = ["canonic/chunk/v1", "canonic/policy-package/v1", "canonic/question/v1"];

/** Every task at its own position, every id once, every position in exactly one group, artifacts in order and once. */
export function isPlanWhole(plan: Plan, positions: ReadonlyMap<string, number>): boolean {
  return (
    plan.tasks.every(({ position }, index) => position === index) &&
    positions.size === plan.tasks.length &&
    isEachOnce(plan.groups, plan.tasks.length) &&
    plan.artifacts.every((digest, index) => index === 0 || (plan.artifacts[index - 1] as Digest) < digest)
  );
}

/** Where each task stands, by its id; fewer than there are tasks when an id stands twice. */
export function positionsOf({ tasks }: Plan): ReadonlyMap<string, number> {
  const positions = new Map<string, number>();
  for (const [position, { id }] of tasks.entries()) positions.set(id, position);
  return positions;
}

function isEachOnce(groups: Plan["groups"], count: number): boolean {
  const isSeen = new Uint8Array(count);
  let seen = 0;
  for (const group of groups)
    for (const position of group) {
      if (position >= count || isSeen[position] === 1) return false;
      isSeen[position] = 1;
      seen += 1;
    }
  return seen === count;
}

/** True for a plan whose tasks are bound to questions and chunks, or that names such values. */
export function isPolicyPlan(plan: Plan, artifacts: ReadonlyMap<Digest, JsonValue>): boolean {
  return (
    plan.tasks.some(({ binding }) => binding !== null) ||
    plan.artifacts.some((digest) => POLICY_SCHEMAS.includes(schemaOf(artifacts.get(digest))))
  );
}

/** The `schema` that a value names itself. */
export function schemaOf(value: JsonValue | undefined): unknown {
  return (value as { readonly schema?: unknown } | null | undefined)?.schema;
}

/** Ids, expectations and the request, held against each other. */
export function checkPlanShape(plan: Plan, artifacts: ReadonlyMap<Digest, JsonValue>, findings: Findings): void {
  for (const task of plan.tasks) {
    if (task.id !== taskIdOf(plan.seed, task))
      findings.invalid(
        "task-id",
        task.id,
        `the id of task ${task.position} does not derive from the task and the seed`,
      );
  }
  checkExpectations(plan, findings);
  const isPolicy = isPolicyPlan(plan, artifacts);
  if (isPolicy) checkPolicyFloor(plan, findings);
  checkRequest(plan, isPolicy, findings);
}

/** What no planner freezes (S1). */
function checkExpectations({ expect, tasks }: Plan, findings: Findings): void {
  const { contracts, coverage, replay } = expect;
  const fault = (message: string) => findings.invalid("plan-malformed", PLAN, message);
  if (new Set(contracts).size !== contracts.length) fault("a core contract is expected twice");
  if (contracts.includes("signal-coverage") !== (coverage !== null))
    fault("coverage and its contract are expected together or not at all");
  if (replay > tasks.length) fault(`${replay} replays are expected of ${tasks.length} tasks`);
  if (contracts.includes("determinism") && replay === 0) fault("determinism is expected, and nothing to be replayed");
}

/** What a policy run promises and this plan does not demand (S2). */
function checkPolicyFloor({ expect, tasks }: Plan, findings: Findings): void {
  const { chunks, contracts, coverage, fibre } = expect;
  const low = (message: string) => findings.open("expectation-low", PLAN, message);
  const missing = CoreContractName.options.filter((name) => !contracts.includes(name)).sort();
  if (missing.length > 0) {
    findings.open("contract-not-expected", PLAN, `the plan of a policy run does not expect: ${missing.join(", ")}`);
  }
  if (chunks === null || chunks < POLICY.chunks)
    low(`the plan expects ${chunks ?? "no"} chunks, a policy run has ${POLICY.chunks}`);
  if (fibre === null || fibre < POLICY.fibre)
    low(`the plan expects ${fibre ?? "no"} tasks per chunk, a policy run has ${POLICY.fibre}`);
  const floor = POLICY.coverage;
  if (coverage !== null && coverage.numerator * floor.denominator < floor.numerator * coverage.denominator) {
    low(
      `the plan expects a coverage of ${coverage.numerator}/${coverage.denominator}, a policy run ${floor.numerator}/${floor.denominator}`,
    );
  }
  const unbound = tasks.filter(({ binding }) => binding === null).length;
  if (unbound > 0) low(`${unbound} tasks of a policy run are bound to no question and chunk`);
}

/** The request is an artifact; a generic plan without one may name the digest of its own tasks and their order instead. */
function checkRequest(plan: Plan, isPolicy: boolean, findings: Findings): void {
  if (plan.artifacts.includes(plan.request)) return;
  const tasks = plan.tasks.map(({ payloadType, parameters, inputs, bindings, binding, route }) => ({
    payloadType,
    parameters,
    inputs,
    bindings,
    binding,
    ...(route === undefined ? {} : { route }),
  }));
  const { gates, groups, onFailure, rechecks } = plan;
  const asked = { gates, groups, onFailure, rechecks, tasks };
  if (!isPolicy && plan.request === digestJson(asked as unknown as JsonValue)) return;
  findings.invalid("request-unknown", PLAN, "what the plan was made for is not among its artifacts");
}
