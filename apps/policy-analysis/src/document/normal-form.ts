/**
 * The normal form of characters: which code points a document's text may hold, and how white space is written.
 *
 * Invariants:
 *   F1. Normalising twice changes nothing.
 *   F2. The result is well-formed, NFC, and holds no control character, no soft hyphen, no invisible mark and
 *       no white space but U+0020 and, between lines, U+000A.
 *   F3. No letter, digit or visible mark is added; Latin ligatures stand as the letters they join.
 *
 * @see Unicode Standard Annex 15 (NFC); Unicode Technical Standard 55 (marks that reorder what a reader sees).
 * @module
 */

/** Goes up with every change that can alter a byte of any document's normalised text or a paragraph's span. */
export const NORMALISER = { name: "canonic/document-text", version: "1" } as const;

const LINE_BREAK = /\r\n|[\r\v\f\u0085\u2028\u2029]/gu;

/** Controls other than the line feed; soft hyphen, zero-width space, joiners of words, byte order mark; direction marks. */
const INVISIBLE = /(?!\n)\p{Cc}|[\u00ad\u200b\u2060\ufeff\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;

const LIGATURES: ReadonlyMap<string, string> = new Map([
  ["\ufb00", "ff"],
  ["\ufb01", "fi"],
  ["\ufb02", "fl"],
  ["\ufb03", "ffi"],
  ["\ufb04", "ffl"],
  ["\ufb05", "st"],
  ["\ufb06", "st"],
]);

/** The characters in normal form; line breaks are kept as U+000A, runs of spaces as they are. */
export function normaliseCharacters(raw: string): string {
  return raw
    .toWellFormed()
    .replace(LINE_BREAK, "\n")
    .replace(/[\t\p{Zs}]/gu, " ")
    .replace(INVISIBLE, "")
    .replace(/[\ufb00-\ufb06]/gu, (ligature) => LIGATURES.get(ligature) ?? ligature)
    .normalize("NFC");
}

/** One line of running text in normal form: every run of white space is one space, none at the ends. */
export function normaliseLine(raw: string): string {
  return normaliseCharacters(raw)
    .replace(/[ \n]+/gu, " ")
    .replace(/^ | $/gu, "");
}
