/**
 * Splits a paragraph into sentences.
 *
 * The breaks are those of Unicode Standard Annex 29, taken for an explicit locale so that the machine's own has no say;
 * a break after an abbreviation is then taken back. The segmenter is quadratic over long texts: give it a paragraph.
 *
 * Invariants:
 *   S1. Spans are in order, do not overlap, and leave out only white space.
 *   S2. No sentence ends after a title (`Dr.`, `Sra.`), nor after `art.`, `núm.`, `No.` when a number follows.
 *   S3. After an abbreviation that can end a sentence (`U.S.`, `etc.`, `EE. UU.`) one ends only where the next
 *       word is a capitalised function word.
 *   S4. A number or letter that stands alone (`2.1.`, `IV.`, `b.`) begins a sentence and is none.
 *
 * @module
 */
import type { Language, Span } from "@canonic/contracts";
import { indexBytes } from "./byte-index.ts";

const list = (text: string): ReadonlySet<string> => new Set(text.split(" "));

/** Never end a sentence: something must follow them. */
const TITLES: Readonly<Record<Language, ReadonlySet<string>>> = {
  en: list("mr mrs ms dr prof gen sen rep gov lt col sgt capt st hon rev e.g i.e cf vs viz"),
  es: list("sr sra srta sres dr dra prof lic ing arq d dª dña excmo excma ilmo ilma gral cnel p.ej ej cf vs"),
};

/** Do not end a sentence where a number (or roman numeral, or another such sign) follows. */
const COUNTED: Readonly<Record<Language, ReadonlySet<string>>> = {
  en: list("no nos art arts sec secs par para paras fig figs ch chap vol pt p pp cl reg stat ed approx ca c"),
  es: list(
    "núm núms num no n.º nº art arts inc ap apdo párr párrs cap caps pág págs p pp fig figs vol tít lit ed aprox ca c",
  ),
};

/** May end a sentence or stand inside one. */
const OPEN: Readonly<Record<Language, ReadonlySet<string>>> = {
  en: list(
    "u.s u.k u.n e.u d.c a.m p.m etc inc ltd co corp al jr sr ph.d u.s.c jan feb mar apr jun jul aug sep sept oct nov dec",
  ),
  es: list("ee.uu uu ee etc a.m p.m s.a s.l ltda cía al o.n.u n.u a.c d.c u.e ff.aa ff aa rr.hh"),
};

const STARTERS: Readonly<Record<Language, ReadonlySet<string>>> = {
  en: list(
    "the this that these those it its we our they their he she in on at as by for to from if when while but and so an a all both each there here however since after before under more most no not today",
  ),
  es: list(
    "el la los las lo un una unos unas este esta estos estas ese esa eso en por para con sin como si cuando pero y se su sus no al del de a ante desde hasta según también además todo todos cada es son hay así ello",
  ),
};

const segmenters = new Map<Language, Intl.Segmenter>();

/**
 * The sentences of one paragraph.
 *
 * @param text - A paragraph in normal form.
 * @param start - The byte offset of the paragraph in its document; 0 gives spans relative to the paragraph.
 * @returns Half-open spans of UTF-8 bytes.
 */
export function splitSentences(text: string, language: Language, start = 0): readonly Span[] {
  const index = indexBytes(text);
  return sentenceRanges(text, language).map((range) => ({
    start: start + index.byteAt(range.start),
    end: start + index.byteAt(range.end),
  }));
}

/** The same in UTF-16 indices. */
export function sentenceRanges(text: string, language: Language): readonly Span[] {
  const ranges: { start: number; end: number }[] = [];
  for (const { index, segment } of segmenterOf(language).segment(text)) {
    const end = index + segment.trimEnd().length;
    const start = index + segment.length - segment.trimStart().length;
    if (start >= end) continue;
    const last = ranges.at(-1);
    if (last !== undefined && continues(text.slice(last.start, last.end), text.slice(start, end), language))
      last.end = end;
    else ranges.push({ start, end });
  }
  return ranges;
}

function continues(before: string, after: string, language: Language): boolean {
  if (/^\(?(?:\d+(?:\.\d+)*|[IVXLC]+|\p{Ll})[.)]$/u.test(before)) return true;
  const word = /([\p{L}\p{N}.ºª]+(?: [\p{Lu}]{2})?)\.["»”)\]]*$/u.exec(before)?.[1];
  if (word === undefined) return false;
  const names = [word.toLowerCase().replace(/ /gu, ""), word.toLowerCase().split(" ").at(-1) ?? ""];
  const isIn = (set: ReadonlySet<string>): boolean => names.some((name) => set.has(name));
  if (isIn(TITLES[language])) return true;
  // A single capital is an initial: `J. Smith`, `George W. Bush`.
  if (/^\p{Lu}$/u.test(word) && /^\p{Lu}/u.test(after)) return !isStarter(after, language);
  if (isIn(COUNTED[language])) return /^[\d(§]|^[IVXLC]+\b|^\p{Ll}/u.test(after);
  if (isIn(OPEN[language])) return !isStarter(after, language);
  return false;
}

function isStarter(sentence: string, language: Language): boolean {
  const word = /^["«“‘'([¿¡]*(\p{Lu}[\p{L}]*)/u.exec(sentence)?.[1];
  return word !== undefined && STARTERS[language].has(word.toLowerCase());
}

function segmenterOf(language: Language): Intl.Segmenter {
  const segmenter = segmenters.get(language) ?? new Intl.Segmenter(language, { granularity: "sentence" });
  segmenters.set(language, segmenter);
  return segmenter;
}
