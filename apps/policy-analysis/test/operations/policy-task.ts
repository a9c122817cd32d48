/**
 * Tasks for the tests of operations: a document of ours, chunked, annotated, and asked.
 *
 * @module
 */
import {
  type Chunk,
  freezeDeep,
  type JsonObject,
  type JsonValue,
  type Language,
  type Operation,
  type Output,
  type Question,
  type Signal,
  signalInputName,
  type TaskId,
} from "@canonic/contracts";
import { overlayQuestions } from "@canonic/planner";
import { annotateChunks, vocabularyOf } from "@canonic/sisas";
import { METHODS, type MethodName } from "../../src/methods/index.ts";
import { answerQuestion } from "../../src/operations/answer-question.ts";
import { operations, routes } from "../../src/operations.ts";
import { AREA_OVERLAYS, BASE_QUESTIONS } from "../../src/questionnaire/index.ts";
import { chunkDocument, type RankableDocument } from "../../src/rank/index.ts";

export const TASK = `task_${"0".repeat(20)}` as TaskId;

export type PolicyTask = {
  readonly question: Question;
  readonly chunk: Chunk;
  readonly operation: Operation;
  readonly input: JsonObject;
};

/** The 300 tasks of a document, in question order. */
export function tasksOf(document: RankableDocument): readonly PolicyTask[] {
  const { chunks } = chunkDocument(document);
  const { signals } = annotateChunks({ chunks, vocabulary: vocabularyOf() });
  return questionsIn(document.language).map((question) => {
    const chunk = chunks.find(({ area, dimension }) => area === question.area && dimension === question.dimension);
    if (chunk === undefined) throw new Error(`no chunk for ${question.id}`);
    const given = signals.flatMap(({ signal }) => (signal.chunk === chunk.id ? [signal] : []));
    return { question, chunk, operation: operationFor(question), input: inputOf(question, chunk, given) };
  });
}

export function questionsIn(language: Language): readonly Question[] {
  return overlayQuestions({ base: BASE_QUESTIONS, areas: AREA_OVERLAYS, language });
}

export function operationFor({ payloadType }: Question): Operation {
  const route = routes.find((candidate) => candidate.payloadType === payloadType);
  const operation = operations.find(({ contract }) => contract.operation === route?.operation);
  if (operation === undefined) throw new Error(`no operation for ${payloadType}`);
  return operation;
}

/** A frozen copy, as the runner hands it over. */
export function inputOf(question: Question, chunk: Chunk, signals: readonly Signal[]): JsonObject {
  const wanted = [...question.signals.required, ...question.signals.optional].map(({ kind }) => kind);
  const bound = signals
    .filter(({ kind }) => wanted.includes(kind))
    .map((signal) => [signalInputName(signal.kind), signal as JsonValue]);
  return freezeDeep(structuredClone({ chunk, question, ...Object.fromEntries(bound) })) as JsonObject;
}

/** What the operation answers, at once: its own `run` loads its method first. */
export function run({ contract }: Pick<Operation, "contract">, input: JsonObject): Output {
  const method = METHODS[contract.operation.slice("policy.answer-".length) as MethodName];
  return answerQuestion(method, input, TASK) as Output;
}

/** The chunk with its passages in another order, and signals measured on it. */
export function reordered(task: PolicyTask, order: (passages: readonly unknown[]) => readonly unknown[]): JsonObject {
  const { chunk, question } = task;
  const turned = (chunk.kind === "found" ? { ...chunk, passages: order(chunk.passages) } : chunk) as Chunk;
  const { signals } = annotateChunks({ chunks: [turned], vocabulary: vocabularyOf() });
  return inputOf(
    question,
    turned,
    signals.map(({ signal }) => signal),
  );
}
