import {
  type Digest,
  digestJson,
  isCoreContractViolation,
  type JsonValue,
  PlanningProof,
  planningSubjectOf,
  resourcePlanOf,
} from "@canonic/contracts";
import { expect, test } from "vitest";
import { planPolicy } from "../src/index.ts";
import { attachEvidence } from "../src/planning-evidence.ts";
import { request } from "./policy-support.ts";
import { faultsOf, thrownBy } from "./support.ts";

const ofSchema = (artifacts: ReadonlyMap<Digest, JsonValue>, schema: string): JsonValue | undefined =>
  [...artifacts.values()].find((value) => (value as { schema?: unknown } | null)?.schema === schema);

test("a policy plan carries the record of its two passes, which names the plan without it", () => {
  const { plan, planDigest, artifacts, proof } = planPolicy(request);
  const record = PlanningProof.parse(ofSchema(artifacts, "canonic/planning-proof/v1"));

  expect(record).toMatchObject({ passes: 2, seed: request.seed, lists: proof.lists, items: proof.items });
  expect(record.subject).toBe(proof.planDigest);
  expect(planningSubjectOf(plan, artifacts)).toBe(record.subject);
  expect(planDigest).toBe(digestJson(plan as unknown as JsonValue));
  expect(planDigest).not.toBe(record.subject);
  expect(plan.artifacts).toEqual([...artifacts.keys()]);
});

test("and the resource bounds that both passes gave, which plan and snapshot give again (E2)", () => {
  const { plan, artifacts } = planPolicy(request);
  const bounds = ofSchema(artifacts, "canonic/resource-plan/v1");

  expect(bounds).toEqual(resourcePlanOf(plan, request.registry));
  expect(PlanningProof.parse(ofSchema(artifacts, "canonic/planning-proof/v1")).resources).toBe(
    digestJson(bounds as JsonValue),
  );
});

test("what was measured travels with the plan and leaves its tasks as they are (E1)", () => {
  const measured = { schema: "canonic/precision/v1", counts: [] };
  const [bare, rich] = [planPolicy(request), planPolicy({ ...request, measured: [measured] })];

  expect(rich.plan.artifacts).toContain(digestJson(measured));
  expect({ ...rich.plan, artifacts: [] }).toEqual({ ...bare.plan, artifacts: [] });
  expect(rich.proof).toEqual(bare.proof);
});

test("a measured value of another schema is refused, and evidence in the context", () => {
  const chunk = { schema: "canonic/chunk/v1" };
  const proof = { schema: "canonic/planning-proof/v1" };

  expect(faultsOf(() => planPolicy({ ...request, measured: [chunk] }))).toEqual([
    "planner.request-invalid",
    "/measured/0",
  ]);
  expect(faultsOf(() => planPolicy({ ...request, context: new Map([[digestJson(proof), proof]]) }))).toEqual([
    "planner.request-invalid",
    "/context",
  ]);
});

test("two passes that give different bounds are DeterminismViolation (E2)", () => {
  const planned = planPolicy(request);
  const bounds = resourcePlanOf(planned.plan, request.registry);
  if (bounds === undefined) throw new Error("the plan has bounds");
  const error = thrownBy(() =>
    attachEvidence(planned, planned.proof, [bounds, { ...bounds, bounds: bounds.bounds.slice(1) }], []),
  );

  expect(isCoreContractViolation(error) && [error.name, error.reasons[0]?.code]).toEqual([
    "DeterminismViolation",
    "resources-differ",
  ]);
});
