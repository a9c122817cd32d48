/**
 * Legal references: named or numbered norms, and whether the sentence rests on them.
 *
 * Tags: `@reference` every norm in force, `@numbered` with its number, article or year, `@treaty` an international
 * commitment, `@basis` when the text acts under it. Bills, drafts and repealed norms give no mention.
 *
 * @module
 */
import { after, before, type Mention, type Method, matchesOf, type Patterns } from "./method.ts";

const NAME_EN =
  "(?!(?:Pursuant|Under|According|In|By|As|On|The|This|That|Since|With) )(?:\\p{Lu}[\\p{L}'’-]+(?:,? (?:of|the|and|for|on|to|in|against) (?:the )?| (?=\\p{Lu})|, (?=\\p{Lu}))){1,9}";
const NORM: Patterns = {
  en: new RegExp(
    `\\b(?:Public Law|Law|Decree|Act|Regulation(?: \\(E[CU]\\))?|Directive|Resolution|Ordinance|Executive Order|Order|Statute|Constitution|Bill)s? (?:No\\.? ?|Number |#)?\\d[\\d/.-]*(?: of (?:19|20)\\d\\d)?|` +
      `${NAME_EN}(?:Act|Law|Code|Statute|Constitution|Charter|Regulations?|Directive|Ordinance|Amendment)\\b(?:,? (?:of )?(?:19|20)\\d\\d)?|` +
      `\\b(?:Convention|Covenant|Treaty|Protocol|Declaration|Agreement|Accord|Framework) (?:on|of|for|to|against|relating to) (?:the )?\\p{Lu}[\\p{L}-]+|${NAME_EN}(?:Convention|Covenant|Treaty|Protocol|Declaration|Agreement|Framework|Accords?|Platform for Action)\\b|` +
      `\\b[Aa]rticles? \\d+[\\d, and]*(?:of|\\()|\\b[Ss]ections? \\d+[\\d, and]*of the|\\b(?:the|our|national|federal|state) Constitution\\b|\\bConstitution of\\b|\\bSustainable Development Goals?(?: \\d+)?\\b|\\bSDGs?(?: \\d+)?\\b|\\b2030 Agenda\\b|\\bAgenda 2030\\b|\\bILO Convention\\b|\\bCEDAW\\b`,
    "gu",
  ),
  es: new RegExp(
    "(?<!\\p{L})(?:(?:[Ll]ey|LEY)(?:es)?(?: (?:Orgánica|Estatutaria|General|Foral|Marco))?|(?:Real )?[Dd]ecreto(?:[- ]?[Ll]ey)?(?: Legislativo| Reglamentario| Único)?|[Rr]esolución|[Oo]rdenanza|[Aa]cuerdo(?: Municipal| Distrital)?|[Dd]irectiva|[Rr]eglamento|(?:documento )?CONPES(?: Social)?|" +
      "[Ss]entencia|Auto|[Cc]ircular|Acto [Ll]egislativo|Orden)(?: \\(?U?E?\\)?)? ?(?:N\\.?[º°o]\\.? ?|[Nn]úm(?:ero|\\.)? ?|No\\.? ?)?[TC]?-?\\d[\\d/.-]*(?: (?:de|del) (?:(?:19|20)\\d\\d|\\d{1,2} de \\p{L}+))?|" +
      "(?<!\\p{L})[Ll]ey (?:Orgánica |General |Estatutaria |Nacional |Marco |Integral )?(?:de(?:l)?|para|contra|sobre) (?:la |las |los |el )?\\p{Lu}\\p{L}+|(?<!\\p{L})Código (?:Penal|Civil|de \\p{L}+|General|Nacional|Sustantivo)|(?<!\\p{L})Constitución(?: Política| Española| Nacional| de la República)?(?!\\p{L})|" +
      "(?<!\\p{L})(?:[Cc]onvenio|[Cc]onvención|[Tt]ratado|[Pp]rotocolo|[Dd]eclaración|[Pp]acto|Acuerdo|Marco) (?:(?:Internacional|Interamericana?|Europeo|Universal|Marco)(?: (?:de|sobre|para|contra) (?:la |las |los |el )?\\p{L}+)?|(?:de|sobre|para|contra) (?:la |las |los |el |la eliminación de )?\\p{Lu}\\p{L}+|\\d+ de la OIT)|" +
      "(?<!\\p{L})[Aa]rt(?:ículos?|\\.) \\d+[\\d, y]*(?:de la|del|de)|(?<!\\p{L})Objetivos? de Desarrollo Sostenible(?: \\d+)?|(?<!\\p{L})ODS(?: \\d+)?(?!\\p{L})|(?<!\\p{L})Agenda 2030|(?<!\\p{L})Estatuto (?:de|Orgánico|Tributario)[\\p{L} ]{0,20}|(?<!\\p{L})CEDAW",
    "gu",
  ),
};

const TREATY: Patterns = {
  en: /\b(?:Convention|Covenant|Treaty|Protocol|Accords?|Sustainable Development Goals?|SDGs?|2030 Agenda|Agenda 2030|CEDAW|(?:Paris|Escazú|Geneva|Kyoto|Sendai|Marrakesh|International)[\p{L} ]* (?:Agreement|Framework|Declaration)|Universal Declaration|Sendai|ILO|Directive|United Nations|Platform for Action)/u,
  es: /(?:Conven|Tratado|Protocolo|Pacto Internacional|Pacto Mundial|Objetivos? de Desarrollo Sostenible|ODS|Agenda 2030|CEDAW|Acuerdo de (?:París|Escazú|Ginebra|Kioto)|Declaración (?:Universal|de (?:Beijing|las Naciones|Río))|Marco de Sendai|OIT|Directiva|Internacional|Interamericana|Europe[oa])/u,
};
const NOT_IN_FORCE: Patterns = {
  en: /\b(?:draft|drafts|proposed|pending|repealed|repeal(?:s|ing)?|former|withdrawn|unsigned|vetoed)\b[^,;]{0,30}$|\b(?:pass|passing|enact|enacting|introduce|introducing)\b[^.;]{0,80}$/iu,
  es: /(?:proyectos? de|anteproyectos? de|borrador(?:es)? (?:de|del)(?: la)?|derogad[oa]s?|deroga|antigu[oa]|propuesta de|iniciativa de)\s[^,;]{0,15}$/iu,
};
const NOT_IN_FORCE_AFTER: Patterns = {
  en: /^[^,;.]{0,25}\b(?:was|were|has been|is) (?:repealed|rejected|withdrawn|vetoed|never)\b/iu,
  es: /^[^,;.]{0,25}(?:fue|ha sido|quedó) (?:derogad|rechazad|archivad|retirad)[oa]/iu,
};
const BASIS: Patterns = {
  en: /\b(?:pursuant to|under(?: the)?|in accordance with|in line with|by virtue of|as (?:required|provided|established|set out|mandated) (?:by|in|under)|established by|governed by|mandated by|based on|in compliance with|comply with|complies with|in fulfilment of|implements?|implementing|gives? effect to|requires?|obliges?|mandates?|establishes|regulates|guarantee|provides? (?:that|for)|sets? out|creates?|created by|recognis|recogniz|ratified|legal basis|is grounded|grounded in|rests on|aligned with|aligns? with|contribut\p{L}+ to|consistent with|commitments? under|enshrined|protected by|lays down|assigns)/iu,
  es: /(?<!\p{L})(?:de conformidad con|conforme (?:a|al|con)|en virtud de|según (?:lo )?(?:dispuesto|establecido|previsto|ordenado|la|el)|de acuerdo con|en cumplimiento (?:de|del)|en el marco (?:de|del)|en desarrollo de|con fundamento en|con base en|al amparo de|amparad[oa]s?|establec\p{L}+|regul\p{L}+|orden(?:a|ó|an)|dispon\p{L}+|dispuso|reconoc\p{L}+|garantiz\p{L}+|oblig\p{L}+|exig\p{L}+|cread[oa] (?:por|mediante)|adoptad[oa] (?:por|mediante)|sustent\p{L}+|fundament\p{L}+|ratific\p{L}+|alinead[oa]s?|se alinea\p{L}*|contribu\p{L}+|coherente con|consagr\p{L}+|reglament\p{L}+|se rige por|marco (?:legal|normativo|jurídico)|bajo|atribuye|define|crea|mediante)(?!\p{L})/iu,
};

/** Norms that the sentence refers to. */
export const legalReferences: Method = {
  name: "legal-references",
  isAnchored: true,
  readsAbsence: false,
  find(sentence, language) {
    return matchesOf(NORM[language], sentence).flatMap((match): Mention[] => {
      const start = match.index;
      const end = start + match[0].length;
      if (NOT_IN_FORCE[language].test(before(sentence, start, 50))) return [];
      if (NOT_IN_FORCE_AFTER[language].test(after(sentence, end, 60))) return [];
      const tags = ["@reference"];
      if (/\d/u.test(match[0])) tags.push("@numbered");
      if (TREATY[language].test(match[0])) tags.push("@treaty");
      if (BASIS[language].test(sentence)) tags.push("@basis");
      return [{ start, end, tags }];
    });
  },
};
