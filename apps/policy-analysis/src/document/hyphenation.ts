/**
 * Joins the lines of a paragraph, and the words that were broken between them.
 *
 * Invariants:
 *   Y1. A hyphen at a line's end stays if the document shows the hyphenated word elsewhere, or shows the second half as
 *       a word by itself (a compound, or a prefix). It goes if the document shows the joined word, or the second half
 *       is no word of the document. A soft hyphen always goes.
 *   Y2. Lines are joined by one space, but after a hyphen by none; a hyphen before `and` or `or` is a suspended one.
 *
 * @module
 */
import { normaliseCharacters } from "./normal-form.ts";

const WORD = /\p{L}+(?:-\p{L}+)*/gu;

/** `short- and long-term`, `corto- y largoplacista`. */
const SUSPENDING: ReadonlySet<string> = new Set(["and", "or", "to", "y", "e", "o", "u"]);

/** The words that a document shows unbroken, in lower case: the parts on both sides of a hyphen at a line's end are none. */
export function collectWords(lines: readonly string[]): ReadonlySet<string> {
  const words = new Set<string>();
  let isBroken = false;
  for (const line of lines) {
    const text = normaliseCharacters(line.replaceAll("\u00ad", "-")).trim();
    const whole = (isBroken ? text.replace(/^[\p{L}-]+/u, "") : text).replace(/[\p{L}-]+-$/u, "");
    for (const [word] of whole.matchAll(WORD)) words.add(word.toLowerCase());
    isBroken = /[\p{L}-]+-$/u.test(text);
  }
  return words;
}

/** The lines as one running text. */
export function joinLines(lines: readonly string[], words: ReadonlySet<string>): string {
  let text = "";
  for (const line of lines) {
    if (text === "") text = line;
    else if (text.endsWith("\u00ad")) text = text.slice(0, -1) + line;
    else text = joinTwo(text, line, words);
  }
  return text;
}

function joinTwo(before: string, after: string, words: ReadonlySet<string>): string {
  const [, head] = /(?<![\p{L}\p{N}-])((?:[\p{L}\p{N}]+-)*[\p{L}\p{N}]+)[-\u2010]$/u.exec(before) ?? [];
  const [tail] = /^[\p{L}\p{N}]+(?:-\p{L}+)*/u.exec(after) ?? [];
  if (head === undefined || tail === undefined || SUSPENDING.has(tail)) return `${before} ${after}`;
  return isBroken(head, tail, words) ? before.slice(0, -1) + after : before + after;
}

/** True when head and tail are two halves of one word. */
function isBroken(head: string, tail: string, words: ReadonlySet<string>): boolean {
  if (!/^\p{Ll}/u.test(tail) || tail.includes("-") || !/\p{L}{2}$/u.test(head)) return false;
  const known = (word: string): boolean => words.has(word.normalize("NFC").toLowerCase());
  if (known(`${head}-${tail}`)) return false;
  return known(head + tail) || !known(tail);
}
