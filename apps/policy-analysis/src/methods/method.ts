/**
 * What a method is: it finds mentions of one kind in a sentence and says by tags what they are.
 *
 * Tags begin with `@`. A pattern of a question that begins with `^@` is read over the tags of a sentence, one at a
 * time; every other pattern is read over its text. So no text can pretend to be a tag.
 *
 * Invariants:
 *   M1. A method is a pure function of the sentence and its language.
 *   M2. Its patterns are linear or polynomial of low degree over one sentence, bounded by explicit repetitions.
 *
 * @module
 */
import type { Language } from "@canonic/contracts";

/** A place in a sentence, in UTF-16 indices, and what it is. */
export type Mention = { readonly start: number; readonly end: number; readonly tags: readonly string[] };

export type Method = {
  readonly name: MethodName;
  /** A sentence without a mention of an anchored method is no evidence, whatever else it says. */
  readonly isAnchored: boolean;
  /** A sentence about what is missing can still say why. */
  readonly readsAbsence: boolean;
  readonly find: (sentence: string, language: Language) => readonly Mention[];
};

export const METHOD_NAMES = [
  "causal-statements",
  "legal-references",
  "money",
  "populations",
  "quantities",
  "responsible-bodies",
  "retrieve",
  "time-frames",
] as const;
export type MethodName = (typeof METHOD_NAMES)[number];

/** Patterns by language. */
export type Patterns = { readonly [L in Language]: RegExp };

/** A pattern that stands as a whole word; `\b` knows no accents. */
export function word(source: string, flags = "iu"): RegExp {
  return new RegExp(`(?<![\\p{L}\\p{N}])(?:${source})(?![\\p{L}\\p{N}])`, flags);
}

/** Every match of a global pattern, with its place. */
export function matchesOf(pattern: RegExp, text: string): readonly RegExpExecArray[] {
  return [...text.matchAll(pattern)];
}

/** The part of the sentence before a place, at most `units` long and not beyond a semicolon. */
export function before(sentence: string, start: number, units: number): string {
  const part = sentence.slice(Math.max(0, start - units), start);
  return part.slice(part.lastIndexOf(";") + 1);
}

/** The part of the sentence after a place, at most `units` long and not beyond a semicolon. */
export function after(sentence: string, end: number, units: number): string {
  const part = sentence.slice(end, end + units);
  const stop = part.indexOf(";");
  return stop < 0 ? part : part.slice(0, stop);
}
