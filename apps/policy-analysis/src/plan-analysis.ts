/**
 * From a read document to a frozen plan: chunks, signals, questions, bindings, 300 tasks.
 *
 * Invariants:
 *   A1. The plan is a function of the document's bytes, the language, the seed and the registry.
 *   A2. A plan whose mandatory signals are not there for 85/100 of its tasks is refused before anything runs.
 *
 * @module
 */
import {
  type Chunk,
  type Digest,
  digestBytes,
  digestJson,
  type JsonValue,
  type Payload,
  type Plan,
  type Question,
  type RegistrySnapshot,
} from "@canonic/contracts";
import { overlayQuestions, planPolicy } from "@canonic/planner";
import {
  annotateChunks,
  assertCoverage,
  bindSignals,
  COVERAGE_THRESHOLD,
  LABELLED_CASES,
  manifestOf,
  measureCoverage,
  recordPrecision,
  vocabularyDigestOf,
  vocabularyOf,
} from "@canonic/sisas";
import { type ReadDocument, toDocumentRecord } from "./document/index.ts";
import { AREA_OVERLAYS, BASE_QUESTIONS } from "./questionnaire/index.ts";
import { chunkDocument } from "./rank/index.ts";
import type { AnalysisRequest } from "./request.ts";

/** How many of the 300 tasks a run executes twice, in another order, for the determinism contract. */
export const REPLAYED_TASKS = 30;

export type PlannedAnalysis = {
  readonly plan: Plan;
  readonly planDigest: Digest;
  readonly artifacts: ReadonlyMap<Digest, JsonValue>;
  readonly payloads: readonly Payload[];
};

export type AnalysisInput = {
  readonly document: ReadDocument;
  /** The file as it was read. */
  readonly source: Uint8Array;
  readonly seed: number;
  readonly registry: RegistrySnapshot;
  readonly onPhase?: (phase: string) => void;
};

/**
 * Plans the analysis of a document.
 *
 * @throws {CoreContractViolation} SISASCoverageViolation when too few tasks have their signals, and the planner's own.
 */
export function planAnalysis({
  document,
  source,
  seed,
  registry,
  onPhase = () => undefined,
}: AnalysisInput): PlannedAnalysis {
  onPhase("ranking paragraphs");
  const { chunks, policyPackage } = chunkDocument(document);
  onPhase("annotating chunks");
  const vocabulary = vocabularyOf();
  const measured = annotateChunks({ chunks, vocabulary, documentText: document.text });
  onPhase("binding questions");
  const { language } = document;
  const questions = overlayQuestions({ base: BASE_QUESTIONS, areas: AREA_OVERLAYS, language });
  const bound = bindQuestions(questions, chunks, measured, vocabularyDigestOf(vocabulary));
  onPhase("freezing the plan");
  const precision = recordPrecision(LABELLED_CASES, vocabularyDigestOf(vocabulary));
  const artifacts = new Map<Digest, JsonValue>();
  const keep = (value: JsonValue): Digest => {
    const digest = digestJson(value);
    artifacts.set(digest, value);
    return digest;
  };
  const text = digestBytes(document.bytes);
  const request: AnalysisRequest = {
    schema: "canonic/policy-analysis-request/v1",
    document: keep(toDocumentRecord(document, source)),
    text,
    package: keep(policyPackage),
    synchronisation: keep(bound.manifest),
    vocabulary: keep(vocabulary),
    unmeasured: [...measured.gaps],
    language,
    seed,
  };
  const planned = planPolicy({
    document: text,
    language,
    questions,
    chunks,
    mode: "live",
    seed,
    replay: REPLAYED_TASKS,
    request: keep(request),
    registry,
    signals: measured.signals.map(({ signal }) => signal),
    bindings: bound.needs,
    context: artifacts,
    measured: [precision.cases as JsonValue, precision.record as JsonValue],
  });
  const tasks = planned.plan.tasks.flatMap(({ id, binding }) =>
    binding === null ? [] : [{ id, question: binding.question }],
  );
  assertCoverage(
    measureCoverage({ tasks, bindings: bound.needs, signals: measured.signals }),
    COVERAGE_THRESHOLD,
    "planned",
  );
  const { plan, planDigest } = planned;
  return { plan, planDigest, artifacts: planned.artifacts, payloads: [{ digest: text, bytes: document.bytes }] };
}

function bindQuestions(
  questions: readonly Question[],
  chunks: readonly Chunk[],
  measured: ReturnType<typeof annotateChunks>,
  vocabulary: Digest,
) {
  const digests = chunks.map((chunk) => ({ id: chunk.id, digest: digestJson(chunk) }));
  const { bindings: needs } = bindSignals({ questions, chunks: digests, ...measured, vocabulary });
  return { needs, manifest: manifestOf(needs, vocabulary) };
}
