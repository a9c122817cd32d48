/**
 * Measures the operations on labelled cases: precision and recall, by method and language, counted and never assumed.
 *
 * @module
 */
import {
  type Chunk,
  type ChunkId,
  digestBytes,
  type JsonObject,
  type Language,
  type Output,
  type Question,
  signalInputName,
  type TaskId,
} from "@canonic/contracts";
import { overlayQuestions } from "@canonic/planner";
import { annotateChunk, vocabularyOf } from "@canonic/sisas";
import { METHODS, type MethodName } from "../../src/methods/index.ts";
import { answerQuestion } from "../../src/operations/answer-question.ts";
import { AREA_OVERLAYS, BASE_QUESTIONS } from "../../src/questionnaire/index.ts";
import { SEARCH_METHOD, THRESHOLD } from "../../src/rank/index.ts";
import type { LabelledCase } from "./labelled-case.ts";

/** Right, found too much, found too little. */
export type Tally = {
  readonly truePositives: number;
  readonly falsePositives: number;
  readonly falseNegatives: number;
};

/** `verdicts` counts cases by status, `elements` each expected or claimed element. */
export type Measurement = {
  readonly method: MethodName | "all";
  readonly language: Language;
  readonly part: "tuned" | "held-out";
  readonly cases: number;
  readonly verdicts: Tally;
  readonly elements: Tally;
};

export type CaseResult = {
  readonly labelled: LabelledCase;
  readonly method: MethodName;
  readonly met: readonly string[];
};

const TASK = `task_${"0".repeat(20)}` as TaskId;

/** Answers each case by the method of its question, with real signals. */
export function answerCases(cases: readonly LabelledCase[]): readonly CaseResult[] {
  const vocabulary = vocabularyOf();
  const questions = { en: questionsOf("en"), es: questionsOf("es") };
  return cases.map((labelled) => {
    const question = questions[labelled.language].find(
      ({ slot, area }) => slot === labelled.slot && area === labelled.area,
    );
    if (question === undefined) throw new Error(`case ${labelled.id} has no question`);
    const chunk = chunkOf(labelled, question);
    const input: { [name: string]: unknown } = { chunk, question };
    for (const { kind } of [...question.signals.required, ...question.signals.optional]) {
      const measured = annotateChunk(chunk, kind, vocabulary);
      if (measured.kind === "signal") input[signalInputName(kind)] = measured.signal;
    }
    const method = question.payloadType.slice("question/".length) as MethodName;
    const output = answerQuestion(METHODS[method], input as JsonObject, TASK) as Output;
    const met = output.elements.filter((element) => element.met).map(({ id }) => id);
    return { labelled, method, met };
  });
}

/** Adds results up: by method, language and part, and for each language and part over all methods. */
export function measure(results: readonly CaseResult[]): readonly Measurement[] {
  const groups = new Map<string, CaseResult[]>();
  for (const result of results) {
    const { language, isHeldOut } = result.labelled;
    for (const method of [result.method, "all"]) {
      const key = [language, isHeldOut ? "held-out" : "tuned", method].join(" ");
      groups.set(key, [...(groups.get(key) ?? []), result]);
    }
  }
  return [...groups]
    .sort(([left], [right]) => (left < right ? -1 : 1))
    .map(([key, group]) => {
      const [language, part, method] = key.split(" ") as [Language, Measurement["part"], Measurement["method"]];
      return {
        method,
        language,
        part,
        cases: group.length,
        verdicts: tally(group, verdictOf),
        elements: tally(group, (ids) => ids),
      };
    });
}

/** Precision and recall in hundredths, floored; null where nothing was claimed or expected. */
export function rates({ truePositives, falsePositives, falseNegatives }: Tally): {
  readonly precision: number | null;
  readonly recall: number | null;
} {
  const share = (of: number) => (of === 0 ? null : Math.floor((100 * truePositives) / of));
  return { precision: share(truePositives + falsePositives), recall: share(truePositives + falseNegatives) };
}

function verdictOf(elements: readonly string[]): readonly string[] {
  return elements.length > 0 ? ["answered"] : [];
}

function tally(results: readonly CaseResult[], view: (elements: readonly string[]) => readonly string[]): Tally {
  let [truePositives, falsePositives, falseNegatives] = [0, 0, 0];
  for (const { labelled, met } of results) {
    const [expected, claimed] = [view(labelled.elements), view(met)];
    truePositives += claimed.filter((id) => expected.includes(id)).length;
    falsePositives += claimed.filter((id) => !expected.includes(id)).length;
    falseNegatives += expected.filter((id) => !claimed.includes(id)).length;
  }
  return { truePositives, falsePositives, falseNegatives };
}

function questionsOf(language: Language): readonly Question[] {
  return overlayQuestions({ base: BASE_QUESTIONS, areas: AREA_OVERLAYS, language });
}

function chunkOf({ passage, language }: LabelledCase, { area, dimension }: Question): Chunk {
  const digest = digestBytes(passage);
  return {
    kind: "found",
    schema: "canonic/chunk/v1",
    id: `${area}-${dimension}` as ChunkId,
    area,
    dimension,
    language,
    document: digest,
    search: {
      method: SEARCH_METHOD,
      terms: [],
      paragraphs: 1,
      candidates: 1,
      bestScore: THRESHOLD,
      threshold: THRESHOLD,
    },
    passages: [{ span: { start: 0, end: Buffer.byteLength(passage) }, digest, score: THRESHOLD, text: passage }],
  };
}
