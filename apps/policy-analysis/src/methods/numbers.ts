/**
 * Numbers in sentences: digits with the language's separators, words, and the year numbers among them.
 *
 * @module
 */
import type { Language } from "@canonic/contracts";
import { before, matchesOf, type Patterns } from "./method.ts";

export type NumberPlace = { readonly start: number; readonly end: number; readonly isYear: boolean };

const WORDS: { readonly [L in Language]: string } = {
  en: "two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|(?:one|a) hundred|(?:two|three|four|five|six|seven|eight|nine) hundred|half|(?:a|one|two) thirds?|(?:a|one|three) quarters?|(?:one|two|three|four|seven|nine) (?:in|out of) (?:every )?(?:two|three|four|five|ten)",
  es: "dos|tres|cuatro|cinco|seis|siete|ocho|nueve|diez|once|doce|quince|veinte|treinta|cuarenta|cincuenta|sesenta|setenta|ochenta|noventa|cien|doscient[oa]s|trescient[oa]s|quinient[oa]s|la mitad|(?:un|dos) tercios?|(?:un|tres) cuartos?|(?:uno|una|dos|tres|cuatro|siete|ocho|nueve) de cada (?:dos|tres|cuatro|cinco|diez)",
};

const SCALES: { readonly [L in Language]: string } = {
  en: "(?: (?:thousand|million|billion|trillion))?",
  es: "(?: (?:mil millones|mil|millones|millón|billones))?",
};

const DIGITS: { readonly [L in Language]: string } = {
  en: "\\d{1,3}(?:,\\d{3})+(?:\\.\\d+)?|\\d+(?:\\.\\d+)?",
  es: "\\d{1,3}(?:[.\\u00a0 ]\\d{3})+(?:,\\d+)?|\\d+(?:[,.]\\d+)?",
};

const NUMBER: Patterns = { en: numberPattern("en"), es: numberPattern("es") };

const YEAR = /(?<![\p{L}\p{N}.,])(?:19|20)\d{2}(?![\p{L}\p{N}]|[.,]\d)/gu;

/** Numbers that name something instead of counting it. */
const NAMING: Patterns = {
  en: /(?:\b(?:laws?|acts?|decrees?|articles?|sections?|chapters?|pages?|tables?|figures?|annex(?:es)?|no|nos|number|resolutions?|regulations?|directives?|goals?|sdgs?|paragraphs?|phases?|title|room|line|route|box|version|order|bill|proposition|appendix|level|grade|type|stage|step|point|pillar|axis)\.?|[#§/])\s?$/iu,
  es: /(?:(?<!\p{L})(?:ley(?:es)?|decretos?|artículos?|arts?|sección|capítulos?|páginas?|págs?|tablas?|cuadros?|gráficos?|figuras?|anexos?|no|núm|número|resolución|directiva|ordenanza|acuerdo|ods|párrafo|fase|título|línea|versión|nivel|grado|tipo|etapa|eje|pilar|paso|punto|conpes|objetivo|vereda|comuna)\.?|[#§/º°])\s?$/iu,
};

/** Numbers in order; naming numbers (Law 23, page 4, item 3.) are left out. */
export function numbersIn(sentence: string, language: Language): readonly NumberPlace[] {
  return matchesOf(NUMBER[language], sentence).flatMap((match) => {
    const start = match.index;
    const end = start + match[0].length;
    const isYear = /^(?:19|20)\d{2}$/u.test(match[0]);
    if (!isYear && NAMING[language].test(before(sentence, start, 16))) return [];
    return [{ start, end, isYear }];
  });
}

/** The years that the sentence names, in order. */
export function yearsIn(sentence: string): readonly { readonly year: number; readonly start: number }[] {
  return matchesOf(YEAR, sentence).map((match) => ({ year: Number(match[0]), start: match.index }));
}

function numberPattern(language: Language): RegExp {
  return new RegExp(
    `(?<![\\p{L}\\p{N}]|\\d[.,])(?:(?:${DIGITS[language]})${SCALES[language]}|(?:${WORDS[language]})${SCALES[language]})(?![\\p{L}\\p{N}])`,
    "giu",
  );
}
