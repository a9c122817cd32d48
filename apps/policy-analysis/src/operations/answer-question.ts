/**
 * The one executor of policy questions: a chunk, a question and signals in, an output out.
 *
 * Invariants:
 *   X1. The output is a function of chunk, question, signals and task id; the order of the passages has no part in it.
 *   X2. Every evidence span lies inside a passage and its digest is that of exactly those bytes.
 *   X3. Each element that is met has a sentence among the evidence, five at most.
 *   X4. Every signal that was given and asked for is consumed: by the annotations in the evidence, by all of them when
 *       none lies there, or by the absence that it measured. Signals inform; no signal alone makes an answer of an
 *       element that does not name it.
 *
 * @module
 */
import {
  digestBytes,
  type Evidence,
  type JsonObject,
  type JsonValue,
  type Output,
  type TaskId,
} from "@canonic/contracts";
import { proveConsumption } from "@canonic/sisas";
import type { Method } from "../methods/index.ts";
import { type Finding, findEvidence } from "./findings.ts";
import { confidenceOf, relevanceFor, scoreOf } from "./scoring.ts";
import { readTaskInput, type TaskInput } from "./task-input.ts";

/** The most evidence items that an answer shows. */
export const EVIDENCE_MAX = 5;

/**
 * Answers a question about its chunk.
 *
 * @param input - `chunk`, `question`, and `signal-<kind>` for each signal bound.
 * @throws {PolicyAnalysisError} `policy-analysis.task-refused` by the question's failure contract.
 */
export function answerQuestion(method: Method, input: JsonObject, task: TaskId): JsonValue {
  const given = readTaskInput(input);
  const { chunk, chunkDigest, question, signals } = given;
  const findings = findEvidence(chunk, question, signals, method);
  const score = scoreOf(question, findings);
  const evidence = score > 0 ? selectEvidence(given, findings) : [];
  const met = new Set(score > 0 ? findings.flatMap((finding) => finding.elements) : []);
  const shown = new Set(evidence.map(({ span }) => span.start));
  const used = new Set(findings.filter(({ span }) => shown.has(span.start)).flatMap(({ annotations }) => annotations));
  const common = {
    schema: "canonic/output/v1",
    task,
    question: question.id,
    area: question.area,
    dimension: question.dimension,
    chunk: chunk.id,
    chunkDigest,
    modality: question.modality,
    elements: question.elements.map(({ id }) => ({ id, met: met.has(id) })),
    signals: signals.map(({ signal, digest }) => {
      const inEvidence = signal.annotations.filter((annotation) => used.has(annotation));
      return proveConsumption(signal, digest, inEvidence.length > 0 ? inEvidence : signal.annotations);
    }),
  } as const;
  const confidence = confidenceOf(given, score > 0 ? findings : [], score > 0) / 100;
  const output: Output =
    score > 0
      ? { status: "answered", ...common, score, confidence, evidence }
      : { status: "no_evidence", ...common, score: 0, confidence, evidence: [], search: chunk.search };
  return output as JsonValue;
}

/** First, element by element, the most relevant sentence that meets it; then the most relevant of the rest. */
function selectEvidence({ chunk, question }: TaskInput, findings: readonly Finding[]): Evidence[] {
  const relevance = relevanceFor(question);
  const ranked = findings
    .map((finding) => ({ finding, relevance: relevance(finding) }))
    .sort((left, right) => right.relevance - left.relevance || left.finding.span.start - right.finding.span.start);
  const chosen = new Set<(typeof ranked)[number]>();
  const covered = new Set<string>();
  for (const { id } of question.elements) {
    const best = covered.has(id) ? undefined : ranked.find(({ finding }) => finding.elements.includes(id));
    if (best === undefined || chosen.size >= EVIDENCE_MAX) continue;
    chosen.add(best);
    for (const met of best.finding.elements) covered.add(met);
  }
  for (const candidate of ranked) if (chosen.size < EVIDENCE_MAX) chosen.add(candidate);
  return ranked
    .filter((candidate) => chosen.has(candidate))
    .map(({ finding, relevance: value }) => ({
      chunk: chunk.id,
      span: finding.span,
      digest: digestBytes(finding.text),
      relevance: value,
      elements: [...finding.elements],
    }));
}
