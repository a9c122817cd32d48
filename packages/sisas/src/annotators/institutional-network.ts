/**
 * Institutional network: bodies by name, generic bodies, who is responsible, and who works with whom.
 *
 * Proper names are read conservatively: a body's type word with capital letter, a connecting word, capitalised words.
 *
 * @module
 */
import { type Annotator, lexicon, type Meaning, pattern, squeeze } from "../annotator.ts";
import { nameEndsAt, nameStartsAt } from "../names.ts";
import type { Reading } from "../reading.ts";

const TYPES: Readonly<Record<string, string>> = {
  ministry: "ministry",
  ministerio: "ministry",
  department: "department",
  departamento: "department",
  office: "office",
  oficina: "office",
  agency: "agency",
  agencia: "agency",
  secretaria: "secretariat",
  secretariat: "secretariat",
  secretary: "secretariat",
  subsecretaria: "secretariat",
  institute: "institute",
  instituto: "institute",
  commission: "commission",
  comision: "commission",
  council: "council",
  consejo: "council",
  committee: "committee",
  comite: "committee",
  authority: "authority",
  autoridad: "authority",
  board: "board",
  junta: "board",
  bureau: "office",
  service: "service",
  servicio: "service",
  administration: "administration",
  administracion: "administration",
  superintendencia: "regulator",
  court: "court",
  corte: "court",
  tribunal: "court",
  university: "university",
  universidad: "university",
  bank: "bank",
  banco: "bank",
  fund: "fund",
  fondo: "fund",
  alcaldia: "local-government",
  gobernacion: "local-government",
  ayuntamiento: "local-government",
  municipality: "local-government",
  municipio: "local-government",
  city: "local-government",
  county: "local-government",
  state: "local-government",
  procuraduria: "oversight",
  contraloria: "oversight",
  defensoria: "oversight",
  fiscalia: "oversight",
  direccion: "office",
  unidad: "office",
  personeria: "oversight",
};

/** The match is the type word and what ties the name to it. */
function bodyOf(match: RegExpExecArray, reading: Reading): Meaning {
  const after = match.index + match[0].length;
  const end = nameEndsAt(reading.plain, after);
  const type = TYPES[(match[1] ?? "").toLowerCase()];
  if (type === undefined || end === after) return null;
  const name = squeeze(reading.plain.slice(match.index, end));
  return name.startsWith("State of the Union") ? null : { attributes: { name, type }, end };
}

/** `Congressional Budget Office`: the type word comes last. */
function bodyBefore(match: RegExpExecArray, reading: Reading): Meaning {
  const start = nameStartsAt(reading.plain, match.index);
  if (start === match.index) return null;
  const name = squeeze(reading.plain.slice(start, match.index + match[0].length));
  return { attributes: { name, type: TYPES[match[0].toLowerCase()] ?? "body" }, start };
}

function body(match: RegExpExecArray): Meaning {
  const type = TYPES[(match[1] ?? "").toLowerCase()];
  return type === undefined ? null : { attributes: { name: squeeze(match[0]), type } };
}

const plain = { on: "plain" } as const;
const OF_EN =
  "(Ministry|Department|Office|Agency|Secretariat|Secretary|Institute|Commission|Council|Committee|Authority|Board|Bureau|Court|University|Bank|Municipality|City|County|State)";
const LAST_EN =
  "(Agency|Department|Ministry|Commission|Council|Committee|Authority|Board|Bureau|Service|Administration|Institute|Court|University|Bank|Fund|Office)";
const OF_ES =
  "(Ministerio|Departamento|Oficina|Agencia|Secretaria|Subsecretaria|Instituto|Comision|Consejo|Comite|Autoridad|Junta|Servicio|Administracion|Superintendencia|Corte|Tribunal|Universidad|Banco|Fondo|Alcaldia|Gobernacion|Ayuntamiento|Municipio|Procuraduria|Contraloria|Defensoria|Fiscalia|Direccion|Unidad|Personeria)";

export const institutionalNetwork: Annotator = {
  kind: "institutional-network",
  version: "1.0.0",
  languages: ["en", "es"],
  weights: { responsibility: 70, "named-body": 55, coordination: 50, "international-body": 50, "generic-body": 25 },
  patterns: [
    lexicon(
      "responsibility",
      "en",
      `
      (is|are|be|being) responsible for, responsible (body|agency|authority|entity|department|party), in
      charge of, accountable for, mandated to, lead (agency|department|ministry|entity), implementing
      (agency|partner|body|entity), (is|are|be) led by, (is|are|be) overseen by, (is|are|be)
      (administered|managed|implemented|coordinated) by, under the
      (leadership|authority|supervision|direction) of, responsibility (of|for), oversight
    `,
    ),
    lexicon(
      "responsibility",
      "es",
      `
      (sera|es|seran|son) responsables? de(l)?, responsables?, a cargo de(l)?, encargad(o|a|os|as) de(l)?,
      entidad(es)? (responsable|ejecutora|lider|coordinadora)(s|es)?, liderad(o|a|os|as) por, bajo la
      (direccion|coordinacion|responsabilidad|supervision|tutela) de(l)?, ejecutad(o|a|os|as) por,
      coordinad(o|a|os|as) por, corresponde a(l)?, competencia de(l)?, rectoria
    `,
    ),
    lexicon(
      "coordination",
      "en",
      `
      in (coordination|cooperation|collaboration|partnership|consultation) with, inter-?agency,
      inter-?ministerial, inter-?institutional, working groups?, task force(s)?, steering committee,
      public-private, memorand(um|a) of understanding, together with the, jointly (with|by),
      partner(s|ships)? with
    `,
    ),
    lexicon(
      "coordination",
      "es",
      `
      en (coordinacion|cooperacion|colaboracion|articulacion|alianza|conjunto) con, articulad(o|a|os|as)
      con, interinstitucional(es)?, intersectorial(es)?, interministerial(es)?, mesas? (de
      trabajo|tecnica|tecnicas|de concertacion), comite directivo, publico-privad(o|a|os|as), convenios?
      (interadministrativo|interadministrativos|marco), de manera conjunta, conjuntamente con
    `,
    ),
    pattern(
      "international-body",
      "any",
      "\\b(?:United\\s{1,2}Nations|UNICEF|UNESCO|UNHCR|WHO|World\\s{1,2}Health\\s{1,2}Organi[sz]ation|World\\s{1,2}Bank|IMF|OECD|OCDE|European\\s{1,2}(?:Union|Commission|Parliament|Council)|Inter-American\\s{1,2}Development\\s{1,2}Bank|Naciones\\s{1,2}Unidas|ONU(?:\\s{1,2}Mujeres)?|PNUD|UNDP|ACNUR|OPS|OMS|CEPAL|ECLAC|OIT|ILO|Banco\\s{1,2}(?:Mundial|Interamericano\\s{1,2}de\\s{1,2}Desarrollo)|BID|FAO|NATO|Union\\s{1,2}Europea|Comision\\s{1,2}Europea)\\b",
      (match) => ({ attributes: { name: squeeze(match[0]), type: "international" } }),
      plain,
    ),
    pattern("named-body", "en", `\\b${OF_EN}\\s{1,2}(?:of|for|on)\\s{1,2}(?:the\\s{1,2})?(?=[A-Z])`, bodyOf, plain),
    pattern("named-body", "en", `\\b${LAST_EN}\\b`, bodyBefore, plain),
    pattern(
      "named-body",
      "en",
      "\\b(Congress|Senate|House\\s{1,2}of\\s{1,2}Representatives|Parliament|Supreme\\s{1,2}Court|Federal\\s{1,2}Reserve|Medicare|Medicaid|Pentagon|NASA|FBI|EPA|FDA|CDC)\\b",
      (match) => ({ attributes: { name: squeeze(match[0]), type: "state-body" } }),
      plain,
    ),
    pattern(
      "named-body",
      "es",
      `\\b${OF_ES}\\s{1,2}(?:(?:de|del|para|Nacional|Departamental|Municipal|Distrital|General|Superior|Local|Constitucional|Suprema|Federal|Estatal|Regional|Administrativo)\\s{1,2}){1,3}(?:(?:la|las|los|el)\\s{1,2})?(?=[A-Z])`,
      bodyOf,
      plain,
    ),
    pattern(
      "named-body",
      "es",
      `\\b${OF_ES}\\s{1,2}(?:Nacional|Departamental|Municipal|Distrital|General|Superior|Local|Constitucional|Suprema|Federal|Estatal|Regional)\\b`,
      body,
      plain,
    ),
    pattern(
      "named-body",
      "es",
      "\\b(DANE|DNP|ICBF|SENA|INEGI|INE|CONEVAL|IMSS|ISSSTE|Congreso\\s{1,2}de\\s{1,2}la\\s{1,2}Republica|Congreso|Senado|Camara\\s{1,2}de\\s{1,2}(?:Representantes|Diputados)|Presidencia\\s{1,2}de\\s{1,2}la\\s{1,2}Republica|Policia\\s{1,2}Nacional|Rama\\s{1,2}Judicial|Concejo\\s{1,2}Municipal|Asamblea\\s{1,2}Departamental)\\b",
      (match) => ({ attributes: { name: squeeze(match[0]), type: "state-body" } }),
      plain,
    ),
    lexicon(
      "generic-body",
      "en",
      `
      ministr(y|ies), (government|federal|state|local|public|health|regulatory|law enforcement)
      (agency|agencies), local (government|governments|authority|authorities|councils), municipalit(y|ies),
      city councils?, federal government, national government, state governments?, county governments?, civil society,
      civil society organi[sz]ations, non-?governmental organi[sz]ations?, ngos?, community organi[sz]ations?,
      trade unions?, chambers? of commerce, school (boards?|districts?), courts, universities, private sector
    `,
      { type: "generic" },
    ),
    lexicon(
      "generic-body",
      "es",
      `
      ministerios?, secretarias?( de despacho| municipales| departamentales)?, alcaldias?, gobernacion(es)?,
      entidades territoriales, entidades? publicas?, gobierno
      (nacional|local|municipal|departamental|federal|estatal|central), gobiernos locales, administracion
      (municipal|departamental|publica|local), ayuntamientos?, municipios?, sociedad civil, organizaciones?
      (sociales|comunitarias|no gubernamentales|de la sociedad civil), ong, ongs, juntas de accion comunal,
      sindicatos?, camaras? de comercio, sector privado, universidades, juzgados, comisarias? de familia
    `,
      { type: "generic" },
    ),
  ],
};
