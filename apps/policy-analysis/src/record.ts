/**
 * What a finished run's core contracts check, from nothing but its plan, its artifacts and its outputs.
 *
 * @module
 */
import {
  Chunk,
  type Digest,
  DocumentRecord,
  digestJson,
  type JsonValue,
  Output,
  type Plan,
  type PolicyRecord,
  parseCanonicalJson,
  Question,
  Signal,
} from "@canonic/contracts";
import type { Attachment, FinishedRun } from "@canonic/orchestrator";
import { bindSignals, type EmittedSignal, measureCoverage } from "@canonic/sisas";
import { AnalysisRequest } from "./request.ts";

/** The path of the normalised text in bundles and result folders. */
export const TEXT_PATH = "document.txt";

/** Everything that an analysis run is made of, parsed; undefined when the plan is not one of ours. */
export type AnalysisRecord = PolicyRecord & {
  readonly document: DocumentRecord;
  readonly questions: readonly Question[];
};

/** The attachments of a plan: the normalised text. */
export function attachmentsOf({ plan, artifacts }: Pick<FinishedRun, "plan" | "artifacts">): readonly Attachment[] {
  const request = requestOf(plan, artifacts);
  return request === undefined ? [] : [{ path: TEXT_PATH, digest: request.text }];
}

/** Rebuilds the record of a run, coverage counted again from what is there; a question asked twice is the contracts' to refuse. */
export function analysisRecordOf({ plan, artifacts, attachments, outputs }: FinishedRun): AnalysisRecord | undefined {
  const request = requestOf(plan, artifacts);
  const text = attachments.get(TEXT_PATH);
  if (request === undefined || text === undefined) return undefined;
  const named = (digest: Digest | undefined): JsonValue | undefined =>
    digest === undefined ? undefined : artifacts.get(digest);
  const inputs = [...new Set(plan.tasks.flatMap((task) => Object.values(task.inputs)))].sort();
  const values = inputs.map((digest) => ({ digest, value: named(digest) }));
  const chunks = new Map<Digest, Chunk>();
  const signals: EmittedSignal[] = [];
  for (const { digest, value } of values) {
    const chunk = Chunk.safeParse(value);
    if (chunk.success) chunks.set(digest, chunk.data);
    const signal = Signal.safeParse(value);
    if (signal.success) signals.push({ digest, signal: signal.data });
  }
  const questions = plan.tasks.map((task) => Question.parse(named(task.inputs["question"])));
  const tasks = plan.tasks.map((task, position) => ({ id: task.id, question: (questions[position] as Question).id }));
  const parsed = outputs.map((output) => Output.parse(parseCanonicalJson(output)));
  const { bindings } = bindSignals({
    questions: [...new Map(questions.map((question) => [question.id, question])).values()],
    chunks: [...chunks].map(([digest, { id }]) => ({ id, digest })),
    signals,
    gaps: request.unmeasured,
    vocabulary: request.vocabulary,
  });
  return {
    document: DocumentRecord.parse(named(request.document)),
    text,
    chunks,
    values: parsed,
    artifacts,
    questions,
    coverage: measureCoverage({ tasks, bindings, outputs: parsed, signals }),
  };
}

/** The request that a plan of ours was made for; undefined for every other plan. */
export function requestOf(plan: Plan, artifacts: ReadonlyMap<Digest, JsonValue>): AnalysisRequest | undefined {
  const value = artifacts.get(plan.request);
  if (value === undefined || digestJson(value) !== plan.request) return undefined;
  const parsed = AnalysisRequest.safeParse(value);
  return parsed.success ? parsed.data : undefined;
}
