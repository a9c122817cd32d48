/**
 * Freezing: drafts and a snapshot become an immutable plan named by its digest.
 *
 * Everything that can be refused is refused here, before anything runs.
 *
 * Invariants:
 *   F1. The digest is a function of the request, the snapshot and the seed: no clock, place or process is in reach.
 *   F2. Every payload type has exactly one route, every task's arguments satisfy its contract, every contract has the
 *       plan's mode, every input is among the artifacts under its own digest.
 *   F3. A task's id derives from the seed, its position, what it runs and what it is given; ids are unique.
 *   F4. The number of tasks, chunks and fibres is what the plan expects, or CardinalityViolation.
 *   F5. What is returned is frozen in depth, in canonical key order, and shares nothing with what came in.
 *
 * @module
 */
import {
  byCodeUnit,
  CoreContractViolation,
  type Digest,
  type Expectations,
  type JsonObject,
  type JsonValue,
  type Mode,
  type Plan,
  Plan as PlanSchema,
  type Reason,
  type RegistrySnapshot,
  SEMANTICS_VERSION,
  snapshotDigestOf,
  sortSnapshot,
  type Task,
  taskIdOf,
} from "@canonic/contracts";
import { assertArguments } from "./arguments.ts";
import { canonicalCopy, sortArtifacts } from "./artifacts.ts";
import { cardinalityFaults } from "./cardinality.ts";
import { assertNoFaults, type Fault, PlannerError } from "./errors.ts";
import { checkGroups } from "./groups.ts";
import { routeAll, type Target, targetOf } from "./routes.ts";

/** One task before it has an operation and an id; `inputs` name artifacts by digest. */
export type TaskDraft = {
  readonly payloadType: string;
  readonly parameters?: JsonObject;
  readonly inputs?: Readonly<Record<string, Digest>>;
  readonly binding?: Task["binding"];
};

/** `request` is the digest of what was asked for; `groups` hold positions in `tasks`, by default all in one group. */
export type FreezeRequest = {
  readonly mode: Mode;
  readonly seed: number;
  readonly request: Digest;
  readonly registry: RegistrySnapshot;
  readonly tasks: readonly TaskDraft[];
  readonly groups?: readonly (readonly number[])[];
  readonly artifacts: ReadonlyMap<Digest, JsonValue>;
  readonly expect: Expectations;
};

/** A plan, its name, and the values that it names; `artifacts` iterate in code-unit order of their digests. */
export type FrozenPlan = {
  readonly plan: Plan;
  readonly planDigest: Digest;
  readonly artifacts: ReadonlyMap<Digest, JsonValue>;
};

/**
 * Freezes an isolated plan.
 *
 * @throws {CoreContractViolation} RoutingViolation or CardinalityViolation, with every reason.
 * @throws {PlannerError} `planner.empty-plan`, `planner.request-invalid`, `planner.arguments-invalid`,
 *   `planner.artifacts-invalid`, `planner.groups-invalid`, `planner.mode-mismatch`, each with every fault.
 */
export function freezePlan(request: FreezeRequest): FrozenPlan {
  const { mode, seed, tasks: drafts, expect } = request;
  if (drafts.length === 0) throw new PlannerError("planner.empty-plan", "a plan needs at least one task", {});
  const targets = routeAll(
    request.registry,
    drafts.map(({ payloadType }) => payloadType),
  );
  assertMode(targets, mode);
  const artifacts = copyArtifacts(request.artifacts);
  assertArguments(drafts, targets, artifacts);
  const tasks = drafts.map((draft, position) => toTask(draft, position, seed, targets));
  assertCardinality(tasks, expect);
  const plan: Plan = {
    schema: "canonic/plan/v1",
    semantics: SEMANTICS_VERSION,
    kind: "isolated",
    mode,
    seed,
    request: request.request,
    registry: snapshotDigestOf(sortSnapshot(request.registry)),
    tasks,
    groups: checkGroups(request.groups ?? [tasks.map(({ position }) => position)], tasks.length),
    artifacts: [...artifacts.keys()],
    expect,
  };
  assertShape(plan);
  const { digest, copy } = canonicalCopy(plan as unknown as JsonObject);
  return Object.freeze({ plan: copy as unknown as Plan, planDigest: digest, artifacts });
}

function toTask(draft: TaskDraft, position: number, seed: number, targets: ReadonlyMap<string, Target>): Task {
  const target = targetOf(draft.payloadType, targets);
  const { operation, version } = target.contract;
  const task = {
    position,
    payloadType: draft.payloadType as Task["payloadType"],
    operation,
    version,
    contract: target.digest,
    parameters: (draft.parameters ?? {}) as Task["parameters"],
    inputs: { ...draft.inputs },
    binding: draft.binding ?? null,
  };
  return { id: taskIdOf(seed, task), ...task };
}

function copyArtifacts(given: ReadonlyMap<Digest, JsonValue>): ReadonlyMap<Digest, JsonValue> {
  const faults: Fault[] = [];
  const copies = new Map<Digest, JsonValue>();
  for (const [name, value] of given) {
    const { digest, copy } = canonicalCopy(value);
    copies.set(name, copy);
    if (digest !== name) faults.push({ place: name, message: `artifact \`${name}\` has the bytes of \`${digest}\`` });
  }
  assertNoFaults("planner.artifacts-invalid", "an artifact is not what its digest says", faults.sort(byPlace));
  return sortArtifacts(copies);
}

function assertMode(targets: ReadonlyMap<string, Target>, mode: Mode): void {
  const faults = [...targets].flatMap(([payloadType, { contract }]) => {
    const message = `\`${contract.operation}\` is registered for ${contract.mode}, the plan is for ${mode}`;
    return contract.mode === mode ? [] : [{ place: payloadType, message }];
  });
  assertNoFaults("planner.mode-mismatch", "an operation has another mode than the plan", faults.sort(byPlace));
}

function assertCardinality(tasks: readonly Task[], expect: Expectations): void {
  const reasons: Reason[] = cardinalityFaults(tasks, expect);
  if (reasons.length > 0) throw new CoreContractViolation("cardinality", reasons);
}

function assertShape(plan: Plan): void {
  const parsed = PlanSchema.safeParse(plan);
  const faults = (parsed.error?.issues ?? []).map(({ path, message }) => {
    const place = path.map((step) => `/${String(step)}`).join("");
    return { place, message: `\`${place}\` ${message}` };
  });
  const { contracts, coverage, replay } = plan.expect;
  if (replay > plan.tasks.length) {
    faults.push({ place: "/expect/replay", message: `${replay} replays are expected of ${plan.tasks.length} tasks` });
  }
  if (new Set(contracts).size !== contracts.length) {
    faults.push({ place: "/expect/contracts", message: "a core contract is expected twice" });
  }
  if (contracts.includes("signal-coverage") !== (coverage !== null)) {
    faults.push({
      place: "/expect/coverage",
      message: "coverage and its contract are expected together or not at all",
    });
  }
  assertNoFaults("planner.request-invalid", "the request makes no well-formed plan", faults);
}

function byPlace(a: Fault, b: Fault): number {
  return byCodeUnit(a.place, b.place);
}
