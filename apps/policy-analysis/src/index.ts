export { DIMENSIONS, POLICY_AREAS } from "./areas/index.ts";
export { defaultDocument, readDocument } from "./document/index.ts";
export { isPolicyAnalysisError, PolicyAnalysisError } from "./errors.ts";
export { operations, routes } from "./operations.ts";
export { policyAnalysis } from "./pack.ts";
export { planAnalysis } from "./plan-analysis.ts";
export { AREA_OVERLAYS, BASE_QUESTIONS } from "./questionnaire/index.ts";
export { chunkDocument } from "./rank/index.ts";
export { renderCsv, renderReport } from "./report/index.ts";

export type { ReadDocument, ReadOptions, SourcedDocument } from "./document/index.ts";
export type { PolicyAnalysisErrorCode, PolicyAnalysisErrorDetails } from "./errors.ts";
export type { AnalysisInput, PlannedAnalysis } from "./plan-analysis.ts";
export type { ReportData } from "./report/index.ts";
