/**
 * Whether a text can be measured at all: readable, garbled, or in a language that no annotator speaks.
 *
 * Invariants:
 *   Q1. Counts are integers and so are the thresholds; a text under {@link WORDS_JUDGED_MIN} words is judged by its
 *       characters alone, for a short text proves nothing about its language.
 *   Q2. A silent text is readable: quality says nothing about what is found.
 *
 * @module
 */
import type { Language } from "@canonic/contracts";

export type TextQuality = "readable" | "garbled" | "unsupported-language";

/** From this many words on, a text in the declared language must show its commonest words. */
export const WORDS_JUDGED_MIN = 60;

/** Of 100 words at least this many must be common words of the declared language. */
const COMMON_PERCENT_MIN = 2;
/** Of 100 characters at most this many may be broken ones. */
const BROKEN_PERCENT_MAX = 1;
/** Of 100 letters at least this many must be Latin. */
const LATIN_PERCENT_MIN = 50;

/** Of 100 characters of a text at least this many must be letters or digits: a table of numbers is readable. */
const WRITTEN_PERCENT_MIN = 35;

/** Words that the other European languages do not share. */
const COMMON: Readonly<Record<Language, ReadonlySet<string>>> = {
  en: new Set([
    "the",
    "of",
    "and",
    "to",
    "is",
    "with",
    "that",
    "by",
    "are",
    "be",
    "this",
    "which",
    "it",
    "have",
    "from",
    "for",
    "their",
    "our",
    "we",
  ]),
  es: new Set([
    "el",
    "los",
    "las",
    "del",
    "con",
    "una",
    "y",
    "más",
    "su",
    "sus",
    "este",
    "esta",
    "ha",
    "también",
    "años",
  ]),
};

/** Broken: replacement and control characters, private use, unpaired surrogates, and the traces of UTF-8 read as Latin-1. */
const BROKEN = /(?![\t\n\v\f\r])[\p{Cc}\p{Cs}\p{Co}\ufffd]|\u00c3[\u0080-\u00bf\u2018-\u2122]|\u00e2\u20ac/gu;

export function judgeText(text: string, language: Language): TextQuality {
  const common = (COMMON as Partial<Record<string, ReadonlySet<string>>>)[language];
  if (common === undefined) return "unsupported-language";
  const visible = count(text, /\S/g);
  if (visible === 0) return "readable";
  if (count(text, BROKEN) * 100 > visible * BROKEN_PERCENT_MAX) return "garbled";
  const letters = count(text, /\p{L}/gu);
  if (letters > 0 && count(text, /\p{Script=Latin}/gu) * 100 < letters * LATIN_PERCENT_MIN)
    return "unsupported-language";
  if (visible >= 40 && count(text, /[\p{L}\p{N}]/gu) * 100 < visible * WRITTEN_PERCENT_MIN) return "garbled";
  const words = text.match(/\p{L}+/gu) ?? [];
  if (words.length < WORDS_JUDGED_MIN) return "readable";
  const shown = words.filter((word) => common.has(word.toLowerCase())).length;
  if (shown * 100 >= words.length * COMMON_PERCENT_MIN) return "readable";
  return isWordlike(words) ? "unsupported-language" : "garbled";
}

/** Words of a real language have vowels and a usual length; letters that a broken font map left over do not. */
function isWordlike(words: readonly string[]): boolean {
  const good = words.filter((word) => word.length <= 20 && /[aeiouyáéíóúàèìòùäëïöüâêîôûãõåæøœ]/i.test(word)).length;
  return good * 100 >= words.length * 60;
}

function count(text: string, expression: RegExp): number {
  return text.match(expression)?.length ?? 0;
}
