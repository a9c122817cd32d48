/**
 * The published JSON Schemas, generated from the zod schemas.
 *
 * Invariants:
 *   G1. What zod accepts, the generated schema accepts, and the other way round, for every JSON value.
 *
 * @module
 */
import { z } from "zod";
import { ApprovalClaims } from "./approval.ts";
import { ArchiveManifest, BundleManifest, ConsistencyProof, InclusionProof, TrustFile } from "./bundle.ts";
import type { JsonObject } from "./canonical-json.ts";
import { Certificate } from "./certificates/certificate.ts";
import { ExecutionEnvironment } from "./certificates/environment.ts";
import { PlanningProof } from "./certificates/planning-proof.ts";
import { LabelledCases, PrecisionRecord } from "./certificates/precision.ts";
import { Chunk, PolicyPackage } from "./chunk.ts";
import { Coverage } from "./coverage.ts";
import { ExecutorContract } from "./cqvr/executor-contract.ts";
import { DocumentRecord } from "./document.ts";
import { RunEvent } from "./event.ts";
import { EvidenceFacet } from "./evidence-facet.ts";
import { EvidenceGraph } from "./evidence-graph.ts";
import { ExecutorConfig } from "./executor-config.ts";
import { OperationContract } from "./operation-contract.ts";
import { Output } from "./output.ts";
import { Plan, Task } from "./plan.ts";
import { Question } from "./question.ts";
import { RegistrySnapshot } from "./registry-snapshot.ts";
import { ResourcePlan } from "./resource-plan.ts";
import { ExecutionReceipt, ObservationSnapshot } from "./routing/observations.ts";
import { PlannedWorld } from "./routing/planned-route.ts";
import { AuthorizationTable, PrivacyProfile, ScoreProfile } from "./routing/profiles.ts";
import { RouteDecision, ServiceVerdict } from "./routing/route-decision.ts";
import { RouteIdentity, RouteRequest } from "./routing/route-request.ts";
import { RuleSet } from "./routing/rule-set.ts";
import { ServiceContract } from "./routing/service-contract.ts";
import { ServiceSnapshot } from "./routing/service-snapshot.ts";
import { SaltedPayload } from "./salted-payload.ts";
import { Signal } from "./signal.ts";
import { StopRecord } from "./stop.ts";
import { TokenClaims } from "./token.ts";
import { ContractVerdict, Verdict } from "./verdict.ts";
import { Verification } from "./verification.ts";

/** Every published schema by its file name, in code-unit order; all are version 1. */
export const SCHEMAS = {
  approval: ApprovalClaims,
  "archive-manifest": ArchiveManifest,
  "authorization-table": AuthorizationTable,
  "bundle-manifest": BundleManifest,
  certificate: Certificate,
  chunk: Chunk,
  "consistency-proof": ConsistencyProof,
  "contract-verdict": ContractVerdict,
  coverage: Coverage,
  document: DocumentRecord,
  "evidence-facet": EvidenceFacet,
  "evidence-graph": EvidenceGraph,
  "execution-environment": ExecutionEnvironment,
  "execution-receipt": ExecutionReceipt,
  executor_config: ExecutorConfig,
  executor_contract: ExecutorContract,
  executor_output: Output,
  "inclusion-proof": InclusionProof,
  "labelled-cases": LabelledCases,
  "observation-snapshot": ObservationSnapshot,
  "operation-contract": OperationContract,
  plan: Plan,
  "planning-proof": PlanningProof,
  "policy-package": PolicyPackage,
  precision: PrecisionRecord,
  "privacy-profile": PrivacyProfile,
  question: Question,
  "registry-snapshot": RegistrySnapshot,
  "resource-plan": ResourcePlan,
  "route-decision": RouteDecision,
  "route-identity": RouteIdentity,
  "route-request": RouteRequest,
  "route-world": PlannedWorld,
  "rule-set": RuleSet,
  "run-event": RunEvent,
  "salted-payload": SaltedPayload,
  "score-profile": ScoreProfile,
  "service-contract": ServiceContract,
  "service-snapshot": ServiceSnapshot,
  "service-verdict": ServiceVerdict,
  signal: Signal,
  stop: StopRecord,
  task: Task,
  token: TokenClaims,
  trust: TrustFile,
  verdict: Verdict,
  verification: Verification,
} as const;
export type SchemaName = keyof typeof SCHEMAS;

/** The JSON Schema 2020-12 document of a published schema, with its `$id` under https://canonic.dev/schemas/. */
export function publishedSchema(name: SchemaName): JsonObject {
  const generated = z.toJSONSchema(SCHEMAS[name], {
    target: "draft-2020-12",
    io: "output",
    unrepresentable: "any",
    reused: "inline",
  });
  return {
    ...(JSON.parse(JSON.stringify(generated)) as JsonObject),
    $id: `https://canonic.dev/schemas/${name}/v1.json`,
    title: name,
  };
}
