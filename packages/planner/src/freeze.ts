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
  type Binding,
  byCodeUnit,
  CoreContractViolation,
  type Digest,
  type Expectations,
  type Gate,
  type JsonObject,
  type JsonValue,
  type Mode,
  type Plan,
  Plan as PlanSchema,
  pointerTo,
  type Reason,
  type Recheck,
  type RegistrySnapshot,
  SEMANTICS_VERSION,
  snapshotDigestOf,
  sortSnapshot,
  type Task,
  taskIdOf,
} from "@canonic/contracts";
import { assertArguments } from "./arguments.ts";
import { canonicalCopy, sortArtifacts } from "./artifacts.ts";
import { checkBound } from "./bound.ts";
import { cardinalityFaults } from "./cardinality.ts";
import { assertNoFaults, type Fault, PlannerError } from "./errors.ts";
import { checkGroups } from "./groups.ts";
import { routeAll, type Target, targetOf } from "./routes.ts";

/** Who a plan is for when nobody says: whoever sits at this machine. */
export const LOCAL_USER = "local-operator";

/**
 * One task before it has an operation and an id; `inputs` name artifacts by digest, `bindings` earlier tasks by position.
 * `place` is what faults call it, by default `/tasks/<position>`.
 */
export type TaskDraft = {
  readonly payloadType: string;
  readonly parameters?: JsonObject;
  readonly inputs?: Readonly<Record<string, Digest>>;
  readonly bindings?: Readonly<Record<string, Binding>>;
  readonly binding?: Task["binding"];
  /** What the operation was chosen in, where it was; both are among the artifacts. */
  readonly route?: Task["route"];
  readonly place?: string;
};

/** What a fault calls a task. */
export function placeOf(draft: TaskDraft, position: number): string {
  return draft.place ?? `/tasks/${position}`;
}

/**
 * `request` is the digest of what was asked for; `groups` hold positions in `tasks`, by default all in one group. A gate
 * stands before a group, by its index; a recheck names two positions. `user` is {@link LOCAL_USER} and `onFailure` abort,
 * unless given.
 */
export type FreezeRequest = {
  readonly mode: Mode;
  readonly seed: number;
  readonly request: Digest;
  readonly registry: RegistrySnapshot;
  readonly tasks: readonly TaskDraft[];
  readonly groups?: readonly (readonly number[])[];
  readonly user?: string;
  readonly gates?: readonly Gate[];
  readonly rechecks?: readonly Recheck[];
  readonly onFailure?: Plan["onFailure"];
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
 * Freezes a plan: isolated, or bound as soon as it has bindings, gates, rechecks, or stops where it fails.
 *
 * @throws {CoreContractViolation} RoutingViolation or CardinalityViolation, with every reason.
 * @throws {PlannerError} `planner.empty-plan`, `planner.request-invalid`, `planner.arguments-invalid`,
 *   `planner.artifacts-invalid`, `planner.groups-invalid`, `planner.mode-mismatch`, `planner.bindings-invalid`,
 *   `planner.gates-invalid`, `planner.rechecks-invalid`, `planner.pin-secret`, each with every fault.
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
  const groups = checkGroups(request.groups ?? [drafts.map((_, position) => position)], drafts.length);
  const contracts = drafts.map(({ payloadType }) => targetOf(payloadType, targets).contract);
  const { onFailure = "abort" } = request;
  const parts = { gates: request.gates ?? [], rechecks: request.rechecks ?? [], onFailure };
  const { kind, gates, rechecks } = checkBound(drafts, contracts, groups, parts);
  const tasks = drafts.map((draft, position) => toTask(draft, position, seed, targets));
  assertCardinality(tasks, expect);
  const plan: Plan = {
    schema: "canonic/plan/v1",
    semantics: SEMANTICS_VERSION,
    kind,
    user: request.user ?? LOCAL_USER,
    mode,
    seed,
    request: request.request,
    registry: snapshotDigestOf(sortSnapshot(request.registry)),
    tasks,
    groups,
    gates: [...gates],
    rechecks: [...rechecks],
    onFailure,
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
    bindings: { ...draft.bindings },
    binding: draft.binding ?? null,
    ...(draft.route === undefined ? {} : { route: { ...draft.route } }),
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
    const place = pointerTo(path);
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
