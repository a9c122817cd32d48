/**
 * How a sentence speaks: of what is planned, of what is past, or of what is missing.
 *
 * @module
 */
import type { Language } from "@canonic/contracts";
import { type Patterns, word } from "./method.ts";

const PLANNED: Patterns = {
  en: word(
    "will|shall|must|should|aims?|aiming|plan(?:s|ned)? to|planned|to be|is to|are to|intends?|seeks?|targets?|goals?|objectives?|commit(?:s|ted)?(?: us| them| itself| ourselves)? to|" +
      "schedul(?:e|ed|es)|foreseen|expected|proposes?|i propose|let us|we can|i ask|we need|we have to|deadline|timetable|implementation|to (?:reduce|increase|raise|cut|" +
      "reach|achieve|lower|double|halve|bring|expand|complete|build|train|deliver|improve|extend|provide|eliminate|end|finish)",
  ),
  es: word(
    "será|serán|deberá|deberán|debe|deben|se propone|proponemos|planea|prevé|prevén|prevista|previsto|previstas|previstos|busca|buscará|pretende|metas?|objetivos?|compromet\\p{L}{1,6}|" +
      "\\p{L}{2,14}(?:ará|arán|erá|erán|irá|irán|aremos|eremos|iremos)|plazo|cronograma|programad[oa]s?|espera|espera que|se espera|" +
      "(?:para|a|de|se debe|permitirá|es|propone|busca|pretende) (?:reducir|aumentar|incrementar|disminuir|alcanzar|lograr|elevar|duplicar|llevar|ampliar|completar|construir|formar|capacitar|entregar|mejorar|" +
      "extender|eliminar|pasar|bajar|terminar|finalizar)|(?:reducir|aumentar|incrementar|disminuir|alcanzar|lograr|elevar|duplicar|construir|capacitar|beneficiar|entregar|ampliar|mejorar|implementar|pasar|bajar)",
  ),
};

const PAST: Patterns = {
  en: word(
    "was|were|had|rose|fell|grew|dropped|declined|has (?:been )?(?:risen|fallen|grown|increased|decreased|declined|improved|dropped)|have (?:risen|fallen|grown|increased|decreased|declined|improved)|" +
      "increased|decreased|reduced|improved|approved|adopted|founded|opened|published|took|came|began|became|used to|last year",
  ),
  es: word(
    "fue|fueron|era|eran|había|habían|estaba|subió|bajó|cayó|creció|disminuyó|aumentó|pasó|se redujo|se incrementó|mejoró|aprobó|adoptó|fundó|inauguró|publicó|tuvo|" +
      "ha (?:aumentado|disminuido|crecido|bajado|mejorado|caído|subido)|han (?:aumentado|disminuido|crecido|bajado|mejorado)|se ubicó|registró|se aprobó|aumentaron|cayeron|crecieron|disminuyeron",
  ),
};

const ABSENT: Patterns = {
  en: new RegExp(
    "\\b(?:do|does|did|has|have|had|is|are|was|were|will|would)(?: not|n[’']t) (?:yet |now |always )?(?:been |be |yet )?(?:set|specif|stat|includ|defin|assign|allocat|identif|provid|foresee|foreseen|plan|establish|" +
      "exist|contain|indicat|mention|describ|name|quantif|evaluat|monitor|measur|say|give|have|known|clear|available|agreed|decided|determined|appl|fix|offer)|" +
      "\\bthere (?:is|are|was|were) (?:still |currently |as yet )?no\\b|\\b(?:no|neither|none of the) (?:\\p{L}+ ){1,5}(?:is|are|was|were|has|have|had|exists?)\\b|\\b(?:remains?|has|have) (?:yet )?to be (?:set|" +
      "defined|agreed|decided|determined|identified|estimated|specified)|\\byet to be\\b|\\bwithout (?:any |a |an )?(?:clear |specific )?(?:budget|target|deadline|date|amount|indicator|baseline|figure|evaluation|monitoring|plan)|" +
      "\\b(?:contains?|gives?|has|have|sets?|names?|offers?|includes?|mentions?|provides?) no\\b|\\bno longer\\b",
    "iu",
  ),
  es: new RegExp(
    "(?<!\\p{L})(?:no|ni|tampoco) (?:se |le |les |los |las )?(?:ha |han |había |está |están |fue |fueron |son |es |hay |existe|existen|cuenta|cuentan|dispone|tiene|tienen|incluye|define|establece|fija|señala|indica|precisa|menciona|" +
      "asigna|prevé|contempla|contiene|especifica|identifica|describe|conoce|sabe|mide|evalúa|ofrece|presenta|aplica)|(?<!\\p{L})(?:ningún|ninguna) (?:meta|plazo|presupuesto|indicador|monto|responsable|cifra|entidad|fecha|evaluación|plan|recurso|medida|programa|documento)(?!\\p{L})|(?<!\\p{L})sin (?:un |una )?(?:presupuesto|meta|plazo|fecha|monto|indicador(?:es)?|" +
      "línea|cifra|evaluación|seguimiento|plan|definir|determinar|precisar)|por (?:definir|determinar|precisar|establecer)(?!\\p{L})|(?<!\\p{L})carece",
    "iu",
  ),
};

/** True when the sentence says what is to be. */
export function isPlanned(sentence: string, language: Language): boolean {
  return PLANNED[language].test(sentence);
}

/** True when the sentence says what was. */
export function isPast(sentence: string, language: Language): boolean {
  return PAST[language].test(sentence);
}

/** True when the sentence says that something is missing: the mention of a thing that is not there is no evidence of it. */
export function isAbsence(sentence: string, language: Language): boolean {
  return ABSENT[language].test(sentence);
}
