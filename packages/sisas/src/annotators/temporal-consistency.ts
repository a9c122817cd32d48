/**
 * Time: years, ranges, dates, deadlines, durations, quarters, frequencies, and whether they can be true: a range that
 * ends before it begins, a day that no calendar has, a target year before its baseline's.
 *
 * @module
 */
import { type Annotator, type Finding, lexicon, type Meaning, pattern, squeeze } from "../annotator.ts";
import { NUMBER_WORD, parseCount } from "../numbers.ts";
import type { Reading } from "../reading.ts";

const YEAR = "((?:18|19|20|21)\\d\\d)";
const MONTHS = {
  en: [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
  ],
  es: [
    "enero",
    "febrero",
    "marzo",
    "abril",
    "mayo",
    "junio",
    "julio",
    "agosto",
    "septiembre",
    "octubre",
    "noviembre",
    "diciembre",
  ],
} as const;
const MONTH_EN = `(${MONTHS.en.join("|")})`;
const MONTH_ES = `(${MONTHS.es.join("|")}|setiembre)`;
const MONTH_DAYS = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

function range(match: RegExpExecArray): Meaning {
  const [text, from = "", rest = ""] = match;
  const to = rest.length === 2 ? from.slice(0, 2) + rest : rest;
  return { attributes: { consistent: String(Number(from) <= Number(to)), from, text: squeeze(text), to } };
}

const dated =
  (order: "dmy" | "mdy" | "ymd") =>
  (match: RegExpExecArray): Meaning => {
    const [text, ...parts] = match;
    const [day = "", month = "", year = ""] =
      order === "dmy" ? parts : order === "mdy" ? [parts[1], parts[0], parts[2]] : [parts[2], parts[1], parts[0]];
    const monthNumber = monthOf(month);
    const days = monthNumber === 2 && !isLeap(Number(year)) ? 28 : (MONTH_DAYS[monthNumber - 1] ?? 0);
    const consistent = Number(day) >= 1 && Number(day) <= days;
    return {
      attributes: {
        consistent: String(consistent),
        day: String(Number(day)),
        month: String(monthNumber),
        text: squeeze(text),
        year,
      },
    };
  };

function monthOf(written: string): number {
  if (/^\d{1,2}$/.test(written)) return Number(written);
  const en = (MONTHS.en as readonly string[]).indexOf(written);
  return (en >= 0 ? en : (MONTHS.es as readonly string[]).indexOf(written.replace("setiembre", "septiembre"))) + 1;
}

function isLeap(year: number): boolean {
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
}

function year(match: RegExpExecArray): Meaning {
  return { attributes: { text: squeeze(match[0]), year: match[1] ?? "" } };
}

function duration(match: RegExpExecArray): Meaning {
  const [text, count = "", unit = ""] = match;
  const value = parseCount(count);
  return value === null ? null : { attributes: { text: squeeze(text), unit: UNITS[unit.slice(0, 3)] ?? unit, value } };
}
const UNITS: Readonly<Record<string, string>> = {
  yea: "year",
  ano: "year",
  mon: "month",
  mes: "month",
  wee: "week",
  sem: "week",
  day: "day",
  dia: "day",
  dec: "decade",
  tri: "quarter",
};

function quarter(match: RegExpExecArray): Meaning {
  const [text, ordinal = "", at = ""] = match;
  const number = ORDINALS[ordinal] ?? ordinal;
  return { attributes: { text: squeeze(text), year: at, part: number } };
}
const ORDINALS: Readonly<Record<string, string>> = {
  first: "1",
  second: "2",
  third: "3",
  fourth: "4",
  primer: "1",
  segundo: "2",
  tercer: "3",
  cuarto: "4",
  i: "1",
  ii: "2",
  iii: "3",
  iv: "4",
};

/** Bare years are years only where a sentence can hold one: not money, not a quantity, not a law's number. */
function bareYear(match: RegExpExecArray, reading: Reading): Meaning {
  const before = reading.lower.slice(Math.max(0, match.index - 14), match.index);
  const after = reading.lower.slice(match.index + 4, match.index + 18);
  if (
    /(?:[$€£#]|no\.|\bley|\bdecreto|\blaw|\bact|\border|\bresolution|\bresolucion|\bsection|\barticle) ?$/.test(before)
  )
    return null;
  if (
    /^(?:[.,]\d|\/\d| ?%|\s(?:percent|people|personas|homes|hogares|families|familias|million|billion|millones|hectares|hectareas|students|estudiantes|km|de (?:18|19|20)\d\d))/.test(
      after,
    )
  )
    return null;
  return year(match);
}

const BASE = /\b(?:base ?line|linea\s{1,3}(?:de\s{1,3})?base|valor\s{1,3}base)\b[^.;]{0,40}?\b((?:19|20)\d\d)\b/;
const GOAL = /\b(?:targets?|goals?|by|metas?|para(?:\s{1,3}el\s{1,3}ano)?)\b[^.;]{0,40}?\b((?:19|20)\d\d)\b/;

/** A target that falls before its baseline is an order conflict; it is reported, not repaired. */
function flagOrder(findings: readonly Finding[], reading: Reading): readonly Finding[] {
  const conflicts: Finding[] = [];
  for (const sentence of reading.sentences) {
    const text = reading.lower.slice(sentence.start, sentence.end);
    const base = BASE.exec(text);
    const goal = GOAL.exec(text);
    if (base?.[1] === undefined || goal?.[1] === undefined || Number(goal[1]) >= Number(base[1])) continue;
    const start = sentence.start + Math.min(base.index, goal.index);
    const end = sentence.start + Math.max(base.index + base[0].length, goal.index + goal[0].length);
    conflicts.push({
      pattern: "order-conflict",
      start,
      end,
      attributes: { consistent: "false", from: base[1], to: goal[1] },
    });
  }
  return [...findings, ...conflicts];
}

export const temporalConsistency: Annotator = {
  kind: "temporal-consistency",
  version: "1.0.0",
  languages: ["en", "es"],
  weights: {
    deadline: 60,
    "year-range": 55,
    "order-conflict": 50,
    date: 45,
    quarter: 50,
    duration: 45,
    frequency: 40,
    year: 25,
  },
  patterns: [
    pattern(
      "year-range",
      "en",
      `\\b(?:between\\s{1,2}|from\\s{1,2})?${YEAR}\\s{0,2}(?:-|/|\\bto\\b|\\band\\b|\\bthrough\\b|\\buntil\\b)\\s{0,2}((?:18|19|20|21)\\d\\d|\\d\\d)(?![\\d/.,]\\d|\\d|-\\d|\\s?%)`,
      (match) => (/ and | to /.test(match[0]) && !/^(?:between|from)/.test(match[0]) ? null : range(match)),
    ),
    pattern(
      "year-range",
      "es",
      `\\b(?:entre\\s{1,2}(?:los\\s{1,2}anos\\s{1,2})?|del?\\s{1,2}|desde\\s{1,2})?${YEAR}\\s{0,2}(?:-|/|\\bal?\\b|\\by\\b|\\bhasta\\b)\\s{0,2}((?:18|19|20|21)\\d\\d|\\d\\d)(?![\\d/.,]\\d|\\d|-\\d|\\s?%)`,
      (match) => (/ y /.test(match[0]) && !/^entre/.test(match[0]) ? null : range(match)),
    ),
    pattern("date", "any", `\\b${YEAR}-(0[1-9]|1[0-2])-(\\d\\d)\\b`, dated("ymd")),
    pattern("date", "any", `\\b(\\d{1,2})/(0?[1-9]|1[0-2])/${YEAR}\\b`, dated("dmy")),
    pattern(
      "date",
      "en",
      `\\b(\\d{1,2})(?:st|nd|rd|th)?\\s{1,2}(?:of\\s{1,2})?${MONTH_EN},?\\s{1,2}${YEAR}\\b`,
      dated("dmy"),
    ),
    pattern("date", "en", `\\b${MONTH_EN}\\s{1,2}(\\d{1,2})(?:st|nd|rd|th)?,?\\s{1,2}${YEAR}\\b`, dated("mdy")),
    pattern("date", "es", `\\b(\\d{1,2})o?\\s{1,2}de\\s{1,2}${MONTH_ES}\\s{1,2}del?\\s{1,2}${YEAR}\\b`, dated("dmy")),
    pattern("quarter", "en", `\\bq([1-4])\\s{1,2}(?:of\\s{1,2})?${YEAR}\\b`, quarter),
    pattern(
      "quarter",
      "en",
      `\\b(first|second|third|fourth)\\s{1,2}(?:quarter|half|semester)\\s{1,2}of\\s{1,2}(?:the\\s{1,2}year\\s{1,2})?${YEAR}\\b`,
      quarter,
    ),
    pattern(
      "quarter",
      "es",
      `\\b(primer|segundo|tercer|cuarto|i{1,3}|iv)\\s{1,2}(?:trimestre|semestre|cuatrimestre)\\s{1,2}del?\\s{1,2}(?:ano\\s{1,2})?${YEAR}\\b`,
      quarter,
    ),
    pattern(
      "deadline",
      "en",
      `\\b(?:by(?:\\s{1,2}the\\s{1,2}(?:end|year)(?:\\s{1,2}of)?)?|before|no\\s{1,2}later\\s{1,2}than|until|not\\s{1,2}later\\s{1,2}than)\\s{1,2}(?:${MONTH_EN.replace("(", "(?:")}\\s{1,2})?(?:the\\s{1,2}year\\s{1,2})?${YEAR}\\b(?!\\s?%)`,
      year,
    ),
    pattern(
      "deadline",
      "es",
      `\\b(?:para(?:\\s{1,2}finales\\s{1,2}de)?|antes\\s{1,2}de(?:l\\s{1,2}fin\\s{1,2}de)?|a\\s{1,2}mas\\s{1,2}tardar\\s{1,2}en|hasta|a\\s{1,2}finales\\s{1,2}de|al)\\s{1,2}(?:${MONTH_ES.replace("(", "(?:")}\\s{1,2}de\\s{1,2})?(?:el\\s{1,2})?(?:ano\\s{1,2})?${YEAR}\\b(?!\\s?%)`,
      year,
    ),
    pattern(
      "duration",
      "en",
      `\\b(?:within|over|for|during|in)\\s{1,2}(?:the\\s{1,2})?(?:next|coming|past|last|first|a\\s{1,2}period\\s{1,2}of)?\\s{0,2}(\\d{1,3}|${NUMBER_WORD})[\\s-]{1,2}(years?|months?|weeks?|days?|decades?)\\b`,
      duration,
    ),
    pattern("duration", "en", `\\b(\\d{1,2}|${NUMBER_WORD})-(year|month|week|day)\\b(?!-old)`, duration),
    pattern(
      "duration",
      "es",
      `\\b(?:en|durante|dentro\\s{1,2}de|por|plazo\\s{1,2}de|periodo\\s{1,2}de|maximo(?:\\s{1,2}de)?)\\s{1,2}(?:un\\s{1,2}plazo\\s{1,2}(?:maximo\\s{1,2})?de\\s{1,2}|un\\s{1,2}periodo\\s{1,2}de\\s{1,2})?(?:l[oa]s\\s{1,2})?(?:proxim[oa]s\\s{1,2}|ultim[oa]s\\s{1,2}|primer[oa]s\\s{1,2})?(\\d{1,3}|${NUMBER_WORD})\\s{1,2}(anos?|mes(?:es)?|semanas?|dias?|decadas?|trimestres?)\\b`,
      duration,
    ),
    lexicon(
      "frequency",
      "en",
      `
      annually, every year, each year, yearly, quarterly, every quarter, monthly, every month, weekly,
      biannually, twice a year, every (two|three|four|five) years, every six months, once a year, per year
    `,
    ),
    lexicon(
      "frequency",
      "es",
      `
      anualmente, cada ano, todos los anos, trimestral(mente)?, cada trimestre, mensual(mente)?, cada mes,
      semestral(mente)?, cada seis meses, semanal(mente)?, bienal(mente)?, cada (dos|tres|cuatro|cinco)
      anos, una vez al ano, por ano, al ano
    `,
    ),
    pattern("year", "any", `(?<![\\w.,/-])${YEAR}(?![\\w/])`, bareYear),
  ],
  refine: flagOrder,
};
