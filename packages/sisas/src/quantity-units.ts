/**
 * Units that quantities come in, with the words for each.
 *
 * @module
 */
import { wordsOf } from "./annotator.ts";
import type { Reading } from "./reading.ts";

/** A ratio: `per 100,000 inhabitants`. The base of the ratio is its one group. */
export const PER =
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

/** Any unit word of English. */
export const UNIT_EN = wordsOf(Object.values(UNITS.en).join(", "));
/** Any unit word of Spanish. */
export const UNIT_ES = wordsOf(Object.values(UNITS.es).join(", "));
const MATCHERS = {
  en: Object.entries(UNITS.en).map(([unit, words]) => [unit, new RegExp(`^${wordsOf(words)}$`)] as const),
  es: Object.entries(UNITS.es).map(([unit, words]) => [unit, new RegExp(`^${wordsOf(words)}$`)] as const),
};

/**
 * The normal form of a unit as written: a word's unit, `per-100000` for a ratio, `percent` for a bare `%`, else empty.
 *
 * @param whole - All that was matched.
 */
export function unitOf(whole: string, word: string | undefined, per: string | undefined, reading: Reading): string {
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
