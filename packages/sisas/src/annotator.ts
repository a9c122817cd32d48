/**
 * What an annotator is, and how its patterns become findings.
 *
 * Invariants:
 *   A1. Patterns that come first win: where two findings of one annotator overlap, the later pattern yields.
 *   A2. Findings stand in text order, then pattern order of the annotator; equal text gives equal findings.
 *   A3. Every expression is checked against super-linear matching by the tests, or is a finite lexicon.
 *
 * @module
 */
import { byCodeUnit, type Language, type SignalKind } from "@canonic/contracts";
import { type Range, type Reading, readPassage } from "./reading.ts";

export type Attributes = Readonly<Record<string, string>>;

/** One finding in a passage, in UTF-16 offsets; `pattern` is the id that a consumption proof will name. */
export type Finding = Range & { readonly pattern: string; readonly attributes: Attributes };

/**
 * What a match means: null when it is none after all; `pattern` when it is a case of its own; `start` and `end` where
 * the finding reaches further than the match.
 */
export type Meaning = {
  readonly attributes: Attributes;
  readonly pattern?: string;
  readonly start?: number;
  readonly end?: number;
} | null;

export type Pattern = {
  readonly id: string;
  readonly language: Language | "any";
  readonly on: "plain" | "lower";
  readonly expression: RegExp;
  /** Further expressions that `read` uses: part of the vocabulary, and checked like the first. */
  readonly also: readonly RegExp[];
  readonly read: (match: RegExpExecArray, reading: Reading) => Meaning;
};

/**
 * `weights` gives every pattern id its integer 1..100 (see strength.ts). `refine` may add findings that need more than
 * one match, or drop some; it must be a function of its arguments.
 */
export type Annotator = {
  readonly kind: SignalKind;
  readonly version: string;
  readonly languages: readonly Language[];
  readonly patterns: readonly Pattern[];
  readonly weights: Readonly<Record<string, number>>;
  readonly refine?: (findings: readonly Finding[], reading: Reading) => readonly Finding[];
};

/** Finds everything that an annotator sees in a passage. */
export function findIn(annotator: Annotator, reading: Reading): readonly Finding[] {
  const taken = new Uint8Array(reading.text.length);
  const found: Finding[] = [];
  for (const pattern of annotator.patterns) {
    if (pattern.language !== "any" && pattern.language !== reading.language) continue;
    for (const match of reading[pattern.on].matchAll(pattern.expression)) {
      const meaning = pattern.read(match, reading);
      if (meaning === null) continue;
      const range = wholeCharacters(rangeOf(match, meaning), reading.text);
      if (range.start >= range.end || taken.subarray(range.start, range.end).includes(1)) continue;
      taken.fill(1, range.start, range.end);
      found.push({ pattern: meaning.pattern ?? pattern.id, ...range, attributes: meaning.attributes });
    }
  }
  const refined = annotator.refine === undefined ? found : annotator.refine(found, reading);
  return [...refined].sort((a, b) => a.start - b.start || a.end - b.end || byCodeUnit(a.pattern, b.pattern));
}

/** {@link findIn} for a text; a convenience of tests and of people who look at one annotator alone. */
export function annotateText(annotator: Annotator, text: string, language: Language): readonly Finding[] {
  return findIn(annotator, readPassage(text, language));
}

/** A pattern by expression; the flag `g` is added. */
export function pattern(
  id: string,
  language: Language | "any",
  source: string,
  read: Pattern["read"],
  options: { readonly on?: "plain" | "lower"; readonly also?: readonly RegExp[] } = {},
): Pattern {
  return {
    id,
    language,
    on: options.on ?? "lower",
    expression: new RegExp(source, "g"),
    also: options.also ?? [],
    read,
  };
}

/**
 * A pattern over a finite list of phrases, in folded lower case, with a comma between them. A phrase may hold `(a|b)`,
 * `[ab]` and `?`; a space stands for one to three characters of white space. Longer phrases are tried first.
 */
export function lexicon(id: string, language: Language, phrases: string, attributes: Attributes = {}): Pattern {
  return pattern(id, language, wordsOf(phrases), (match) => ({
    attributes: { ...attributes, text: squeeze(match[0]) },
  }));
}

/** The expression of a finite list of phrases, as whole words. */
export function wordsOf(phrases: string): string {
  const longestFirst = phrases
    .trim()
    .replace(/\s+/g, " ")
    .split(", ")
    .sort((a, b) => b.length - a.length || byCodeUnit(a, b));
  return `\\b(?:${longestFirst.map((phrase) => phrase.replaceAll("(", "(?:").replaceAll(" ", "\\s{1,3}")).join("|")})\\b`;
}

/** White space runs as one space, at most 200 characters: how matched text stands in attributes. */
export function squeeze(text: string): string {
  return text.replace(/\s+/g, " ").trim().slice(0, 200);
}

/** Where a finding lies: its match without the white space at its ends, or as far as its meaning says. */
function rangeOf(match: RegExpExecArray, meaning: NonNullable<Meaning>): Range {
  const lead = match[0].length - match[0].trimStart().length;
  return {
    start: meaning.start ?? match.index + lead,
    end: meaning.end ?? match.index + lead + match[0].trim().length,
  };
}

/** A bounded expression may stop between the halves of a surrogate pair; a span of bytes may not. */
function wholeCharacters({ start, end }: Range, text: string): Range {
  const isInside = (offset: number) => /^[\ud800-\udbff][\udc00-\udfff]$/.test(text.slice(offset - 1, offset + 1));
  return { start: isInside(start) ? start - 1 : start, end: isInside(end) ? end + 1 : end };
}
