/**
 * Findings: the sentences of a chunk that bear on a question, and the elements that each one meets.
 *
 * Invariants:
 *   N1. A sentence lies inside one passage; its span counts UTF-8 bytes of the document.
 *   N2. Findings are in document order and do not depend on the order of the passages.
 *   N3. Where a question has required elements, others count only in a sentence that meets one of those, or in the
 *       sentence right after it: elements picked from anywhere would make an answer that nobody wrote.
 *   N4. A sentence that says that something is missing is no evidence of it.
 *
 * @module
 */
import {
  type Annotation,
  type Chunk,
  type ExpectedElement,
  type Language,
  type Passage,
  type Question,
  type Span,
  spanContains,
} from "@canonic/contracts";
import { findAnnotations } from "@canonic/sisas";
import { indexBytes } from "../document/byte-index.ts";
import { sentenceRanges } from "../document/sentences.ts";
import { isAbsence, type Method } from "../methods/index.ts";
import type { GivenSignal } from "./task-input.ts";

export type Finding = {
  readonly span: Span;
  readonly text: string;
  /** Ids of the elements met, in the order of the question. */
  readonly elements: readonly string[];
  /** Annotations of the given signals that lie in the sentence. */
  readonly annotations: readonly Annotation[];
};

type Sentence = Finding & { readonly followsPrevious: boolean };

/** The sentences that meet at least one element. */
export function findEvidence(
  chunk: Chunk,
  question: Question,
  signals: readonly GivenSignal[],
  method: Method,
): readonly Finding[] {
  const passages = chunk.kind === "found" ? [...chunk.passages].sort(byPlace) : [];
  const readers = question.elements.map((element) => ({ element, reader: readerOf(element) }));
  const sentences = passages.flatMap((passage) => readPassage(passage, chunk.language, readers, signals, method));
  const required = new Set(question.elements.filter((element) => element.required).map(({ id }) => id));
  if (required.size === 0) return sentences.filter(({ elements }) => elements.length > 0);
  const isAnchor = (sentence: Sentence | undefined) => sentence?.elements.some((id) => required.has(id)) ?? false;
  return sentences.filter(
    (sentence, at) =>
      sentence.elements.length > 0 && (isAnchor(sentence) || (sentence.followsPrevious && isAnchor(sentences[at - 1]))),
  );
}

type ElementReader = {
  readonly element: ExpectedElement;
  readonly reader: { readonly onTags: readonly RegExp[]; readonly onText: readonly RegExp[] };
};

function readPassage(
  passage: Passage,
  language: Language,
  readers: readonly ElementReader[],
  signals: readonly GivenSignal[],
  method: Method,
): readonly Sentence[] {
  const index = indexBytes(passage.text);
  return sentenceRanges(passage.text, language).map((range, at): Sentence => {
    const text = passage.text.slice(range.start, range.end);
    const span = {
      start: passage.span.start + index.byteAt(range.start),
      end: passage.span.start + index.byteAt(range.end),
    };
    const inside = ({ span: place }: Annotation) => spanContains(span, place);
    const annotations = signals.flatMap(({ signal }) => signal.annotations.filter(inside));
    const isBarren = !method.readsAbsence && isAbsence(text, language);
    const tags = new Set(isBarren ? [] : method.find(text, language).flatMap((mention) => mention.tags));
    const isSilent = isBarren || (method.isAnchored && tags.size === 0);
    const elements = readers.filter(({ element, reader }) => {
      if (isSilent) return false;
      if (reader.onText.some((pattern) => pattern.test(text))) return true;
      if ([...tags].some((tag) => reader.onTags.some((pattern) => pattern.test(tag)))) return true;
      return element.signals.some((reference) =>
        signals.some(({ signal }) => findAnnotations(signal, reference).some(inside)),
      );
    });
    return { span, text, elements: elements.map(({ element }) => element.id), annotations, followsPrevious: at > 0 };
  });
}

/** Patterns are data of the question; each is compiled once in a process. */
const compiled = new Map<string, RegExp>();

function readerOf({ patterns }: ExpectedElement): ElementReader["reader"] {
  const compile = (pattern: string): RegExp => {
    const known = compiled.get(pattern) ?? new RegExp(pattern, "iu");
    compiled.set(pattern, known);
    return known;
  };
  return {
    onTags: patterns.filter(isTagPattern).map(compile),
    onText: patterns.filter((pattern) => !isTagPattern(pattern)).map(compile),
  };
}

function isTagPattern(pattern: string): boolean {
  return pattern.startsWith("^@");
}

function byPlace(left: Passage, right: Passage): number {
  return left.span.start - right.span.start || left.span.end - right.span.end;
}
