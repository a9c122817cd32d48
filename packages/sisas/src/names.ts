/**
 * Proper names around a word: capitalised words, with small words between them.
 *
 * Invariants:
 *   N1. A name begins and ends with a capitalised word and holds at most {@link NAME_WORDS_MAX} of them.
 *   N2. Work is bounded by a window of characters, whatever the text.
 *
 * @module
 */

export const NAME_WORDS_MAX = 8;
const WINDOW = 160;

const SMALL: ReadonlySet<string> = new Set([
  "of",
  "for",
  "and",
  "on",
  "the",
  "to",
  "in",
  "de",
  "del",
  "la",
  "las",
  "los",
  "el",
  "y",
  "e",
  "para",
]);
/** "and the" begins another name, "of the" does not. */
const CONJUNCTIONS: ReadonlySet<string> = new Set(["and", "y", "e"]);
const ARTICLES: ReadonlySet<string> = new Set(["the", "el", "la", "los", "las"]);
/** Capitalised words that begin a sentence, not a name. */
const OPENERS: ReadonlySet<string> = new Set([
  "The",
  "This",
  "That",
  "These",
  "Each",
  "Every",
  "A",
  "An",
  "Our",
  "Any",
  "If",
  "When",
  "In",
  "On",
  "By",
  "For",
  "Under",
  "And",
  "But",
  "El",
  "La",
  "Los",
  "Las",
  "En",
  "Por",
]);

const CAPITALISED = /^[A-Z][A-Za-z'-]*$/;
const SMALL_RUN_MAX = 3;

/** Where the name that starts at `from` ends, or `from` when none starts there. */
export function nameEndsAt(plain: string, from: number): number {
  let end = from;
  let at = from;
  let [capitalised, small] = [0, 0];
  let joined = false;
  for (const word of plain.slice(from, from + WINDOW).split(/([\s,]+)/)) {
    const isGap = /^(?:,?\s{1,2})$/.test(word);
    const bare = word.replace(/[.;:)]+$/, "");
    if (!isGap) {
      if (CAPITALISED.test(bare)) {
        end = at + bare.length;
        capitalised += 1;
        small = 0;
      } else if (SMALL.has(word) && capitalised > 0 && small < SMALL_RUN_MAX && !(joined && ARTICLES.has(word)))
        small += 1;
      else break;
      joined = CONJUNCTIONS.has(word);
      if (bare !== word || capitalised >= NAME_WORDS_MAX) break;
    }
    at += word.length;
  }
  return end;
}

/** Where the name that ends right before `to` starts, or `to` when none does. */
export function nameStartsAt(plain: string, to: number): number {
  let start = to;
  let at = to;
  let [capitalised, small] = [0, 0];
  const words = plain.slice(Math.max(0, to - WINDOW), to).split(/(\s+)/);
  for (const word of words.reverse()) {
    at -= word.length;
    if (/^\s*$/.test(word)) {
      if (word.length > 2) break;
      continue;
    }
    const bare = word.replace(/^["'(]+/, "");
    if (CAPITALISED.test(bare) && !OPENERS.has(bare)) {
      start = at + (word.length - bare.length);
      capitalised += 1;
      small = 0;
    } else if (SMALL.has(word) && capitalised > 0 && small < SMALL_RUN_MAX) small += 1;
    else break;
    if (bare !== word || capitalised >= NAME_WORDS_MAX) break;
  }
  return start;
}
