/**
 * Terms: words of a text by their stems, and the places where terms of one or more words occur.
 *
 * Invariants:
 *   T1. A term and a text are read by the same rule, so a term finds every inflection that its stems share.
 *   T2. Linear in the words of the text, whatever the number of terms.
 *
 * @see Porter, Snowball: a language for stemming algorithms, 2001.
 * @module
 */
import { createRequire } from "node:module";
import type { Language } from "@canonic/contracts";

/** The most words that a term has. */
export const TERM_WORDS_MAX = 4;

export type Stemmer = (word: string) => string;

/** A stemmer with a memory of its own; texts repeat their words. The first word loads the stemmers. */
export function stemmerOf(language: Language): Stemmer {
  let stemmer: ReturnType<typeof newStemmer> | undefined;
  const known = new Map<string, string>();
  return (word) => {
    let stem = known.get(word);
    if (stem === undefined) {
      stemmer ??= newStemmer(language === "en" ? "english" : "spanish");
      stem = stemmer.stem(word);
      known.set(word, stem);
    }
    return stem;
  };
}

/** Stemmers of twenty languages in one module, which is not loaded before a word is to be stemmed. */
function newStemmer(language: string) {
  const stemmers = createRequire(import.meta.url)("snowball-stemmers") as typeof import("snowball-stemmers");
  return stemmers.newStemmer(language);
}

/** The stems of a text's words, in order; words are runs of letters and digits, lower-cased. */
export function stemsOf(text: string, stemmer: Stemmer): readonly string[] {
  return (
    text
      .normalize("NFC")
      .toLowerCase()
      .match(/[\p{L}\p{M}\p{N}]+/gu) ?? []
  ).map(stemmer);
}

/** Terms by the stems that spell them; a term with the same stems as an earlier one stands for that one. */
export type TermIndex = ReadonlyMap<string, number>;

/** Indexes terms; the value of each is its position in `terms` (the first, where two have equal stems). */
export function indexTerms(terms: readonly string[], stemmer: Stemmer): TermIndex {
  const index = new Map<string, number>();
  terms.forEach((term, position) => {
    const key = stemsOf(term, stemmer).join(" ");
    if (key !== "" && !index.has(key)) index.set(key, position);
  });
  return index;
}

/** Every occurrence of a term among the stems, as the key under which `index` holds it. */
export function occurrencesOf(stems: readonly string[], index: { has(key: string): boolean }): readonly string[] {
  const keys: string[] = [];
  for (let start = 0; start < stems.length; start += 1) {
    let key = "";
    for (let length = 1; length <= TERM_WORDS_MAX && start + length <= stems.length; length += 1) {
      key = length === 1 ? (stems[start] ?? "") : `${key} ${stems[start + length - 1]}`;
      if (index.has(key)) keys.push(key);
    }
  }
  return keys;
}

/** How often each term occurs; terms that do not occur are absent. */
export function countTerms(occurrences: readonly string[], index: TermIndex): ReadonlyMap<number, number> {
  const counts = new Map<number, number>();
  for (const key of occurrences) {
    const term = index.get(key);
    if (term !== undefined) counts.set(term, (counts.get(term) ?? 0) + 1);
  }
  return counts;
}
