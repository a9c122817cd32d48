/**
 * How the base questions are written down: patterns and signals that many of them share, and short forms.
 *
 * A pattern that begins with `^@` is read over the tags that the question's method gives to a sentence; every other
 * over the sentence's text. Tags are the same in both languages.
 *
 * @module
 */
import type { SignalKind } from "@canonic/contracts";
import type { BaseElement, BaseQuestion } from "@canonic/planner";
import type { Bilingual } from "../areas/index.ts";
import type { MethodName } from "../methods/index.ts";

/** What a method reads, by the signal that a task of it must be given. */
const REQUIRED_SIGNAL: { readonly [Name in MethodName]: SignalKind } = {
  "causal-statements": "causal-verbs",
  "legal-references": "normative-reference",
  money: "financial-chain",
  populations: "population-disaggregation",
  quantities: "quantitative-triplet",
  "responsible-bodies": "institutional-network",
  retrieve: "semantic-relationship",
  "time-frames": "temporal-consistency",
};

export type QuestionDraft = {
  readonly slot: string;
  readonly method: MethodName;
  readonly modality: BaseQuestion["modality"];
  readonly text: Bilingual<string>;
  readonly terms: Bilingual<string>;
  readonly elements: readonly BaseElement[];
  readonly optional?: readonly SignalKind[];
};

/** The whole question: its mandatory signal by its method (a measured absence is enough), and the failure contract. */
export function question(draft: QuestionDraft): BaseQuestion {
  const { slot, method, modality, text, elements } = draft;
  return {
    slot,
    payloadType: `question/${method}`,
    modality,
    text,
    terms: { en: words(draft.terms.en), es: words(draft.terms.es) },
    elements,
    signals: {
      required: [{ kind: REQUIRED_SIGNAL[method], strengthMin: 0 }],
      optional: (draft.optional ?? []).map((kind) => ({ kind, strengthMin: 0 })),
    },
    // A missing signal ends no task: whether too many are missing is for the signal coverage contract to say.
    failure: {
      abortIf: ["chunk-digest-mismatch", "signal-invalid", "language-mismatch"],
      code: "policy-analysis.task-refused",
    },
  };
}

/** An element that a tag of the method decides. */
export function tagged(id: string, en: string, es: string, tag: string, signals: readonly string[] = []): BaseElement {
  const patterns = [`^@${tag}$`];
  return { id, label: { en, es }, required: false, patterns: { en: patterns, es: patterns }, signals };
}

/** An element that words decide; each string is a list of alternatives, matched as whole words. */
export function worded(
  id: string,
  en: string,
  es: string,
  patterns: Bilingual<string>,
  signals: readonly string[] = [],
): BaseElement {
  return {
    id,
    label: { en, es },
    required: false,
    patterns: { en: [whole(patterns.en)], es: [whole(patterns.es)] },
    signals,
  };
}

/** The same element, required: without it the question is not answered. */
export function required(element: BaseElement): BaseElement {
  return { ...element, required: true };
}

function whole(alternatives: string): string {
  return `(?<![\\p{L}\\p{N}])(?:${alternatives})(?![\\p{L}\\p{N}])`;
}

function words(text: string): readonly string[] {
  return text.split(",").map((word) => word.trim());
}
