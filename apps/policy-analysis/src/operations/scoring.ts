/**
 * Scores, confidence and relevance, each by a declared integer rule.
 *
 * Score 0..3 by the modality of the question; a required element that is not met makes it 0:
 *   count                 as many as elements are met, at most 3;
 *   required-then-count   1, and 1 for each further element met that is not required, at most 3;
 *   presence              3;
 *   strongest             as many as the best single sentence meets, at most 3.
 *
 * Confidence is the share of checks that agree with the status, in hundredths, floored. It is not a probability. For an
 * answer the checks are: each element is met, each signal given has an annotation in the evidence, a second sentence
 * supports it. For no evidence: each element is unmet, each signal given measured an absence, the cell found no passage.
 *
 * Relevance 0..100 of a sentence: 60 times the share of elements that it meets, floored; 20 when an annotation of a
 * given signal lies in it; 5 for each distinct term of the question in it, at most 20.
 *
 * @module
 */
import type { Language, Question } from "@canonic/contracts";
import { indexTerms, occurrencesOf, stemmerOf, stemsOf } from "../rank/terms.ts";
import type { Finding } from "./findings.ts";
import type { TaskInput } from "./task-input.ts";

export const SCORE_MAX = 3;

/** The score of a question for its findings; 0 is no evidence. */
export function scoreOf({ elements, modality }: Question, findings: readonly Finding[]): number {
  const met = new Set(findings.flatMap((finding) => finding.elements));
  if (met.size === 0 || elements.some(({ id, required }) => required && !met.has(id))) return 0;
  switch (modality) {
    case "count":
      return Math.min(SCORE_MAX, met.size);
    case "required-then-count": {
      const further = elements.filter(({ id, required }) => !required && met.has(id)).length;
      return Math.min(SCORE_MAX, 1 + further);
    }
    case "presence":
      return SCORE_MAX;
    case "strongest":
      return Math.min(SCORE_MAX, Math.max(...findings.map((finding) => finding.elements.length)));
  }
}

/** Confidence in hundredths, 0..100. */
export function confidenceOf(task: TaskInput, findings: readonly Finding[], isAnswered: boolean): number {
  const met = new Set(findings.flatMap((finding) => finding.elements));
  const used = findings.flatMap(({ annotations }) => annotations);
  const checks = isAnswered
    ? [
        ...task.question.elements.map(({ id }) => met.has(id)),
        ...task.signals.map(({ signal }) => signal.annotations.some((annotation) => used.includes(annotation))),
        findings.length > 1,
      ]
    : [
        ...task.question.elements.map(({ id }) => !met.has(id)),
        ...task.signals.map(({ signal }) => signal.strength === 0),
        task.chunk.kind === "empty",
      ];
  return Math.floor((100 * checks.filter(Boolean).length) / checks.length);
}

/** Makes the relevance of a question's findings. */
export function relevanceFor({ language, terms, elements }: Question): (finding: Finding) => number {
  const stemmer = STEMMERS[language];
  const index = indexTerms(terms, stemmer);
  return (finding) => {
    const words = new Set(occurrencesOf(stemsOf(finding.text, stemmer), index)).size;
    const signal = finding.annotations.length > 0 ? 20 : 0;
    return Math.floor((60 * finding.elements.length) / elements.length) + signal + Math.min(20, 5 * words);
  };
}

const STEMMERS: { readonly [L in Language]: ReturnType<typeof stemmerOf> } = {
  en: stemmerOf("en"),
  es: stemmerOf("es"),
};
