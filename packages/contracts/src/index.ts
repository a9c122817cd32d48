export {
  assertJson,
  canonicalBytes,
  canonicalJson,
  freezeDeep,
  frozenJson,
  JSON_DEPTH_MAX,
  parseCanonicalJson,
} from "./canonical-json.ts";
export { Digest, digestBytes, digestFromBytes, digestJson, digestToBytes, parseDigest } from "./digest.ts";
export { ContractsError, isContractsError } from "./errors.ts";
export {
  AreaId,
  ChunkId,
  deriveId,
  DimensionId,
  DocumentId,
  domainOf,
  methodOf,
  OperationId,
  PayloadType,
  QuestionId,
  RunId,
  runIdOf,
  SemanticVersion,
  TaskId,
} from "./ids.ts";
export { compareFractions, Fraction, fraction } from "./fraction.ts";
export { isSpanWithin, Span, spanContains } from "./span.ts";
export { DocumentRecord, Language, MediaType, PageSpan, Passage } from "./document.ts";
export { Chunk, integrityRootOf, PolicyPackage, PolicyPackageMetrics, SearchRecord } from "./chunk.ts";
export { Annotation, Consumption, ConsumptionLink, Signal, SignalKind, SignalNeed } from "./signal.ts";
export { ExpectedElement, FailureContract, Question, questionNumber, ScoringModality } from "./question.ts";
export { Determinism, Effect, Mode, OperationContract, Termination } from "./operation-contract.ts";
export { contractDigestOf, RegistrySnapshot, snapshotDigestOf } from "./registry-snapshot.ts";
export { CoreContractName, Expectations, inputDigestOf, Plan, planDigestOf, SEMANTICS_VERSION, Task } from "./plan.ts";
export { Grant } from "./grant.ts";
export { ContractVerdict, Reason, Verdict } from "./verdict.ts";
export { EVENT_TYPES, LEAF_BYTES_MAX, LOG_CHAIN, RunEvent } from "./event.ts";
export { compileSchema } from "./schema-check.ts";
export { Evidence, Output } from "./output.ts";
export { Coverage, CoverageFunnel, CoverageGap } from "./coverage.ts";
export { checkCardinality } from "./checks/cardinality.ts";
export { checkCoreContracts } from "./checks/core-contracts.ts";
export { checkDeterminism } from "./checks/determinism.ts";
export { checkProvenance } from "./checks/provenance.ts";
export { checkRouting } from "./checks/routing.ts";
export { checkSignalCoverage, coverageDenominatorOf } from "./checks/signal-coverage.ts";
export { CoreContractViolation, isCoreContractViolation, VIOLATION_NAMES } from "./violations.ts";
export { BundleManifest, BundlePath, InclusionProof, TrustFile } from "./bundle.ts";

export type { JsonObject, JsonValue } from "./canonical-json.ts";
export type { ContractsErrorCode, ContractsErrorDetails } from "./errors.ts";
export type { Operation, OperationContext, Payload } from "./operation.ts";
export type { SchemaCheck, SchemaIssue } from "./schema-check.ts";
export type { EventData, EventDraft, EventType } from "./event.ts";
export type { PolicyRecord, RecordedOutput, ReplayedOutput, RunRecord } from "./checks/record.ts";
export type { ViolationCode, ViolationName } from "./violations.ts";
