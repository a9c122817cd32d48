/**
 * Chunks, questions and signals for tests.
 *
 * @module
 */
import {
  type AreaId,
  type Chunk,
  type ChunkId,
  type DimensionId,
  digestBytes,
  digestJson,
  Question,
  type QuestionId,
  type SignalKind,
  type TaskId,
} from "@canonic/contracts";
import { annotateChunks, bindSignals, vocabularyDigestOf, vocabularyOf } from "../src/index.ts";

export const DOCUMENT = digestBytes("document");
export const VOCABULARY = vocabularyOf();
export const CURRENT = vocabularyDigestOf(VOCABULARY);

const search = { method: "test/v1", terms: ["water"], paragraphs: 12, candidates: 1, bestScore: 3, threshold: 2 };

/** A chunk whose passages follow each other in the document, from byte `at` on, one byte apart. */
export function foundChunk(id: string, texts: readonly string[], language: "en" | "es" = "en", at = 0): Chunk {
  let start = at;
  const passages = texts.map((text) => {
    const end = start + Buffer.byteLength(text);
    const passage = { span: { start, end }, digest: digestBytes(text), score: 1, text };
    start = end + 1;
    return passage;
  });
  return { ...cellOf(id, language), kind: "found", passages };
}

export function emptyChunk(id: string, language: "en" | "es" = "en", paragraphs = 12): Chunk {
  return { ...cellOf(id, language), kind: "empty", search: { ...search, paragraphs } };
}

function cellOf(id: string, language: "en" | "es") {
  const [area, dimension] = id.split("-") as [AreaId, DimensionId];
  return {
    schema: "canonic/chunk/v1" as const,
    id: id as ChunkId,
    area,
    dimension,
    language,
    document: DOCUMENT,
    search,
  };
}

export type Needs = {
  readonly required: readonly (readonly [SignalKind, number])[];
  readonly optional?: readonly (readonly [SignalKind, number])[];
};

/** The 300 questions of the grid in numeric order. */
export function gridQuestions(needs: Needs): Question[] {
  return Array.from({ length: 300 }, (_, index) => {
    const cell = Math.floor(index / 5);
    const [area, dimension, q] = [Math.floor(cell / 6) + 1, (cell % 6) + 1, (index % 5) + 1];
    const of = (list: Needs["optional"]) => (list ?? []).map(([kind, strengthMin]) => ({ kind, strengthMin }));
    return Question.parse({
      schema: "canonic/question/v1",
      id: `Q${String(index + 1).padStart(3, "0")}`,
      ordering: "numeric/v1",
      slot: `DIM0${dimension}-Q${q}`,
      area: `PA${String(area).padStart(2, "0")}`,
      dimension: `DIM0${dimension}`,
      q,
      language: "en",
      text: "Is there a target?",
      payloadType: "question/target",
      terms: ["target"],
      elements: [{ id: "target", label: "Target", required: true, patterns: [], signals: [] }],
      modality: "count",
      signals: { required: of(needs.required), optional: of(needs.optional) },
      failure: { abortIf: ["signal-missing"], code: "policy.no-target" },
    });
  });
}

/** The 60 chunks of the grid; the text of each by its position. */
export function gridChunks(textOf: (position: number) => string | null): Chunk[] {
  return Array.from({ length: 60 }, (_, position) => {
    const id = `PA${String(Math.floor(position / 6) + 1).padStart(2, "0")}-DIM0${(position % 6) + 1}`;
    const text = textOf(position);
    return text === null ? emptyChunk(id) : foundChunk(id, [text], "en", position * 1000);
  });
}

/** Everything up to the bindings of a full grid. */
export function bindGrid(
  needs: Needs,
  textOf: (position: number) => string | null = () => "We will reach 80 percent by 2030.",
) {
  const questions = gridQuestions(needs);
  const chunks = gridChunks(textOf);
  const { signals, gaps: unmeasured } = annotateChunks({ chunks, vocabulary: VOCABULARY });
  const named = chunks.map((chunk) => ({ id: chunk.id, digest: digestJson(chunk) }));
  const bound = bindSignals({ questions, chunks: named, signals, gaps: unmeasured, vocabulary: CURRENT });
  const tasks = questions.map(({ id }) => ({ id: taskOf(id), question: id }));
  return { questions, chunks, named, signals, unmeasured, tasks, ...bound };
}

export function taskOf(question: QuestionId): TaskId {
  return `task_${digestJson(question).slice(7, 27)}` as TaskId;
}
