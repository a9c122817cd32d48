/**
 * Quantities with their unit and role: baseline, target, or neither; and the triplet (baseline, target, unit) where a
 * statement gives all three.
 *
 * A role comes from the nearest cue in the same sentence, before the number within 90 characters, else after it within
 * 40. Amounts of money belong to the financial chain and are left alone.
 *
 * @module
 */
import { type Annotator, type Attributes, type Finding, type Meaning, pattern } from "../annotator.ts";
import { NUMBER, parseNumber, SCALE_EN, SCALE_ES } from "../numbers.ts";
import { PER, UNIT_EN, UNIT_ES, unitOf } from "../quantity-units.ts";
import { type Reading, sentenceAt } from "../reading.ts";

const CUES = {
  baseline:
    "base ?lines?|starting points?|currently|at present|as of (19|20)\\d\\d|in (19|20)\\d\\d|up from|down from|compared (with|to)|linea(s)? (de )?base|valor (base|inicial|actual)|actualmente|en la actualidad|hoy en dia|partiendo de|frente a(l)?|a partir de(l)?|situacion inicial|en (19|20)\\d\\d",
  target:
    "targets?|goals?|by (19|20)\\d\\d|aims?|aiming|reach(es)?|achieve|to at least|up to|no (more|less|fewer) than|reduced? (it )?to|increase(d)? (it )?to|at least|we will|will (build|train|create|reach|provide|hire|reduce|increase)|metas?|objetivos?|alcanzar|lograr|llegar a(l)?|al menos|como minimo|reducir(la|lo)?( hasta)? a(l)?|aumentar(la|lo)? a(l)?|para (el )?(ano )?(19|20)\\d\\d|a(l)? (19|20)\\d\\d|hasta",
} as const;
const CUE = {
  baseline: new RegExp(`\\b(?:${CUES.baseline.replaceAll(" ", "\\s{1,3}")})\\b`, "g"),
  target: new RegExp(`\\b(?:${CUES.target.replaceAll(" ", "\\s{1,3}")})\\b`, "g"),
};
const CUE_EXPRESSIONS = [CUE.baseline, CUE.target];
const MONEY_BEFORE = /(?:[$€£]|\b(?:usd|eur|cop|mxn|gbp|clp|ars|pen|brl)) ?$/;
const MONEY_AFTER = /^ ?(?:[€£]|\b(?:usd|eur|cop|mxn|gbp|dollars?|euros?|pounds?|pesos?|soles|reais)\b)/;

/** What may follow a number: scale word, `%`, unit, or "per 100,000"; one more word may stand before the unit. */
function tail(scale: string, unit: string): RegExp {
  const counted = `(?:[a-z]{3,14}\\s{1,3})??(?:(${unit})(?:\\s{1,3}${PER})?|${PER})`;
  return new RegExp(`^(?:\\s{1,2}(${scale}\\b)(?:\\s{1,2}(?:de|of)\\b)?)?(?:\\s{0,2}%|\\s{1,3}${counted})`);
}
const TAIL = { en: tail(SCALE_EN, UNIT_EN), es: tail(SCALE_ES, UNIT_ES) };

function quantity(match: RegExpExecArray, reading: Reading): Meaning {
  const number = match[0];
  const after = match.index + number.length;
  const found = TAIL[reading.language].exec(reading.lower.slice(after, after + 100));
  if (found === null || MONEY_BEFORE.test(reading.lower.slice(Math.max(0, match.index - 8), match.index))) return null;
  const [whole, scale, unitWord, perUnit, per = perUnit] = found;
  const value = parseNumber(number, scale, reading);
  if (value === null) return null;
  const end = after + whole.length;
  const meaning = withRole(match.index, end, { unit: unitOf(whole, unitWord, per, reading), value }, reading);
  return { ...meaning, end };
}

/** A number that has no unit counts only next to a cue: "baseline: 45", "meta de 80". */
function cued(match: RegExpExecArray, reading: Reading): Meaning {
  const [whole, cue = "", number = "", scale] = match;
  const after = reading.lower.slice(match.index + whole.length, match.index + whole.length + 12);
  const value = parseNumber(number, scale, reading);
  if (value === null || MONEY_AFTER.test(after) || /^(?:19|20)\d\d$/.test(number)) return null;
  const role = /^(?:base|linea|valor)/.test(cue) ? "baseline" : "target";
  return {
    attributes: { role, unit: "", value, ...yearNear(match.index, match.index + whole.length, reading) },
    pattern: role,
  };
}

function fromTo(match: RegExpExecArray, reading: Reading): Meaning {
  const [whole, first = "", firstScale, firstUnit, firstPer, second = "", secondScale, secondUnit, secondPer] = match;
  const baseline = parseNumber(first, firstScale ?? secondScale, reading);
  const target = parseNumber(second, secondScale, reading);
  const after = reading.lower.slice(match.index + whole.length, match.index + whole.length + 12);
  if (baseline === null || target === null || MONEY_AFTER.test(after)) return null;
  if (/^(?:19|20)\d\d$/.test(first) && /^(?:19|20)\d\d$/.test(second)) return null;
  const unit = unitOf(whole, secondUnit ?? firstUnit, secondPer ?? firstPer, reading);
  if (unit === "") return null;
  return {
    attributes: {
      baseline,
      role: "baseline-target",
      target,
      unit,
      ...yearNear(match.index, match.index + whole.length, reading),
    },
  };
}

function withRole(start: number, end: number, attributes: Attributes, reading: Reading): NonNullable<Meaning> {
  const role = roleOf(start, end, reading);
  const full = { ...attributes, ...yearNear(start, end, reading) };
  return role === null ? { attributes: full } : { attributes: { ...full, role }, pattern: role };
}

function roleOf(start: number, end: number, reading: Reading): "baseline" | "target" | null {
  const sentence = sentenceAt(reading, start);
  const before = reading.lower.slice(Math.max(sentence.start, start - 90), start);
  const lastOf = (cue: RegExp) => [...before.matchAll(cue)].at(-1)?.index ?? -1;
  const [baseline, target] = [lastOf(CUE.baseline), lastOf(CUE.target)];
  if (baseline !== target) return baseline > target ? "baseline" : "target";
  const after = reading.lower.slice(end, Math.min(sentence.end, end + 40));
  const firstOf = (cue: RegExp) => [...after.matchAll(cue)].at(0)?.index ?? Number.MAX_SAFE_INTEGER;
  const [baselineAfter, targetAfter] = [firstOf(CUE.baseline), firstOf(CUE.target)];
  if (baselineAfter === targetAfter) return null;
  return baselineAfter < targetAfter ? "baseline" : "target";
}

function yearNear(start: number, end: number, reading: Reading): Attributes {
  const sentence = sentenceAt(reading, start);
  const after = /\b(?:19|20)\d\d\b/.exec(reading.lower.slice(end, Math.min(sentence.end, end + 40)));
  if (after !== null) return { year: after[0] };
  const before = [
    ...reading.lower.slice(Math.max(sentence.start, start - 40), start).matchAll(/\b(?:19|20)\d\d\b/g),
  ].at(-1);
  return before === undefined ? {} : { year: before[0] };
}

/** Where a sentence gives baseline and target of one unit apart from each other, the triplet spans both. */
function joinTriplets(findings: readonly Finding[], reading: Reading): readonly Finding[] {
  const joined: Finding[] = [];
  const keyOf = ({ start, attributes }: Finding) => `${sentenceAt(reading, start).start} ${attributes["unit"]}`;
  const targets = new Map<string, Finding>();
  for (const finding of findings) {
    if (finding.pattern === "target" && !targets.has(keyOf(finding))) targets.set(keyOf(finding), finding);
  }
  for (const baseline of findings) {
    const target = baseline.pattern === "baseline" ? targets.get(keyOf(baseline)) : undefined;
    if (target === undefined) continue;
    const { value: from = "", unit = "" } = baseline.attributes;
    const { value: to = "", year } = target.attributes;
    joined.push({
      pattern: "triplet",
      start: Math.min(baseline.start, target.start),
      end: Math.max(baseline.end, target.end),
      attributes: {
        baseline: from,
        role: "baseline-target",
        target: to,
        unit,
        ...(year === undefined ? {} : { year }),
      },
    });
  }
  return [...findings, ...joined];
}

function optionalUnit(scale: string, unit: string): string {
  return `(${NUMBER})(?:\\s{1,2}(${scale}\\b)(?:\\s{1,2}(?:de|of)\\b)?)?(?:\\s{0,2}%|\\s{1,3}(${unit})|\\s{1,3}${PER})?`;
}

export const quantitativeTriplet: Annotator = {
  kind: "quantitative-triplet",
  version: "1.0.0",
  languages: ["en", "es"],
  weights: { triplet: 80, baseline: 50, target: 50, quantity: 30 },
  patterns: [
    pattern(
      "triplet",
      "en",
      `\\bfrom\\s{1,3}${optionalUnit(SCALE_EN, UNIT_EN)}(?:\\s{1,3}in\\s{1,3}\\d{4})?,?\\s{1,3}to\\s{1,3}${optionalUnit(SCALE_EN, UNIT_EN)}`,
      fromTo,
    ),
    pattern(
      "triplet",
      "es",
      `\\b(?:del?|desde(?:\\s{1,3}el)?)\\s{1,3}${optionalUnit(SCALE_ES, UNIT_ES)}(?:\\s{1,3}en\\s{1,3}\\d{4})?,?\\s{1,3}(?:al?|hasta(?:\\s{1,3}el)?)\\s{1,3}${optionalUnit(SCALE_ES, UNIT_ES)}`,
      fromTo,
    ),
    pattern("quantity", "en", NUMBER, quantity, { also: [TAIL.en, ...CUE_EXPRESSIONS] }),
    pattern("quantity", "es", NUMBER, quantity, { also: [TAIL.es, ...CUE_EXPRESSIONS] }),
    pattern(
      "target",
      "en",
      `\\b(base ?line|target|goal)(?:\\s{1,3}(?:value|is|was|of|set\\s{1,3}at)){0,2}\\s{0,2}:?\\s{1,3}(${NUMBER})(?:\\s{1,2}(${SCALE_EN})\\b)?`,
      cued,
    ),
    pattern(
      "target",
      "es",
      `\\b(linea\\s{1,3}(?:de\\s{1,3})?base|valor\\s{1,3}base|meta)(?:\\s{1,3}(?:es|era|fue|de|del|cuatrienio|cuatrienal|anual)){0,2}\\s{0,2}:?\\s{1,3}(${NUMBER})(?:\\s{1,2}(${SCALE_ES})\\b)?`,
      cued,
    ),
  ],
  refine: joinTriplets,
};
