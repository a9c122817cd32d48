/**
 * Elements that several questions expect.
 *
 * @module
 */
import { tagged, worded } from "./base-question.ts";

export const year = tagged("year", "A year", "Un año", "year");

export const unit = worded("unit", "A unit of measurement", "Una unidad de medida", {
  en: "\\d{1,9}(?:\\.\\d{1,4})? ?%|per ?cent|percentage points?|per \\d[\\d,]{0,14}|per (?:thousand|million|capita|inhabitant)|tonnes|tons|kilomet(?:re|er)s?|km|hectares|acres|megawatts|MW|points?|\\d[\\d,]{0,14} (?:people|households|families|homes|children|jobs|students|women|beds|places|patients|farmers|workers|schools|deaths|cases|hours|days)",
  es: "\\d{1,9}(?:,\\d{1,4})? ?%|por ciento|puntos(?: porcentuales)?|por (?:cada )?\\d[\\d.]{0,14}|por (?:mil|millón|habitante)|toneladas|kilómetros|km|hectáreas|megavatios|MW|\\d[\\d.]{0,14} (?:personas|hogares|familias|viviendas|niños|niñas|empleos|estudiantes|mujeres|camas|plazas|cupos|pacientes|agricultores|trabajadores|escuelas|muertes|casos|horas|días)",
});
/** `%` ends in no word character: the closing boundary of a whole word does not hold it back. */
export const source = worded("source", "The source of the figure", "La fuente de la cifra", {
  en: "according to|source|sources|surveys?|census|registry|register|administrative records|statistics (?:office|institute|agency|bureau)|national statistics|household panel|audit report|labour force survey|data from|reported by|published by|estimates? (?:of|by)",
  es: "según|de acuerdo con|fuente|fuentes|encuestas?|censo|registros? administrativos?|registro|instituto (?:nacional )?de estadística|DANE|INE|Sisbén|estadísticas|datos de(?:l)?|reportad[oa] por|publicad[oa] por|estimaci(?:ón|ones) de(?:l)?|informe de(?:l)?",
});
export const territory = worded("territory", "The place", "El territorio", {
  en: "district|districts|region|regions|province|provinces|municipalit(?:y|ies)|rural|urban|neighbou?rhoods?|villages?|nationwide|county|counties|cities|states|in every|coastal|border areas?|remote areas?|north|south|east|west",
  es: "distritos?|región|regiones|provincias?|municipios?|rural(?:es)?|urban[oa]s?|barrios?|veredas?|corregimientos?|comunas?|departamentos?|localidad(?:es)?|territorios?|zonas?|cabecera|todo el país|norte|sur|oriente|occidente",
});
export const coordination = worded(
  "coordination",
  "How bodies work together",
  "Cómo se coordinan las entidades",
  {
    en: "coordinat\\p{L}*|jointly|together with|in partnership|alongside|in cooperation with|steering committee|working group|inter-?ministerial|inter-?agency|collaborat\\p{L}*|task force|council of",
    es: "coordina\\p{L}*|conjuntamente|junto con|en alianza|articula\\p{L}*|en colaboración|mesa técnica|mesa de trabajo|comité|interinstitucional|intersectorial|concertación|convenio con",
  },
  ["institutional-network:coordination"],
);
export const monitoring = worded("reporting", "How it is reported", "Cómo se informa", {
  en: "report|reports|reported|reporting|publish(?:es|ed)?|account(?:s|able|ability)?|dashboard|progress|inform(?:s|ed)? parliament",
  es: "inform\\p{L}*|report\\p{L}*|public\\p{L}*|(?:rend|rind)\\p{L}* (?:de )?cuentas|tablero|avances?|rendirá|balance|seguimiento",
});
export const evidence = worded("evidence", "The evidence cited", "La evidencia citada", {
  en: "evidence|stud(?:y|ies)|research|evaluations?|trials?|according to|surveys?|data (?:show|from|suggest|indicate)s?|analys[ei]s|researchers|meta-analysis|findings|(?:a|the|our) review|experience (?:shows|of|in)|was shown|have shown|has shown|shows that|found that",
  es: "evidencia|estudios?|investigaci(?:ón|ones)|evaluaci(?:ón|ones)|según|encuestas?|los datos|análisis|investigadores|metaanálisis|hallazgos|diagnóstico|la experiencia|demuestran?|ha demostrado|han demostrado|muestran? que|encontró que",
});
