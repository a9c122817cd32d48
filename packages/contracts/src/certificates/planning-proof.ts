/**
 * The record that a plan was built twice, the second time from permuted input, and came out the same.
 *
 * It is an artifact of the plan that it speaks of, and no plan can name its own digest: it names the digest of the plan
 * before the evidence was attached.
 *
 * Invariants:
 *   T1. `subject` is the digest of the plan without the artifacts of {@link PLANNING_EVIDENCE}; whoever has the plan and its
 *       artifacts counts it again.
 *   T2. Nothing permuted is nothing proved: at least one list of two items.
 *
 * @module
 */
import { z } from "zod";
import type { JsonValue } from "../canonical-json.ts";
import { Digest, digestJson } from "../digest.ts";
import type { Plan } from "../plan.ts";

/** The schemas of artifacts that say something about the plan that names them. */
export const PLANNING_EVIDENCE: readonly string[] = [
  "canonic/labelled-cases/v1",
  "canonic/planning-proof/v1",
  "canonic/precision/v1",
  "canonic/resource-plan/v1",
];

/** `resources` is the digest of the resource plan that both passes gave. */
export const PlanningProof = z.strictObject({
  schema: z.literal("canonic/planning-proof/v1"),
  passes: z.literal(2),
  seed: z.int().min(0),
  lists: z.int().min(1),
  items: z.int().min(2),
  subject: Digest,
  resources: Digest,
});
export type PlanningProof = z.infer<typeof PlanningProof>;

/** The digest of a plan without its planning evidence (T1). */
export function planningSubjectOf(plan: Plan, artifacts: ReadonlyMap<Digest, JsonValue>): Digest {
  const isEvidence = (digest: Digest) => PLANNING_EVIDENCE.includes(String(schemaOf(artifacts.get(digest))));
  return digestJson({ ...plan, artifacts: plan.artifacts.filter((digest) => !isEvidence(digest)) } as JsonValue);
}

/** The artifacts of a plan that name this schema. */
export function artifactsOfSchema(
  { artifacts: named }: Pick<Plan, "artifacts">,
  artifacts: ReadonlyMap<Digest, JsonValue>,
  schema: string,
): readonly Digest[] {
  return named.filter((digest) => schemaOf(artifacts.get(digest)) === schema);
}

function schemaOf(value: JsonValue | undefined): unknown {
  return (value as { readonly schema?: unknown } | null | undefined)?.schema;
}
