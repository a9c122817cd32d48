/**
 * Quantities with their unit and role: baseline, target, or neither; and the triplet (baseline, target, unit) where a
 * statement gives all three.
 *
 * A role comes from the nearest cue in the same sentence, before the number within 90 characters, else after it within
 * 40. Amounts of money belong to the financial chain and are left alone.
 *
 * @module
 */
import { type Annotator, type Attributes, type Finding, type Meaning, pattern, wordsOf } from "../annotator.ts";
import { NUMBER, parseNumber, SCALE_EN, SCALE_ES } from "../numbers.ts";
import { type Reading, sentenceAt } from "../reading.ts";

const PER =
  "(?:per|for\\s{1,3}every|por\\s{1,3}cada|por|x)\\s{1,3}(?:cada\\s{1,3})?(1,000|1\\.000|1000|1 000|10,000|10\\.000|10000|100,000|100\\.000|100000|100 000|mil|cien\\s{1,3}mil|thousand)(?:\\s{1,3}(?:live\\s{1,3}births|people|inhabitants|population|nacidos\\s{1,3}vivos|habitantes|personas))?";

/** Normal form of a unit to the words that mean it. */
const UNITS: Readonly<Record<"en" | "es", Readonly<Record<string, string>>>> = {
  en: {
    "percentage-point": "percentage points?, pp",
    percent: "per cent, percent, pct",
    person:
      "people, persons?, inhabitants, residents, citizens, individuals, beneficiaries, participants, patients, veterans, families with children",
    woman: "women, girls",
    child: "children, infants",
    youth: "young people, youths?, adolescents",
    worker: "workers, jobs, employees, nurses, doctors, teachers, officers",
    student: "students, pupils, graduates",
    household: "households?, families, homes, dwellings, housing units",
    school: "schools?, classrooms, universities",
    facility: "hospitals?, clinics?, health cent(ers|res), facilities",
    municipality: "municipalities, counties, cities, communities, villages, districts",
    hectare: "hectares?, ha, acres?",
    kilometre: "kilomet(ers|res), km, miles",
    "square-metre": "square met(ers|res), m2",
    tonne: "tonnes?, metric tons?, tons",
    megawatt: "megawatts?, mw, gw, gigawatts?, kwh",
    hour: "hours?",
    day: "days",
    case: "cases, deaths, births, homicides, crimes, incidents, accidents",
    project: "projects, programs, programmes, plans",
    tree: "trees",
    vehicle: "vehicles, cars, buses",
    point: "points",
    times: "times",
    unit: "units",
  },
  es: {
    "percentage-point": "puntos? porcentual(es)?, p\\.p\\., pp",
    percent: "por ciento, por cien",
    person:
      "personas?, habitantes, ciudadan(os|as), beneficiari(os|as), pacientes, victimas, usuari(os|as), participantes",
    woman: "mujeres, ninas",
    child: "ninos, menores, infantes",
    youth: "jovenes, adolescentes",
    worker:
      "trabajador(es|as), empleos, puestos de trabajo, docentes, medic(os|as), enfermer(os|as), funcionari(os|as)",
    student: "estudiantes, alumn(os|as), egresad(os|as)",
    household: "hogares, familias, viviendas",
    school: "escuelas, colegios, aulas, sedes educativas, universidades, instituciones educativas",
    facility: "hospitales, clinicas, centros de salud, puestos de salud",
    municipality: "municipios, departamentos, ciudades, comunidades, veredas, distritos, barrios, corregimientos",
    hectare: "hectareas?, ha, has",
    kilometre: "kilometros?, km",
    "square-metre": "metros cuadrados, m2",
    tonne: "toneladas?",
    megawatt: "megavatios?, mw, gw, kwh",
    hour: "horas?",
    day: "dias",
    case: "casos, muertes, nacimientos, homicidios, delitos, accidentes, feminicidios, hechos",
    project: "proyectos, programas, planes",
    tree: "arboles",
    vehicle: "vehiculos, buses",
    point: "puntos",
    times: "veces",
    unit: "unidades",
  },
};

const UNIT_EN = wordsOf(Object.values(UNITS.en).join(", "));
const UNIT_ES = wordsOf(Object.values(UNITS.es).join(", "));
const MATCHERS = {
  en: Object.entries(UNITS.en).map(([unit, words]) => [unit, new RegExp(`^${wordsOf(words)}$`)] as const),
  es: Object.entries(UNITS.es).map(([unit, words]) => [unit, new RegExp(`^${wordsOf(words)}$`)] as const),
};

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

function unitOf(whole: string, word: string | undefined, per: string | undefined, reading: Reading): string {
  if (per !== undefined)
    return `per-${per
      .replace(/[., ]/g, "")
      .replace(/^cien(?:\\s*)mil$/, "100000")
      .replace(/^(?:mil|thousand)$/, "1000")}`;
  if (word !== undefined) {
    const plain = word.replace(/\s+/g, " ");
    return MATCHERS[reading.language].find(([, expression]) => expression.test(plain))?.[0] ?? "";
  }
  return whole.includes("%") ? "percent" : "";
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
