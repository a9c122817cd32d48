export type { PolicySource, RoutePolicies, RoutePolicyAnswer, RoutePolicyQuestion } from "./authorize/policies.ts";
export { openRoutePolicies } from "./authorize/policies.ts";
export type { Authorizer } from "./authorize/table.ts";
export { authorizationTableOf, openAuthorizer, securityProfileOf } from "./authorize/table.ts";
export type { DecisionBudget } from "./budget.ts";
export { openBudget, REDERIVATION_ROOM_MAX, REDERIVATION_STEPS_MAX } from "./budget.ts";
export { composeGuarantees } from "./compose/compose.ts";
export type {
  Composed,
  ComposedGuarantee,
  Composition,
  CompositionFacts,
  CompositionRule,
  UnknownGuarantee,
} from "./compose/composition.ts";
export { compositionFactsOf } from "./compose/facts.ts";
export type { CaioErrorCode, CaioErrorDetails } from "./errors.ts";
export { CaioError, isCaioError } from "./errors.ts";
export type {
  CallFault,
  Credentials,
  ExecutionClock,
  ServiceAdapter,
  ServiceAnswer,
  ServiceCall,
  ServiceConnection,
} from "./execute/adapter.ts";
export type { ExecutionOptions, Repeat } from "./execute/attempt.ts";
export type { ChainExecution, ExecutedChain, SkippedMember } from "./execute/execute-chain.ts";
export { executeWithFallbacks } from "./execute/execute-chain.ts";
export type { Executed, Execution } from "./execute/execute-decision.ts";
export { executeDecision } from "./execute/execute-decision.ts";
export type { ChainMember, FallbackChain } from "./execute/fallbacks.ts";
export { fallbacksOf } from "./execute/fallbacks.ts";
export type { CompiledInvariants, InvariantResult } from "./execute/invariants.ts";
export { compileInvariants } from "./execute/invariants.ts";
export type { Measured, Measurement } from "./execute/measure.ts";
export type { Service } from "./execute/service.ts";
export { openService } from "./execute/service.ts";
export type { McpTool } from "./export/mcp-tools.ts";
export { exportMcpTools } from "./export/mcp-tools.ts";
export type { ExportedOpenApi, OpenApiInfo } from "./export/openapi.ts";
export { exportOpenApi } from "./export/openapi.ts";
export { importAgentCard } from "./import/a2a.ts";
export type { Admission } from "./import/admission.ts";
export { admitServices } from "./import/admission.ts";
export { importContracts } from "./import/canonic.ts";
export {
  CATALOGUE_FORMATS,
  detectFormat,
  importCatalogue,
  importCatalogueValue,
  readCatalogue,
} from "./import/catalogue.ts";
export { importPriceCatalogue } from "./import/litellm.ts";
export { importDockerServer } from "./import/mcp-docker.ts";
export { importServerJson } from "./import/mcp-server.ts";
export { importModelsDev } from "./import/models-dev.ts";
export { importOpenApi } from "./import/openapi.ts";
export { serviceOfOperation } from "./import/operation.ts";
export type { CatalogueFormat, ImportedEntry, ImportReport, QuarantinedEntry } from "./import/report.ts";
export type { AskedClause, ClauseSubject } from "./kernel/asked-clause.ts";
export type { Answers } from "./kernel/bits.ts";
export { decide } from "./kernel/decide.ts";
export type { Decided, ServiceReference } from "./kernel/decided.ts";
export type { DecisionDiff } from "./kernel/diff.ts";
export { diffDecisions } from "./kernel/diff.ts";
export type { Difference } from "./kernel/differences.ts";
export { explain, explainWhyNot } from "./kernel/explain.ts";
export { meets } from "./kernel/permission.ts";
export type { PreparedWorld, WorldDigests } from "./kernel/prepared-world.ts";
export { openWorld } from "./kernel/prepared-world.ts";
export type { RederivationReason } from "./kernel/rederive.ts";
export { rederive } from "./kernel/rederive.ts";
export type { RequestChange } from "./kernel/request-changes.ts";
export { ServiceProof, verifyServiceProof } from "./kernel/service-proof.ts";
export type { WhatIf } from "./kernel/what-if.ts";
export { whatIf } from "./kernel/what-if.ts";
export type { FailedClause, Precedence, WhyNot } from "./kernel/why-not.ts";
export { whyNot } from "./kernel/why-not.ts";
export { wordsOf } from "./kernel/words.ts";
export type { RouteQuestion, RouteWorld } from "./kernel/world.ts";
export type { ObservationOptions, Observations, RejectedReceipt } from "./observe/observations.ts";
export { observationsOf } from "./observe/observations.ts";
export type { ReceiptSigner, ReceiptTrust, ReceiptVerdict } from "./observe/signed-receipt.ts";
export { SignedReceipt, signReceipt, verifyReceipt } from "./observe/signed-receipt.ts";
export type { PlannedQuestion } from "./plan/planned-worlds.ts";
export { PlannedWorlds } from "./plan/planned-worlds.ts";
export { RequestInput, requestOf, toRouteRequest } from "./router/request-input.ts";
export type { RouteContext, Router, RouterOptions } from "./router/router.ts";
export { NO_RULES, openRouter, snapshotOf } from "./router/router.ts";
export type { CompiledRules, RuleFault } from "./rules/compile.ts";
export { compileRuleSet, compileRules } from "./rules/compile.ts";
export type { RuleConflict, RuleConflicts, UndecidedRule } from "./rules/conflicts.ts";
export { ruleConflicts } from "./rules/conflicts.ts";
export type { RuleAnswers, RuleMatcher } from "./rules/matcher.ts";
export { RULE_SATISFIED, RULE_UNKNOWN, RULE_VIOLATED } from "./rules/matcher.ts";
