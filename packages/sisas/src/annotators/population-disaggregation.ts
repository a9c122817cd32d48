/**
 * Population disaggregation: groups of people that a policy names, age ranges, and the word itself.
 *
 * @module
 */
import { type Annotator, type Attributes, lexicon, type Meaning, pattern, squeeze } from "../annotator.ts";

/** Group, its English words, its Spanish words. */
const GROUPS: readonly (readonly [group: string, en: string, es: string])[] = [
  [
    "women",
    "women, woman, female(s)?, mothers?, pregnant women",
    "mujer(es)?, madres?( cabeza de (hogar|familia))?, gestantes, embarazadas",
  ],
  ["men", "men, male(s)?, fathers", "hombres, varones, padres de familia"],
  ["girls", "girls?", "ninas?"],
  [
    "children",
    "child(ren)?, infants?, boys, early childhood, minors",
    "nin(o|os), ninez, infancia, primera infancia, menores de edad",
  ],
  [
    "youth",
    "youths?, young (people|men|women|persons|adults|americans), adolescents?, teenagers?",
    "jovenes, juventud(es)?, adolescentes?, adolescencia",
  ],
  [
    "older-people",
    "older (people|persons|adults|americans|workers), elderly, seniors, senior citizens, pensioners, retirees",
    "personas? mayor(es)?, adult(o|a)s? mayor(es)?, ancian(o|a)s, tercera edad, vejez, pensionad(o|a)s, jubilad(o|a)s",
  ],
  [
    "indigenous",
    "indigenous( peoples?| communities)?, native americans?, tribal, tribes, first nations, aboriginal",
    "indigenas?, pueblos originarios, pueblos indigenas, resguardos?",
  ],
  [
    "afrodescendant",
    "afro-descendants?, people of african descent, african americans?, black (people|americans|women|men|communities)",
    "afrodescendientes?, afrocolombian(o|a)s?, afromexican(o|a)s?, palenquer(o|a)s?, raizal(es)?, comunidades negras, poblacion negra",
  ],
  [
    "ethnic-minority",
    "ethnic minorit(y|ies), racial minorities, minorities, minority (groups|communities), hispanics?, latinos?, roma( people| communities)?, asian americans?",
    "minorias? etnicas?, grupos? etnicos?, pueblo rrom, gitan(o|a)s, etnias?",
  ],
  [
    "rural",
    "rural (areas?|population|communities|households|women|america|residents), rural, farmers?, smallholders?, fishers, farm workers",
    "rural(es)?, campesin(o|a)s?, poblacion rural, zonas? rural(es)?, agricultores, pescadores, pequen(o|a)s productor(es|as)",
  ],
  [
    "urban",
    "urban (areas?|population|communities|households|poor), inner cit(y|ies), urban",
    "urban(o|a)s?, zonas? urbanas?, cabeceras? municipal(es)?",
  ],
  [
    "disability",
    "(people|persons|children|women|students|americans|workers) with disabilit(y|ies), disabled (people|persons|veterans), disabilit(y|ies)",
    "personas? (con|en situacion de) discapacidad, discapacidad(es)?, personas discapacitadas",
  ],
  [
    "lgbtiq",
    "lgbt(q|i|qi|iq)?, lgbtqi, transgender( people)?, sexual minorities, gay and lesbian",
    "lgbt(i|iq|q)?, diversidad sexual, personas trans, orientacion(es)? sexual(es)?",
  ],
  [
    "migrants",
    "migrants?, immigrants?, refugees?, asylum seekers?, displaced (people|persons|families)",
    "migrantes?, poblacion migrante, inmigrantes?, refugiad(o|a)s?, desplazad(o|a)s?, solicitantes de asilo, retornad(o|a)s",
  ],
  [
    "victims",
    "victims?( of (violence|conflict|crime))?, survivors",
    "victimas?( del conflicto( armado)?| de violencia)?, sobrevivientes",
  ],
  [
    "low-income",
    "low-income( families| households| people)?, poor (people|families|households), the poor, people in poverty, homeless( people)?, the unemployed, unemployed (people|workers), vulnerable (groups|people|populations|households)",
    "bajos ingresos, personas? pobres, hogares pobres, poblacion (pobre|vulnerable), poblaciones vulnerables, grupos vulnerables, en situacion de pobreza, pobreza extrema, desemplead(o|a)s, habitantes? de (la )?calle",
  ],
  ["veterans", "veterans?, service members", "veteran(o|a)s?, excombatientes, reincorporad(o|a)s"],
  ["students", "students?, pupils?, school-age children", "estudiantes?, alumn(o|a)s?, escolares"],
  [
    "workers",
    "working families, informal workers, domestic workers",
    "trabajador(es|as) (informales|domesticas|rurales), vendedores informales",
  ],
];

function ages(match: RegExpExecArray): Meaning {
  const [text, from = "", to = ""] = match;
  return { attributes: { from, group: "age", text: squeeze(text), to } };
}

const bound =
  (side: "from" | "to") =>
  (match: RegExpExecArray): Meaning => {
    const [text, number = ""] = match;
    const attributes: Attributes = { group: "age", text: squeeze(text) };
    return { attributes: { ...attributes, [side]: number } };
  };

export const populationDisaggregation: Annotator = {
  kind: "population-disaggregation",
  version: "1.0.0",
  languages: ["en", "es"],
  weights: { disaggregated: 70, "age-range": 60, group: 35 },
  patterns: [
    lexicon(
      "disaggregated",
      "en",
      `
      (dis)?aggregated by (sex|gender|age|race|ethnicity|income|region|location|disability), broken down by
      (sex|gender|age|race|ethnicity|income|region), by (sex|gender) and age, by
      (age|sex|gender|ethnic|income) groups?, by gender, by sex, gender-disaggregated, sex-disaggregated,
      differential approach, gender perspective
    `,
      { group: "breakdown" },
    ),
    lexicon(
      "disaggregated",
      "es",
      `
      desagregad(o|a|os|as) por (sexo|genero|edad|etnia|pertenencia
      etnica|zona|region|ingreso|discapacidad|grupos? (etario|poblacional)(es)?), por (sexo|genero) y edad,
      por grupos? (de edad|etario|etarios|poblacional|poblacionales|etnico|etnicos), por sexo, por genero,
      enfoque diferencial, enfoque de genero, perspectiva de genero
    `,
      { group: "breakdown" },
    ),
    pattern(
      "age-range",
      "en",
      "\\b(?:aged?|ages|between)\\s{1,3}(\\d{1,3})\\s{0,2}(?:-|to|and|through)\\s{0,2}(\\d{1,3})(?:\\s{1,2}years)?(?!\\d|[,./]\\d|%)(?!\\s{1,2}(?:percent|per|million|billion|thousand))",
      (match) => (/^between/.test(match[0]) && !/years$/.test(match[0]) ? null : ages(match)),
    ),
    pattern(
      "age-range",
      "en",
      "\\b(\\d{1,3})\\s{0,2}(?:-|to)\\s{0,2}(\\d{1,3})[- ]?(?:years?[- ]olds?|years\\s{1,2}(?:of\\s{1,2}age|old))\\b",
      ages,
    ),
    pattern(
      "age-range",
      "en",
      "\\b(?:aged\\s{1,2})?(\\d{1,3})\\s{1,2}(?:years\\s{1,2})?(?:(?:and|or)\\s{1,2}(?:over|older|above))\\b",
      bound("from"),
    ),
    pattern(
      "age-range",
      "en",
      "\\b(?:over\\s{1,2}the\\s{1,2}age\\s{1,2}of|aged\\s{1,2}over|older\\s{1,2}than|over\\s{1,2}age)\\s{1,2}(\\d{1,3})\\b",
      bound("from"),
    ),
    pattern(
      "age-range",
      "en",
      "\\b(?:children|people|persons|those)\\s{1,2}(?:under|younger\\s{1,2}than)\\s{1,2}(?:the\\s{1,2}age\\s{1,2}of\\s{1,2})?(\\d{1,3})\\b",
      bound("to"),
    ),
    pattern(
      "age-range",
      "en",
      "\\b(?:under\\s{1,2}the\\s{1,2}age\\s{1,2}of|aged\\s{1,2}under)\\s{1,2}(\\d{1,3})\\b",
      bound("to"),
    ),
    pattern(
      "age-range",
      "es",
      "\\b(?:entre|de)\\s{1,2}(?:los\\s{1,2})?(\\d{1,3})\\s{0,2}(?:-|y|a)\\s{0,2}(?:los\\s{1,2})?(\\d{1,3})\\s{1,2}anos(?:\\s{1,2}de\\s{1,2}edad)?\\b",
      ages,
    ),
    pattern(
      "age-range",
      "es",
      "\\b(?:menores|por\\s{1,2}debajo)\\s{1,2}de\\s{1,2}(?:los\\s{1,2})?(\\d{1,3})\\s{1,2}anos\\b",
      bound("to"),
    ),
    pattern(
      "age-range",
      "es",
      "\\b(?:mayores|por\\s{1,2}encima)\\s{1,2}de\\s{1,2}(?:los\\s{1,2})?(\\d{1,3})\\s{1,2}anos\\b",
      bound("from"),
    ),
    pattern("age-range", "es", "\\b(\\d{1,3})\\s{1,2}anos\\s{1,2}(?:o|y)\\s{1,2}mas\\b", bound("from")),
    ...GROUPS.map(([group, en]) => lexicon("group", "en", en, { group })),
    ...GROUPS.map(([group, , es]) => lexicon("group", "es", es, { group })),
  ],
};
