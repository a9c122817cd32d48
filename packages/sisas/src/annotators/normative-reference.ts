/**
 * Normative references: laws, decrees, regulations, articles, constitutions, treaties, rulings, with number and year.
 *
 * @module
 */
import { type Annotator, type Attributes, type Meaning, pattern, squeeze } from "../annotator.ts";
import { nameEndsAt, nameStartsAt } from "../names.ts";
import type { Reading } from "../reading.ts";

const NUMBERED_ES =
  "\\s{1,2}(?:(?:No|Num|Nro|N)\\.?o?\\s{0,2})?(\\d{1,3}\\.\\d{3}|\\d{1,5})(?:\\s{1,2}(?:de|del)\\s{1,2}(?:(?:\\d{1,2}o?\\s{1,2}de\\s{1,2}[a-z]{4,10}\\s{1,2}del?\\s{1,2}))?((?:18|19|20)\\d\\d)|/((?:18|19|20)\\d\\d))?(?!\\d)";

function numbered(match: RegExpExecArray): Meaning {
  const [text, instrument = "", number = "", year = match[4]] = match;
  return {
    attributes: clean({
      instrument: squeeze(instrument).toLowerCase(),
      number: number.replace(".", ""),
      text: squeeze(text),
      year,
    }),
  };
}

/** The match is the first words of a name that goes on. */
function named(instrument: string): (match: RegExpExecArray, reading: Reading) => Meaning {
  return (match, reading) => {
    const end = nameEndsAt(reading.plain, match.index + match[0].length);
    if (end === match.index + match[0].length) return null;
    const name = squeeze(reading.plain.slice(match.index, end));
    return { attributes: { instrument, name, text: name }, end };
  };
}

function whole(instrument: string): (match: RegExpExecArray) => Meaning {
  return (match) => ({
    attributes: clean({ instrument, name: squeeze(match[1] ?? match[0]), text: squeeze(match[0]), year: match[2] }),
  });
}

/** `Clean Air Act of 1970`: the name stands before the word. */
function act(match: RegExpExecArray, reading: Reading): Meaning {
  const start = nameStartsAt(reading.plain, match.index);
  if (start === match.index) return null;
  const name = squeeze(reading.plain.slice(start, match.index + 3));
  return {
    attributes: clean({
      instrument: "act",
      name,
      text: squeeze(reading.plain.slice(start, match.index + match[0].length)),
      year: match[1],
    }),
    start,
  };
}

/** `Brown v. Board of Education`: a name on each side. */
function ruling(match: RegExpExecArray, reading: Reading): Meaning {
  const after = match.index + match[0].length;
  const [start, end] = [nameStartsAt(reading.plain, match.index), nameEndsAt(reading.plain, after)];
  if (start === match.index || end === after) return null;
  const name = squeeze(reading.plain.slice(start, end));
  return { attributes: { instrument: "ruling", name, text: name }, start, end };
}

function clean(attributes: Readonly<Record<string, string | undefined>>): Attributes {
  return Object.fromEntries(
    Object.entries(attributes).filter((entry): entry is [string, string] => entry[1] !== undefined && entry[1] !== ""),
  );
}

const plain = { on: "plain" } as const;

export const normativeReference: Annotator = {
  kind: "normative-reference",
  version: "1.0.0",
  languages: ["en", "es"],
  weights: {
    law: 60,
    decree: 60,
    regulation: 60,
    resolution: 55,
    constitution: 50,
    treaty: 50,
    ruling: 50,
    code: 50,
    article: 40,
  },
  patterns: [
    pattern(
      "law",
      "es",
      `\\b(Ley(?:\\s{1,2}(?:Organica|Estatutaria|Marco|General|Federal|Foral))?)${NUMBERED_ES}`,
      numbered,
      plain,
    ),
    pattern(
      "decree",
      "es",
      `\\b((?:Real\\s{1,2})?Decreto(?:[- ](?:[Ll]ey|[Ll]egislativo|[Rr]eglamentario|[Ss]upremo))?)${NUMBERED_ES}`,
      numbered,
      plain,
    ),
    pattern(
      "resolution",
      "es",
      `\\b(Resolucion|Acuerdo|Ordenanza|Circular|Directiva\\s{1,2}Presidencial|Documento\\s{1,2}CONPES|CONPES|Orden)${NUMBERED_ES}`,
      numbered,
      plain,
    ),
    pattern(
      "regulation",
      "es",
      "\\b(Reglamento|Directiva|Decision)\\s{1,2}(?:\\((?:UE|CE|CEE)\\)\\s{1,2})?(?:n\\.?o\\s{1,2})?(\\d{2,4}/\\d{1,4})(?:/(?:UE|CE|CEE))?",
      numbered,
      plain,
    ),
    pattern(
      "ruling",
      "es",
      "\\b(Sentencia|Auto)\\s{1,2}((?:SU|[CTA])-?\\d{1,4})(?:\\s{1,2}de\\s{1,2}|/)((?:19|20)\\d\\d)",
      numbered,
      plain,
    ),
    pattern(
      "treaty",
      "es",
      "\\b(Convenio|Protocolo)\\s{1,2}(?:No\\.?o?\\s{0,2})?(\\d{1,3})(?:\\s{1,2}de\\s{1,2}la\\s{1,2}OIT)?\\b",
      numbered,
      plain,
    ),
    pattern(
      "law",
      "es",
      `\\b(Ley\\s{1,2}(?:(?:de|del|sobre|para|contra)\\s{1,2}(?:(?:la|las|los|el)\\s{1,2})?)?(?=[A-Z]))`,
      named("ley"),
      plain,
    ),
    pattern(
      "treaty",
      "es",
      `\\b((?:Convencion|Convenio|Tratado|Pacto|Protocolo)\\s{1,2}(?:(?:de|del|sobre|para|Internacional|Interamericana|Marco|contra)\\s{1,2}){1,3}(?:(?:la|las|los|el)\\s{1,2})?(?=[A-Z]))`,
      named("tratado"),
      plain,
    ),
    pattern(
      "constitution",
      "es",
      "\\b(Constitucion\\s{1,2}(?:Politica|Nacional|Espanola|Federal))(?:\\s{1,2}(?:de\\s{1,2})?((?:18|19|20)\\d\\d))?",
      whole("constitucion"),
      plain,
    ),
    pattern(
      "code",
      "es",
      "\\b(Codigo\\s{1,2}(?:Civil|Penal|Sustantivo|General|Nacional|Laboral|Electoral|de\\s{1,2}[A-Z][A-Za-z]{2,20})(?:\\s{1,2}del?\\s{1,2}[A-Z][A-Za-z]{2,20}){0,2})",
      whole("codigo"),
      plain,
    ),
    pattern(
      "article",
      "es",
      "\\b(articulos?|arts?\\.?|numeral(?:es)?|paragrafo)\\s{1,2}(\\d{1,4})(?:o\\b)?(?=[\\s,.;:)-]|$)",
      numbered,
    ),

    pattern(
      "law",
      "en",
      "\\b(Public\\s{1,2}Law|Pub\\.\\s{1,2}L\\.)\\s{1,2}(?:No\\.\\s{1,2})?(\\d{1,3}-\\d{1,4})",
      numbered,
      plain,
    ),
    pattern(
      "decree",
      "en",
      "\\b(Executive\\s{1,2}Order|Presidential\\s{1,2}Decree|Decree(?:-Law)?|Statutory\\s{1,2}Instrument)\\s{1,2}(?:No\\.?\\s{1,2}|Number\\s{1,2})?(\\d{1,5}(?:/\\d{4})?)(?:\\s{1,2}of\\s{1,2}((?:18|19|20)\\d\\d))?",
      numbered,
      plain,
    ),
    pattern(
      "regulation",
      "en",
      "\\b((?:Council\\s{1,2}|Commission\\s{1,2}|Delegated\\s{1,2}|Implementing\\s{1,2}){0,2}(?:Regulation|Directive|Decision))\\s{1,2}(?:\\((?:EU|EC|EEC|Euratom)\\)\\s{1,2})?(?:No\\s{1,2})?(\\d{2,4}/\\d{1,4})(?:/(?:EU|EC|EEC))?",
      numbered,
      plain,
    ),
    pattern(
      "code",
      "en",
      "\\b(\\d{1,2}\\s{1,2}(?:U\\.S\\.C\\.|CFR|C\\.F\\.R\\.|USC))\\s{1,2}(?:§{1,2}\\s{0,2}|[Pp]art\\s{1,2})?(\\d{1,5}[a-z]?(?:\\.\\d{1,4})?)",
      numbered,
      plain,
    ),
    pattern(
      "resolution",
      "en",
      "\\b((?:General\\s{1,2}Assembly\\s{1,2}|Security\\s{1,2}Council\\s{1,2})?Resolution|Ordinance|Bill|Regulation|Law|Act)\\s{1,2}(?:No\\.?\\s{1,2}|Number\\s{1,2})?(\\d{1,5}(?:[/-]\\d{1,4})?)(?:\\s{1,2}of\\s{1,2}((?:18|19|20)\\d\\d))?(?!\\d)",
      (match) => {
        const meaning = numbered(match);
        return meaning === null
          ? null
          : {
              ...meaning,
              pattern: /Law|Act/.test(match[1] ?? "")
                ? "law"
                : /Regulation/.test(match[1] ?? "")
                  ? "regulation"
                  : "resolution",
            };
      },
      plain,
    ),
    pattern(
      "treaty",
      "en",
      `\\b((?:(?:Framework|International|Universal|Inter-American|European)\\s{1,2}){0,2}(?:Convention|Covenant|Treaty|Protocol|Agreement|Declaration)\\s{1,2}(?:of|on|against|for)\\s{1,2}(?:the\\s{1,2})?(?=[A-Z]))`,
      named("treaty"),
      plain,
    ),
    pattern(
      "treaty",
      "en",
      "\\b((?:Paris|Kyoto|Geneva|Schengen|Montreal|Istanbul)\\s{1,2}(?:Agreement|Protocol|Convention|Accords?))",
      whole("treaty"),
      plain,
    ),
    pattern("law", "en", `\\bAct\\b(?:\\s{1,2}(?:of\\s{1,2})?((?:18|19|20)\\d\\d))?`, act, plain),
    pattern(
      "constitution",
      "en",
      "\\b((?:First|Second|Fourth|Fifth|Sixth|Eighth|Thirteenth|Fourteenth|Fifteenth|Nineteenth)\\s{1,2}Amendment|(?:U\\.S\\.|United\\s{1,2}States|Federal|the|our)\\s{1,2}Constitution)\\b",
      whole("constitution"),
      plain,
    ),
    pattern("ruling", "en", "\\bv\\.?\\s{1,2}(?=[A-Z])", ruling, plain),
    pattern(
      "article",
      "en",
      "\\b(articles?|sections?|paragraphs?|clauses?|art\\.)\\s{1,2}(\\d{1,4}(?:\\(\\d{1,3}\\))?)(?=[\\s,.;:)(-]|$)",
      numbered,
    ),
  ],
};
