export type { GateRequest } from "./approval.ts";
export {
  APPROVAL_TTL_SECONDS,
  APPROVAL_TYPE,
  ApprovalClaims,
  GateName,
  pinsDigestOf,
  SignedApproval,
} from "./approval.ts";
export { BoundaryCategory } from "./boundary.ts";
export { ArchiveManifest, BundleManifest, BundlePath, ConsistencyProof, InclusionProof, TrustFile } from "./bundle.ts";
export type { JsonObject, JsonValue } from "./canonical-json.ts";
export {
  assertJson,
  canonicalBytes,
  canonicalJson,
  freezeDeep,
  frozenJson,
  JSON_DEPTH_MAX,
  parseCanonicalJson,
} from "./canonical-json.ts";
export { Capability } from "./capability.ts";
export { Certificate, CertificateId } from "./certificates/certificate.ts";
export type { CertifiedRun } from "./certificates/certified-run.ts";
export { certificateLines, certify } from "./certificates/certify.ts";
export { ExecutionEnvironment } from "./certificates/environment.ts";
export { PLANNING_EVIDENCE, PlanningProof, planningSubjectOf } from "./certificates/planning-proof.ts";
export type { Label, PrecisionCount } from "./certificates/precision.ts";
export { countPrecision, LabelledCases, PrecisionRecord } from "./certificates/precision.ts";
export { statusAgainst } from "./certificates/status-against.ts";
export { checkCardinality } from "./checks/cardinality.ts";
export {
  ABSENCE_PATTERN,
  consumptionFaults,
  isConsumedCovered,
  isPlannedCovered,
  isProofOf,
  signalInputName,
} from "./checks/consumption.ts";
export { checkCoreContracts } from "./checks/core-contracts.ts";
export { checkDeterminism } from "./checks/determinism.ts";
export { checkProvenance } from "./checks/provenance.ts";
export type { PolicyRecord, RecordedOutput, ReplayedOutput, RunRecord } from "./checks/record.ts";
export { checkRouting } from "./checks/routing.ts";
export { checkSignalCoverage, coverageDenominatorOf } from "./checks/signal-coverage.ts";
export type { CoreContractResult } from "./checks/tally.ts";
export { Chunk, integrityRootOf, PolicyPackage, PolicyPackageMetrics, SearchRecord } from "./chunk.ts";
export { Coverage, CoverageFunnel, CoverageGap } from "./coverage.ts";
export { ExecutorContract } from "./cqvr/executor-contract.ts";
export type { CriterionId } from "./cqvr/rubric.ts";
export { CRITERION_IDS } from "./cqvr/rubric.ts";
export type { CqvrReport, CqvrVerdict, CriterionScore } from "./cqvr/score-contract.ts";
export { scoreContract } from "./cqvr/score-contract.ts";
export { Digest, digestBytes, digestFromBytes, digestJson, digestToBytes, parseDigest } from "./digest.ts";
export { DocumentRecord, Language, MediaType, PageSpan, Passage } from "./document.ts";
export { ed25519KeyOf } from "./ed25519-key.ts";
export type { ContractsErrorCode, ContractsErrorDetails } from "./errors.ts";
export { ContractsError, isContractsError } from "./errors.ts";
export type {
  AuthorityEventDraft,
  AuthorityEventType,
  EventData,
  EventDraft,
  EventType,
  LogEventType,
} from "./event.ts";
export {
  AUTHORITY_CHAIN,
  AUTHORITY_EVENT_TYPES,
  EVENT_TYPES,
  LEAF_BYTES_MAX,
  LOG_CHAIN,
  LOG_EVENT_TYPES,
  RunEvent,
  RunStatus,
  statementChainOf,
} from "./event.ts";
export { EVIDENCE_FACET_SCHEMA, EvidenceFacet } from "./evidence-facet.ts";
export {
  EvidenceEdge,
  EvidenceEdgeType,
  EvidenceGraph,
  EvidenceNode,
  EvidenceNodeKind,
  evidenceNodeId,
} from "./evidence-graph.ts";
export { ExecutionMode, ModeRecord, modeAt } from "./execution-mode.ts";
export type { ConfigOrigin, ConfigSource, ResolvedExecutorConfig } from "./executor-config.ts";
export { CONFIG_ORIGINS, EXECUTOR_CONFIG_DEFAULTS, ExecutorConfig, resolveExecutorConfig } from "./executor-config.ts";
export { compareFractions, Fraction, fraction } from "./fraction.ts";
export {
  AreaId,
  ChunkId,
  DimensionId,
  DocumentId,
  deriveId,
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
export { nameOfStep, pointerStep, pointerTo, shapeIssues } from "./json-pointer.ts";
export type { SchemaName } from "./json-schema.ts";
export { publishedSchema, SCHEMAS } from "./json-schema.ts";
export { MOMENT_MAX, millisecondsOf, momentAfter, timestampOf } from "./moment.ts";
export type { Operation, OperationContext, Payload, RecordedApproval, TakenRoute } from "./operation.ts";
export { Determinism, Effect, Mode, OperationContract, PersonalSide, Termination } from "./operation-contract.ts";
export { byCodeUnit, byServiceAndVersion, byVersion } from "./order.ts";
export { Evidence, Output } from "./output.ts";
export { secretShapedKeys, valueAtPointer } from "./pins.ts";
export {
  Binding,
  CoreContractName,
  Expectations,
  Gate,
  inputDigestOf,
  Plan,
  planDigestOf,
  Recheck,
  SEMANTICS_VERSION,
  Task,
  taskIdOf,
} from "./plan.ts";
export type { PolicyTextFault } from "./policy-text.ts";
export { policyTextFault } from "./policy-text.ts";
export { ExpectedElement, FailureContract, Question, questionNumber, ScoringModality } from "./question.ts";
export { seededRandom } from "./random.ts";
export { contractDigestOf, RegistrySnapshot, snapshotDigestOf, sortSnapshot } from "./registry-snapshot.ts";
export { expectedReplay } from "./replay.ts";
export {
  boundResources,
  RESOURCE_WIDTHS,
  ResourceBounds,
  ResourceNeed,
  ResourcePlan,
  resourcePlanOf,
} from "./resource-plan.ts";
export {
  CapabilityName,
  DataClass,
  Locality,
  PermissionName,
  Ppm,
  PropertyName,
  Scalar,
  ServiceId,
  TraitName,
  TrustLevel,
  UnitName,
} from "./routing/names.ts";
export {
  ExecutionReceipt,
  MeasuredGuarantee,
  ObservationSnapshot,
  ServiceObservation,
} from "./routing/observations.ts";
export { PLANNED_AT, PlannedRoute, PlannedWorld, routeIdentityOf } from "./routing/planned-route.ts";
export {
  AuthorizationTable,
  CHEAPEST_SCORE_PROFILE,
  DEFAULT_PRIVACY_PROFILE,
  DEFAULT_SCORE_PROFILE,
  PrivacyDemand,
  PrivacyProfile,
  ScoreProfile,
} from "./routing/profiles.ts";
export {
  ClauseStates,
  ControlSignal,
  RankedService,
  ROUTING_SEMANTICS_VERSION,
  RouteClause,
  RouteDecision,
  RouteRefusal,
  RouteStage,
  routeDecisionDigestOf,
  ScoreTerms,
  ServiceVerdict,
} from "./routing/route-decision.ts";
export { RequiredGuarantee, RouteIdentity, RouteRequest, TraitClause } from "./routing/route-request.ts";
export { Rule, RuleSet } from "./routing/rule-set.ts";
export { ServiceAction, ServiceChange, serviceChangeDigestOf } from "./routing/service-change.ts";
export {
  ContractSignature,
  contractSigningBytes,
  Guarantee,
  PermissionExpression,
  ServiceApi,
  ServiceConstraints,
  ServiceContract,
  ServiceCost,
  ServicePrivacy,
  serviceContractDigestOf,
  sortContracts,
} from "./routing/service-contract.ts";
export { ascendingIssues, serviceOrderIssues } from "./routing/service-order.ts";
export {
  ServiceEntry,
  ServiceHealth,
  ServiceSnapshot,
  ServiceState,
  serviceSnapshotDigestOf,
  sortServices,
} from "./routing/service-snapshot.ts";
export type { SaltContext, Salts } from "./salted-payload.ts";
export {
  isPersonal,
  openSalted,
  SALT_KEY_BYTES,
  SALTED_BLOCK_BYTES,
  SaltedPayload,
  saltedDigest,
  saltedText,
  saltsOf,
} from "./salted-payload.ts";
export { linearPattern } from "./schema/linear-pattern.ts";
export type { SchemaCheck, SchemaIssue } from "./schema-check.ts";
export { compileSchema } from "./schema-check.ts";
export { Annotation, Consumption, ConsumptionLink, Signal, SignalKind, SignalNeed } from "./signal.ts";
export { isSpanWithin, Span, spanContains } from "./span.ts";
export { StopRecord } from "./stop.ts";
export { cutText } from "./text.ts";
export { Timestamp } from "./timestamp.ts";
export {
  isInScope,
  LimitName,
  Principal,
  TOKEN_LIFETIME_SECONDS_MAX,
  TokenClaims,
  TokenLimits,
  Trigger,
} from "./token.ts";
export { ContractVerdict, Reason, Verdict } from "./verdict.ts";
export { Verification, VerifiedRun } from "./verification.ts";
export type { ViolationCode, ViolationName } from "./violations.ts";
export { CoreContractViolation, isCoreContractViolation, VIOLATION_NAMES } from "./violations.ts";
