/**
 * What plans of this pack are made from, as it is installed now, under the names that evidence of certificates has.
 *
 * @module
 */
import { type Digest, digestJson, type JsonValue } from "@canonic/contracts";
import type { FinishedRun } from "@canonic/orchestrator";
import { overlayQuestions } from "@canonic/planner";
import { LABELLED_CASES, recordPrecision, vocabularyDigestOf, vocabularyOf } from "@canonic/sisas";
import { AREA_OVERLAYS, BASE_QUESTIONS } from "./questionnaire/index.ts";
import { requestOf } from "./record.ts";

/** Questionnaire of the plan's language, vocabulary and labelled cases; nothing for a plan that is not ours. */
export function sourcesOf({ plan, artifacts }: Pick<FinishedRun, "plan" | "artifacts">): ReadonlyMap<string, Digest> {
  const request = requestOf(plan, artifacts);
  if (request === undefined) return new Map();
  const questions = overlayQuestions({ base: BASE_QUESTIONS, areas: AREA_OVERLAYS, language: request.language });
  const vocabulary = vocabularyDigestOf(vocabularyOf());
  return new Map([
    ["questionnaire", digestJson(questions.map((question) => digestJson(question as JsonValue)))],
    ["vocabulary", vocabulary],
    ["labelled-cases", recordPrecision(LABELLED_CASES, vocabulary).record.cases],
  ]);
}
