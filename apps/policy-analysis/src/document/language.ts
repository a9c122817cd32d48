/**
 * Tells English from Spanish by the function words of a text, and refuses to guess.
 *
 * Invariants:
 *   L1. The verdict depends on counts of words alone, in integer arithmetic: the distinctive function words of the
 *       language are at least {@link HITS_MIN} and one word of {@link SHARE}, and all its function words are at least
 *       {@link LEAD} times the other language's.
 *   L2. No word stands in both profiles. Distinctive words are no common words of a neighbour (Portuguese, Galician,
 *       Catalan, French, Italian for Spanish), so that a neighbour is refused, not taken for the language.
 *
 * @module
 */
import type { Language } from "@canonic/contracts";
import { inBackticks, PolicyAnalysisError } from "../errors.ts";

export const HITS_MIN = 3;
export const SHARE = 12;
export const LEAD = 2;

const list = (text: string): ReadonlySet<string> => new Set(text.split(" "));

type Profile = { readonly distinctive: ReadonlySet<string>; readonly shared: ReadonlySet<string> };
const ENGLISH: Profile = {
  distinctive: list(
    "the of and are was were been that this these those for with which will shall from have has had not its their they our your would should",
  ),
  shared: list("to is be by it we you on or at an who must can all more in if so"),
};
const SPANISH: Profile = {
  distinctive: list(
    "el los las del y una con al lo su sus más también pero según sin fue muy desde hasta hay son esta este estos estas toda todo todos sobre entre cuando donde ser será deberá tiene",
  ),
  shared: list("de la que en un para por como se es si o e"),
};

export type LanguageEvidence =
  | { readonly kind: "given" }
  | { readonly kind: "function-words"; readonly words: number; readonly english: number; readonly spanish: number };

/**
 * The language of a text.
 *
 * @throws {PolicyAnalysisError} `policy-analysis.language-undetected` when the words do not decide it.
 */
export function detectLanguage(
  text: string,
  name: string,
): { readonly language: Language; readonly evidence: LanguageEvidence } {
  const words = text.toLowerCase().match(/\p{L}+/gu) ?? [];
  const english = countHits(words, ENGLISH);
  const spanish = countHits(words, SPANISH);
  const language = wins(english, spanish, words.length) ? "en" : wins(spanish, english, words.length) ? "es" : null;
  const counts = { words: words.length, english: english.all, spanish: spanish.all };
  if (language === null) {
    throw new PolicyAnalysisError(
      "policy-analysis.language-undetected",
      `the language of document ${inBackticks(name)} is neither clearly English nor clearly Spanish (${counts.words} words, ${counts.english} and ${counts.spanish} function words); give --lang en or --lang es`,
      { name, ...counts },
    );
  }
  return { language, evidence: { kind: "function-words", ...counts } };
}

type Hits = { readonly distinctive: number; readonly all: number };

function countHits(words: readonly string[], { distinctive, shared }: Profile): Hits {
  const hits = words.filter((word) => distinctive.has(word)).length;
  return { distinctive: hits, all: hits + words.filter((word) => shared.has(word)).length };
}

function wins(own: Hits, rival: Hits, words: number): boolean {
  return own.distinctive >= HITS_MIN && own.distinctive * SHARE >= words && own.all >= LEAD * rival.all;
}
