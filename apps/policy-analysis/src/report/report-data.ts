/**
 * What a report is made of, and how its parts belong together.
 *
 * Invariants:
 *   R1. One answer for each question and none besides, in the order of `questions`.
 *   R2. Every answer names a question, an area, a dimension and a chunk that are there.
 *
 * @module
 */
import assert from "node:assert/strict";
import type {
  AreaId,
  Chunk,
  ContractVerdict,
  Coverage,
  Digest,
  DimensionId,
  DocumentRecord,
  Output,
  Question,
  RunId,
} from "@canonic/contracts";

/** The values of one run, from which every result file for people is printed. `text` is the normalised text. */
export type ReportData = {
  readonly document: DocumentRecord;
  readonly text: Uint8Array;
  readonly questions: readonly Question[];
  readonly areas: readonly { readonly id: AreaId; readonly name: string }[];
  readonly dimensions: readonly { readonly id: DimensionId; readonly name: string }[];
  readonly chunks: readonly Chunk[];
  readonly outputs: readonly Output[];
  readonly coverage: Coverage;
  readonly verdicts: readonly ContractVerdict[];
  readonly run?: {
    readonly id: RunId;
    readonly planDigest: Digest;
    readonly outputsDigest: Digest | null;
    readonly status: "completed" | "violated" | "failed" | "denied";
  };
};

/** A question with its output and the chunk that it was asked of. */
export type Answer = { readonly question: Question; readonly output: Output; readonly chunk: Chunk };

/** The five answers of one area and dimension; `sum` of `most` points. */
export type Cell = {
  readonly id: string;
  readonly area: ReportData["areas"][number];
  readonly dimension: ReportData["dimensions"][number];
  readonly answers: readonly Answer[];
  readonly score: Points;
};

/** Points reached of points possible: the mean score as an exact fraction of the highest. */
type Points = { readonly sum: number; readonly most: number; readonly answered: number; readonly asked: number };

const SCORE_MAX = 3;

/** Every question with its answer, in the order of the questions. */
export function joinAnswers(data: ReportData): Answer[] {
  const outputs = new Map(data.outputs.map((output) => [output.question, output]));
  const chunks = new Map(data.chunks.map((chunk) => [chunk.id, chunk]));
  assert.equal(outputs.size, data.outputs.length, "a question is answered twice");
  assert.equal(data.outputs.length, data.questions.length, "not one output for each question");
  return data.questions.map((question) => {
    const output = outputs.get(question.id);
    assert.ok(output !== undefined, `no output for ${question.id}`);
    const chunk = chunks.get(output.chunk);
    assert.ok(chunk !== undefined, `no chunk ${output.chunk} for ${question.id}`);
    return { question, output, chunk };
  });
}

/** The cells of the grid, area by area, each with its answers. */
export function gridOf(data: ReportData, answers: readonly Answer[]): Cell[] {
  const cells = data.areas.flatMap((area) =>
    data.dimensions.map((dimension) => {
      const own = answers.filter(({ question }) => question.area === area.id && question.dimension === dimension.id);
      return { id: `${area.id}-${dimension.id}`, area, dimension, answers: own, score: pointsOf(own) };
    }),
  );
  const placed = cells.reduce((sum, cell) => sum + cell.answers.length, 0);
  assert.equal(placed, answers.length, "a question stands outside the grid");
  return cells;
}

/** The points of some answers together. */
export function pointsOf(answers: readonly Answer[]): Points {
  return {
    sum: answers.reduce((sum, { output }) => sum + output.score, 0),
    most: answers.length * SCORE_MAX,
    answered: answers.filter(({ output }) => output.status === "answered").length,
    asked: answers.length,
  };
}
