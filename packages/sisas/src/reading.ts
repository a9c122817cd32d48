/**
 * A passage made ready for annotators: the same text three times, character for character.
 *
 * Invariants:
 *   R1. `plain` and `lower` have the length of `text`: an offset into one is an offset into all.
 *   R2. Folding is ours and total: no locale, no ICU case tables; what it does not know stays as it is.
 *   R3. Reading is linear in the length of the text.
 *
 * Annotators match simple ASCII expressions against `plain` (accents folded, case kept) or `lower` (folded, lower
 * case), so that `\b` and `\w` mean words in Spanish too.
 *
 * @module
 */
import type { Language } from "@canonic/contracts";

/** Half-open UTF-16 offsets into a passage; they become byte spans only at the door. */
export type Range = { readonly start: number; readonly end: number };

export type Reading = {
  readonly text: string;
  readonly plain: string;
  readonly lower: string;
  readonly language: Language;
  readonly sentences: readonly Range[];
  /** The separator that groups thousands here: the one that the passage uses unambiguously, else the language's. */
  readonly grouping: "." | ",";
};

/** Reads a passage in the language that its chunk declares. */
export function readPassage(text: string, language: Language): Reading {
  const plain = fold(text);
  const lower = lowerAscii(plain);
  return { text, plain, lower, language, sentences: splitSentences(plain), grouping: groupingOf(plain, language) };
}

/** The sentence around an offset; every offset inside the text has one. */
export function sentenceAt(reading: Reading, offset: number): Range {
  let low = 0;
  let high = reading.sentences.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((reading.sentences[middle]?.start ?? 0) <= offset) low = middle;
    else high = middle - 1;
  }
  return reading.sentences[low] ?? { start: 0, end: reading.text.length };
}

const FOLDS: ReadonlyMap<string, string> = new Map(
  Object.entries({
    A: "ÀÁÂÃÄÅĀĂ",
    C: "ÇČĆ",
    D: "Ð",
    E: "ÈÉÊËĒĖ",
    G: "Ğ",
    I: "ÌÍÎÏĪİ",
    N: "ÑŃ",
    O: "ÒÓÔÕÖØŌ",
    S: "ŠŚŞ",
    U: "ÙÚÛÜŪ",
    Y: "ÝŸ",
    Z: "ŽŹŻ",
    a: "àáâãäåāăª",
    c: "çčć",
    d: "ð",
    e: "èéêëēė",
    g: "ğ",
    i: "ìíîïīı",
    n: "ñń",
    o: "òóôõöøōº°",
    s: "šśş",
    u: "ùúûüū",
    y: "ýÿ",
    z: "žźż",
    "-": "‐‑‒–—―−",
    "'": "‘’ʼ´",
    '"': "“”«»„",
    " ": "\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000\t\r\f\v²³¹",
    "*": "•·▪◦●■",
  }).flatMap(([to, from]) => [...from].map((character) => [character, to] as const)),
);

function fold(text: string): string {
  // Most text is ASCII: whole runs of it are taken as they are.
  return text.replace(/[\t\r\f\v]|[^\0-\x7f]/g, (unit) => FOLDS.get(unit) ?? unit);
}

function lowerAscii(text: string): string {
  return text.replace(/[A-Z]+/g, (run) => run.toLowerCase());
}

const ABBREVIATIONS =
  /(?:^|[^\w.])(?:art|arts|no|nos|num|nro|dr|dra|sr|sra|mr|mrs|ms|st|vs|etc|fig|inc|cap|lit|par|sec|pag|pp|u\.s|e\.g|i\.e|p\.ej|ee\.uu|[a-z])$/;

function groupingOf(plain: string, language: Language): "." | "," {
  const byComma = /\d,\d{3}(?:,\d{3}|\.\d)|\d\.\d{1,2}\s?%/.test(plain);
  const byPoint = /\d\.\d{3}(?:\.\d{3}|,\d)|\d,\d{1,2}\s?%/.test(plain);
  if (byComma !== byPoint) return byComma ? "," : ".";
  return language === "en" ? "," : ".";
}

function splitSentences(plain: string): Range[] {
  const sentences: Range[] = [];
  let start = 0;
  for (const match of plain.matchAll(/[.!?]["')\]]{0,2}(?=[ \n]{1,3}["'(\u00bf\u00a1]?[A-Z0-9*-])|\n[ ]?\n/g)) {
    const end = match.index + match[0].length;
    const before = lowerAscii(plain.slice(Math.max(start, match.index - 8), match.index));
    if (match[0].startsWith(".") && ABBREVIATIONS.test(before)) continue;
    sentences.push({ start, end });
    start = end;
  }
  if (start < plain.length || sentences.length === 0) sentences.push({ start, end: plain.length });
  return sentences;
}
