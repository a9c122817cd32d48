/**
 * The policy plan: 300 questions over 60 chunks, joined, carved, frozen and proved.
 *
 * Invariants:
 *   L1. The plan is a function of values: no order of questions, chunks, signals, bindings or snapshot rows reaches it.
 *   L2. It expects all five core contracts, 300 outputs, 60 chunks, fibres of 5 and a coverage of 85/100.
 *   L3. The 300 tasks are one group: no task sees another's result.
 *
 * @module
 */
import {
  CoreContractViolation,
  type Digest,
  type JsonValue,
  type Mode,
  type RegistrySnapshot,
  type ResourcePlan,
  type Signal,
} from "@canonic/contracts";
import { ArtifactSet } from "./artifacts.ts";
import { type BindingProof, carveTasks, proveBindings } from "./carve.ts";
import { type FrozenPlan, freezePlan } from "./freeze.ts";
import { CHUNK_IDS, QUESTION_IDS, QUESTIONS_PER_CELL } from "./grid.ts";
import { assertJoin, type JoinInput, type JoinReport, joinQuestions } from "./join.ts";
import { attachEvidence, boundsOf } from "./planning-evidence.ts";
import { type Arrange, provePlan, type TwoPassProof } from "./prove.ts";
import { bindSignals, type SignalBinding } from "./signal-bindings.ts";

/**
 * `replay` is how many tasks the run executes twice for the determinism contract; `request` digests what was asked;
 * `context` holds further values that the plan must carry, by digest: the request itself and what it names; `measured`
 * holds what was measured for the plan and says something about it (precision, labelled cases).
 */
export type PolicyRequest = JoinInput & {
  readonly mode: Mode;
  readonly seed: number;
  readonly replay: number;
  readonly request: Digest;
  readonly registry: RegistrySnapshot;
  readonly signals: readonly Signal[];
  readonly bindings: readonly SignalBinding[];
  readonly context?: ReadonlyMap<Digest, JsonValue>;
  readonly measured?: readonly JsonValue[];
};

/**
 * The plan with what proves it: the join table, the executor <-> row bijection, and the two passes, which are of the plan
 * before its planning evidence was attached.
 */
export type PolicyPlan = FrozenPlan & {
  readonly join: JoinReport;
  readonly bindings: BindingProof;
  readonly proof: TwoPassProof;
};

/**
 * Plans a policy analysis.
 *
 * @throws {CoreContractViolation} CardinalityViolation, ProvenanceViolation, RoutingViolation, DeterminismViolation.
 * @throws {PlannerError} `planner.signals-invalid`, and as {@link freezePlan}.
 */
export function planPolicy(request: PolicyRequest): PolicyPlan {
  const passes: ResourcePlan[] = [];
  const proved = provePlan((arrange) => buildPolicyPlan(request, arrange, passes), request.seed);
  return attachEvidence(proved, proved.proof, passes, request.measured ?? []);
}

/** One pass; its resource bounds go to `passes`. */
function buildPolicyPlan(request: PolicyRequest, arrange: Arrange, passes: ResourcePlan[]): Omit<PolicyPlan, "proof"> {
  const { document, language, mode, seed, replay, registry } = request;
  const questions = arrange(request.questions);
  const chunks = arrange(request.chunks);
  const join = joinQuestions({ document, language, questions, chunks });
  assertJoin(join);
  const byId = new Map(questions.map((question) => [question.id, question]));
  const signals = bindSignals(arrange(request.bindings), arrange(request.signals), byId, join.rows);
  const artifacts = new ArtifactSet();
  const chunkOf = new Map(chunks.map((chunk) => [chunk.id, chunk]));
  const tasks = carveTasks({ rows: join.rows, questions: byId, chunks: chunkOf, signals }, artifacts);
  const operations = [...arrange(registry.operations)];
  const frozen = freezePlan({
    mode,
    seed,
    request: request.request,
    registry: { ...registry, operations, routes: [...arrange(registry.routes)] },
    tasks,
    artifacts: new Map([...arrange([...(request.context ?? [])]), ...artifacts.sorted()]),
    expect: {
      contracts: ["cardinality", "determinism", "provenance", "routing", "signal-coverage"],
      outputs: QUESTION_IDS.length,
      chunks: CHUNK_IDS.length,
      fibre: QUESTIONS_PER_CELL,
      replay,
      coverage: { numerator: 85, denominator: 100 },
    },
  });
  passes.push(boundsOf(frozen, { operations }));
  const bindings = proveBindings(frozen.plan.tasks, join.rows);
  if (!bindings.bijection) {
    const message = `${bindings.unbound.length} tasks have no row and ${bindings.unserved.length} rows have no task`;
    throw new CoreContractViolation("cardinality", [{ code: "binding-bijection", place: "tasks", message }]);
  }
  return { ...frozen, join, bindings };
}
