/**
 * Programmatic hierarchy: the levels that a policy is built of, from plan down to activity, and statements that tie a
 * lower level to a higher one.
 *
 * @module
 */
import { type Annotator, type Finding, type Meaning, pattern, squeeze } from "../annotator.ts";
import { type Reading, sentenceAt } from "../reading.ts";

/** Level and rank; a lower rank is higher up. */
const LEVELS: readonly (readonly [level: string, rank: number, en: string, es: string])[] = [
  ["plan", 1, "plan|plans|strategic plan|action plan|master plan", "plan|planes"],
  ["strategy", 2, "strategy|strategies|policy framework", "estrategias?|politica publica"],
  [
    "axis",
    3,
    "pillars?|priority areas?|strategic lines?|axis",
    "ejes?|pilar(?:es)?|lineas? estrategicas?|lineas? de accion",
  ],
  [
    "objective",
    4,
    "(?:strategic |specific |general |overall )?objectives?",
    "objetivos?(?: (?:general|especifico|estrategico)(?:es|s)?)?",
  ],
  ["programme", 5, "programmes?|programs?|subprogrammes?", "programas?|subprogramas?"],
  ["project", 6, "projects?", "proyectos?"],
  ["component", 7, "components?|work ?packages?", "componentes?"],
  ["product", 8, "deliverables?|outputs?", "productos?|entregables?"],
  [
    "activity",
    9,
    "activity|activities|actions?|initiatives?|tasks?",
    "actividad(?:es)?|accion(?:es)?|iniciativas?|tareas?",
  ],
];

const words = (index: 2 | 3) => LEVELS.map((entry) => entry[index].replaceAll(" ", "\\s{1,3}")).join("|");
const MATCHERS = LEVELS.map(([level, rank, en, es]) => [level, rank, new RegExp(`^(?:${en}|${es})$`)] as const);

/** English level words that are verbs or adjectives here, and idioms of both languages. */
const NOT_BEFORE =
  /\b(?:i|we|they|you|to|will|would|should|must|not|also|who|that we|class|legal|military|affirmative|law|in|capital|television|tv)\s{1,3}$/;
const NOT_AFTER = /^\s{1,3}(?:to|evidence|criteria|truth|that|interno bruto|bruto|of war|power|onto)\b/;
/** The first level holds the second. */
const HOLDS =
  /\b(?:comprises?|consists?\s{1,3}of|includes?|contains?|is\s{1,3}(?:divided|structured|organi[sz]ed)\s{1,3}into|made\s{1,3}up\s{1,3}of|through|implement(?:s|ed)?|se\s{1,3}compone(?:n)?\s{1,3}de|comprende(?:n)?|incluye(?:n)?|contiene(?:n)?|se\s{1,3}(?:divide|estructura|organiza)(?:n)?\s{1,3}en|a\s{1,3}traves\s{1,3}de(?:l)?|mediante|conformad[oa]\s{1,3}por)\b/;
/** The first level is held by the second. */
const HELD_BY =
  /\b(?:under|within|part\s{1,3}of|en\s{1,3}el\s{1,3}marco\s{1,3}de(?:l)?|dentro\s{1,3}de(?:l)?|hace(?:n)?\s{1,3}parte\s{1,3}de(?:l)?)\b/;

function level(match: RegExpExecArray, reading: Reading): Meaning {
  const [whole, word = "", number] = match;
  if (NOT_BEFORE.test(reading.lower.slice(Math.max(0, match.index - 16), match.index))) return null;
  if (NOT_AFTER.test(reading.lower.slice(match.index + whole.length, match.index + whole.length + 20))) return null;
  const found = MATCHERS.find(([, , expression]) => expression.test(squeeze(word)));
  if (found === undefined) return null;
  const attributes = { level: found[0], rank: String(found[1]) };
  return number === undefined ? { attributes } : { attributes: { ...attributes, number }, pattern: "numbered-level" };
}

/** Two levels in one sentence with a word of containment between them. */
function link(findings: readonly Finding[], reading: Reading): readonly Finding[] {
  const linked: Finding[] = [];
  const ordered = [...findings].sort((a, b) => a.start - b.start);
  for (let index = 0; index + 1 < ordered.length; index += 1) {
    const [first, second] = [ordered[index], ordered[index + 1]];
    if (first === undefined || second === undefined || second.start - first.end > 120) continue;
    if (second.start >= sentenceAt(reading, first.start).end) continue;
    if (first.attributes["level"] === second.attributes["level"]) continue;
    const between = reading.lower.slice(first.end, second.start);
    const isHeld = HELD_BY.test(between);
    if (!isHeld && !HOLDS.test(between)) continue;
    const [upper, lower] = isHeld ? [second, first] : [first, second];
    linked.push({
      pattern: "hierarchy-link",
      start: first.start,
      end: second.end,
      attributes: { lower: lower.attributes["level"] ?? "", upper: upper.attributes["level"] ?? "" },
    });
  }
  return [...findings, ...linked];
}

const NUMBER = "(?:\\s{1,3}(?:no\\.?o?\\s{0,2})?(\\d{1,2}(?:\\.\\d{1,2}){0,3})(?![\\d/%,]))?";

export const programmaticHierarchy: Annotator = {
  kind: "programmatic-hierarchy",
  version: "1.0.0",
  languages: ["en", "es"],
  weights: { "hierarchy-link": 70, "numbered-level": 50, level: 30 },
  patterns: [
    pattern("level", "en", `\\b(${words(2)})\\b${NUMBER}`, level),
    pattern("level", "es", `\\b(${words(3)})\\b${NUMBER}`, level),
  ],
  refine: link,
};
