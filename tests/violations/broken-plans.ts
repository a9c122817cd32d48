/**
 * Plans as the policy pack composes them from the public parts, each with one thing wrong.
 *
 * @module
 */
import {
  type Chunk,
  type Digest,
  digestBytes,
  digestJson,
  type JsonValue,
  type PayloadType,
  type Plan,
  planDigestOf,
  type Question,
  type RegistrySnapshot,
} from "@canonic/contracts";
import { overlayQuestions, type PolicyRequest, planPolicy } from "@canonic/planner";
import {
  AREA_OVERLAYS,
  BASE_QUESTIONS,
  chunkDocument,
  type PlannedAnalysis,
  planAnalysis,
  type ReadDocument,
} from "@canonic/policy-analysis";
import {
  annotateChunks,
  assertCoverage,
  type Binding,
  bindSignals,
  COVERAGE_THRESHOLD,
  measureCoverage,
  vocabularyDigestOf,
  vocabularyOf,
} from "@canonic/sisas";

type Parts = {
  readonly questions: readonly Question[];
  readonly chunks: readonly Chunk[];
  readonly bindings: readonly Binding[];
};

const unheardOf = "question/unheard-of" as PayloadType;

/** What is wrong before the plan is frozen. */
export const BROKEN_REQUESTS: Readonly<Record<string, (parts: Parts) => Partial<Parts>>> = {
  "299-questions": ({ questions }) => ({ questions: questions.slice(1) }),
  "301-questions": ({ questions }) => ({ questions: [...questions, ...questions.slice(0, 1)] }),
  "59-chunks": ({ chunks }) => ({ chunks: chunks.slice(0, -1) }),
  "61-chunks": ({ chunks }) => ({ chunks: [...chunks, ...chunks.slice(0, 1)] }),
  "foreign-chunk": ({ chunks }) => ({
    chunks: chunks.map((chunk, at) => (at === 7 ? { ...chunk, document: digestBytes(Buffer.from("another")) } : chunk)),
  }),
  "unknown-payload-type": ({ questions }) => ({
    questions: questions.map((question, at) => (at === 123 ? { ...question, payloadType: unheardOf } : question)),
  }),
  "254-planned": ({ bindings }) => ({ bindings: withoutSignals(bindings, 46) }),
  "255-planned": ({ bindings }) => ({ bindings: withoutSignals(bindings, 45) }),
};

/** What is wrong with a plan that somebody made without the planner. */
export const BROKEN_PLANS: Readonly<Record<string, (plan: Plan) => Plan>> = {
  "299-tasks": (plan) => withTasks(plan, plan.tasks.slice(0, -1)),
  "301-tasks": (plan) => {
    const extra = { ...(plan.tasks[299] as Plan["tasks"][number]), position: 300 };
    return withTasks(plan, [...plan.tasks, { ...extra, id: "task_ffffffffffffffffffff" as typeof extra.id }]);
  },
  "59-bound-chunks": (plan) => {
    const before = plan.tasks[290]?.binding ?? null;
    const rebound = plan.tasks.map((task, at) =>
      at < 295 || before === null || task.binding === null
        ? task
        : { ...task, binding: { ...task.binding, chunk: before.chunk, chunkDigest: before.chunkDigest } },
    );
    return withTasks(plan, rebound);
  },
};

/** A plan with one thing wrong; throws what the planner throws. */
export function brokenPlan(what: string, document: ReadDocument, source: Uint8Array, registry: RegistrySnapshot) {
  const request = BROKEN_REQUESTS[what];
  if (request !== undefined) return fromParts(request, document, registry);
  const planned: PlannedAnalysis = planAnalysis({ document, source, seed: 42, registry });
  const plan = BROKEN_PLANS[what]?.(planned.plan) ?? planned.plan;
  return { ...planned, plan, planDigest: planDigestOf(plan) };
}

function fromParts(change: (parts: Parts) => Partial<Parts>, document: ReadDocument, registry: RegistrySnapshot) {
  const { language } = document;
  const { chunks } = chunkDocument(document);
  const vocabulary = vocabularyOf();
  const measured = annotateChunks({ chunks, vocabulary, documentText: document.text });
  const questions = overlayQuestions({ base: BASE_QUESTIONS, areas: AREA_OVERLAYS, language });
  const digests = chunks.map((chunk) => ({ id: chunk.id, digest: digestJson(chunk as JsonValue) }));
  const bound = { questions, chunks: digests, ...measured, vocabulary: vocabularyDigestOf(vocabulary) };
  const sound: Parts = { questions, chunks, bindings: bindSignals(bound).bindings };
  const parts = { ...sound, ...change(sound) };
  const text = digestBytes(document.bytes);
  const asked = { schema: "canonic/test-request/v1", text };
  const request: PolicyRequest = {
    ...parts,
    document: text,
    language,
    mode: "live",
    seed: 42,
    replay: 5,
    request: digestJson(asked),
    registry,
    signals: measured.signals.map(({ signal }) => signal),
    context: new Map<Digest, JsonValue>([[digestJson(asked), asked]]),
  };
  const { plan, planDigest, artifacts } = planPolicy(request);
  const tasks = plan.tasks.flatMap(({ id, binding }) => (binding === null ? [] : [{ id, question: binding.question }]));
  const coverage = measureCoverage({ tasks, bindings: parts.bindings, signals: measured.signals });
  assertCoverage(coverage, COVERAGE_THRESHOLD, "planned");
  return { plan, planDigest, artifacts, payloads: [{ digest: text, bytes: document.bytes }] };
}

/** The first `count` questions lose every signal that they must have. */
function withoutSignals(bindings: readonly Binding[], count: number): readonly Binding[] {
  const lost = { at: "emitted", reason: "withdrawn", owner: "tests" } as const;
  return bindings.map((binding, at) =>
    at >= count
      ? binding
      : { ...binding, required: binding.required.map((need) => ({ ...need, signal: null, stage: "wired", lost })) },
  );
}

function withTasks(plan: Plan, tasks: Plan["tasks"]): Plan {
  return { ...plan, tasks, groups: [tasks.map((_, at) => at)] };
}
