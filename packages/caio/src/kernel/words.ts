/**
 * The words of a text, the same on every machine: ASCII letters and digits alone make words.
 *
 * @module
 */
import { byCodeUnit } from "@canonic/contracts";

/** How many words of an intent count. */
export const INTENT_WORDS_MAX = 64;

const WORD = /[a-z0-9]{2,}/g;
const UPPER = /[A-Z]+/g;

/**
 * The maximal runs of `[a-z0-9]` that are at least two long, in lower case, each once, by code unit. Only `A` to `Z` have a
 * lower case here: the Kelvin sign is no letter of a word.
 */
export function wordsOf(text: string): string[] {
  const lower = text.replace(UPPER, (run) => run.toLowerCase());
  return [...new Set(lower.match(WORD))].sort(byCodeUnit);
}
