/**
 * What a plan carries about how it was made: the record of its two passes, its resource bounds, and what was measured.
 *
 * A plan cannot name its own digest, so the evidence is attached to a plan that is finished without it; the record names
 * the digest of that one, which anybody counts again from the plan and its artifacts.
 *
 * Invariants:
 *   E1. Tasks, ids, groups and expectations are those of the plan that was proved: only `artifacts` grows.
 *   E2. The resource bounds are those that both passes gave; a difference is DeterminismViolation.
 *
 * @module
 */
import {
  CoreContractViolation,
  type Digest,
  type JsonObject,
  type JsonValue,
  PLANNING_EVIDENCE,
  type Plan,
  type PlanningProof,
  planningSubjectOf,
  type RegistrySnapshot,
  type ResourcePlan,
  resourcePlanOf,
} from "@canonic/contracts";
import { canonicalCopy, sortArtifacts } from "./artifacts.ts";
import { assertNoFaults, type Fault } from "./errors.ts";
import type { FrozenPlan } from "./freeze.ts";
import type { TwoPassProof } from "./prove.ts";

/** The bounds of one pass of planning. */
export function boundsOf({ plan }: FrozenPlan, registry: Pick<RegistrySnapshot, "operations">): ResourcePlan {
  const bounds = resourcePlanOf(plan, registry);
  if (bounds === undefined) throw new Error("assertion: a frozen plan names contracts of its snapshot");
  return bounds;
}

/**
 * The plan with its evidence.
 *
 * @param passes - The bounds that each pass gave, two.
 * @param measured - Further values, each of a schema of `PLANNING_EVIDENCE`.
 * @throws {CoreContractViolation} DeterminismViolation when the passes differ; {@link PlannerError}
 *   `planner.request-invalid` for a measured value of another schema, or evidence among the plan's own artifacts.
 */
export function attachEvidence<Planned extends FrozenPlan>(
  planned: Planned,
  proof: TwoPassProof,
  passes: readonly ResourcePlan[],
  measured: readonly JsonValue[],
): Planned {
  const resources = sameBounds(passes);
  const record: PlanningProof = {
    schema: "canonic/planning-proof/v1",
    passes: proof.passes,
    seed: proof.seed,
    lists: proof.lists,
    items: proof.items,
    subject: proof.planDigest,
    resources: resources.digest,
  };
  const evidence = [resources, ...[record as JsonValue, ...measured].map((value) => canonicalCopy(value))];
  const artifacts = sortArtifacts(
    new Map([...planned.artifacts, ...evidence.map(({ digest, copy }) => [digest, copy] as const)]),
  );
  const plan = { ...planned.plan, artifacts: [...artifacts.keys()] };
  assertEvidence(plan, artifacts, measured, proof.planDigest);
  const { digest, copy } = canonicalCopy(plan as unknown as JsonObject);
  return Object.freeze({ ...planned, plan: copy as unknown as Plan, planDigest: digest, artifacts });
}

function sameBounds(passes: readonly ResourcePlan[]): { readonly digest: Digest; readonly copy: JsonValue } {
  const [first, ...others] = passes.map((bounds) => canonicalCopy(bounds as JsonValue));
  if (first === undefined || others.length === 0) throw new Error("assertion: planning has two passes");
  if (others.every(({ digest }) => digest === first.digest)) return first;
  const message = "the two passes of planning give different resource bounds";
  throw new CoreContractViolation("determinism", [{ code: "resources-differ", place: "bounds", message }]);
}

function assertEvidence(
  plan: Plan,
  artifacts: ReadonlyMap<Digest, JsonValue>,
  measured: readonly JsonValue[],
  subject: Digest,
): void {
  const faults = measured.flatMap((value, index): Fault[] => {
    const schema = String((value as { readonly schema?: unknown } | null)?.schema);
    if (PLANNING_EVIDENCE.includes(schema)) return [];
    return [{ place: `/measured/${index}`, message: `\`${schema}\` is no schema of planning evidence` }];
  });
  if (faults.length === 0 && planningSubjectOf(plan, artifacts) !== subject)
    faults.push({ place: "/context", message: "the plan names planning evidence among its own artifacts" });
  assertNoFaults("planner.request-invalid", "the planning evidence is not what it should be", faults);
}
