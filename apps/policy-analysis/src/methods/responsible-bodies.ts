/**
 * Bodies: institutions, and whether the sentence makes them answer for something.
 *
 * Tags: `@body` every one, `@responsible` with a duty, `@several` where the sentence names more than one.
 *
 * @module
 */
import { after, before, type Mention, type Method, matchesOf, type Patterns } from "./method.ts";

const HEAD_EN =
  "Ministry|Department|Secretariat|Agency|Office|Directorate|Commission|Authority|Institute|Council|Board|Committee|Service|Bureau|Administration|Corporation|Foundation|Taskforce|Task Force|Unit|Academy|University|Ombudsman|Parliament|Inspectorate|Registry|Observatory|Police|Fund|Court|Centre|Center|Court of Auditors|Municipality|Congress";
const LOWER_EN =
  "ministry|department|secretariat|agency|directorate|commission|municipality|municipalities|city council|local councils?|county|board|steering committee|committee|task force|office|unit|inspectorate|authority|authorities|institute|council|regional governments?|local governments?|state governments?|federal government";
const HEAD_ES =
  "Ministerio|Secretaría|Agencia|Dirección|Departamento|Instituto|Consejo|Consejería|Comisión|Comité|Oficina|Alcaldía|Gobernación|Autoridad|Corporación|Fundación|Unidad|Superintendencia|Procuraduría|Contraloría|Defensoría|Fiscalía|Ayuntamiento|Diputación|Concejo|Personería|Subdirección|Subsecretaría|Viceministerio|Servicio|Universidad|Observatorio|Inspección|Policía|Junta|Delegación|Registraduría|Mesa|Tribunal|Hospital|Empresa|Banco|Fondo|Gerencia|Coordinación";
const LOWER_ES =
  "ministerio|secretaría|agencia|dirección|departamento administrativo|instituto|consejería|comisión|comité|oficina|alcaldía|gobernación|autoridad(?:es)?|unidad|ayuntamientos?|municipios?|concejo|entidad(?:es)?|consejo|gobierno (?:municipal|departamental|nacional|regional|central)|administración (?:municipal|distrital|departamental)|superintendencia|empresa|mesa técnica";

const NAME_EN = "[A-Z]\\p{L}+(?:(?:,? (?:and|of|the|for) |, | )(?:the )?[A-Z]\\p{L}+){0,7}";
const NAME_ES =
  "[A-ZÁÉÍÓÚÑ]\\p{L}+(?:(?:,? (?:y|e|de|del|para|de la|de las|de los|en) |, | )(?:la |las |los |el )?[A-ZÁÉÍÓÚÑ]\\p{L}+){0,7}";
const ARTICLE_EN = "(?:[Tt]he|[Aa]n?|[Ee]ach|[Ee]very|[Aa]ll|[Oo]ur)";
const ARTICLE_ES = "(?:[Ee]l|[Ll]as?|[Ll]os|[Uu]na?|[Cc]ada|[Aa]l|[Dd]el|[Nn]uestr[oa]|[Tt]od[oa]s l[oa]s)";

const BODY: Patterns = {
  en: new RegExp(
    `(?<![\\p{L}])(?:(?:${ARTICLE_EN} )?(?:${HEAD_EN}) (?:of|for|on) (?:the )?${NAME_EN}|(?:Secretary|Minister) (?:of|for) ${NAME_EN}|` +
      `(?:${ARTICLE_EN} )?(?:[A-Z][\\p{L}&-]+ (?:(?:and|of|the|for) )?){1,5}(?:${HEAD_EN})(?: (?:of|for) (?:the )?${NAME_EN})?(?!\\p{L})|` +
      `(?:${ARTICLE_EN}|local|regional|national|municipal|city|state|federal|county|provincial|joint) (?:[\\p{L}-]+ ){0,3}(?:${LOWER_EN}|${HEAD_EN})(?: of (?:the )?\\p{L}+)?(?!\\p{L}))`,
    "gu",
  ),
  es: new RegExp(
    `(?<![\\p{L}])(?:(?:${ARTICLE_ES} )?(?:${HEAD_ES})(?: [A-ZÁÉÍÓÚÑ]\\p{L}+){0,4} (?:de|del|para)(?: la| las| los| el)? ${NAME_ES}|(?:${ARTICLE_ES} )?(?:${HEAD_ES})(?: [A-ZÁÉÍÓÚÑ]\\p{L}+){1,4}|` +
      `${ARTICLE_ES} (?:${LOWER_ES}|${HEAD_ES})(?!\\p{L})(?: (?:municipal(?:es)?|departamental(?:es)?|nacional(?:es)?|distrital(?:es)?|local(?:es)?|regional(?:es)?|técnic[oa]|competentes?|ambiental(?:es)?))?(?: (?:de|del|de la|de los|de las) \\p{L}+)?|` +
      "(?:ICBF|DNP|DANE|INE|SENA|DPS|IDEAM|OIT)(?!\\p{L}))",
    "gu",
  ),
};

const DUTY_AFTER: Patterns = {
  en: /^(?:,? (?:through|together with|jointly with|in coordination with|in partnership with|with the support of|via|and)[^.;]{1,90}?,?| \([^)]{1,40}\)|,[^,.;]{1,60},)?,? ?(?:(?:which|that|who) )?(?:(?:is|are|shall be|will be|remains?) (?:\p{L}+ )?(?:responsible|accountable|in charge|tasked|mandated|charged|required|the lead|the body|the entity|entrusted|appointed)|(?:shall|will|must)(?: jointly| also| then| be the body that| annually)? (?!be (?:able|closed|criticised|visited|informed|moved|renamed|abolished|celebrat))(?:lead|coordinat|implement|execut|manag|overs|deliver|administ|carry|run|supervis|monitor|report|publish|ensur|provid|build|co-?ordinat|organis|organiz|apply|set|draw|train|operat|distribut|fund|financ|support|collect|issue|inspect|audit|verify|maintain|be the lead|answer|evaluat|prepare|present|review|hire|establish|keep|chair|convene|certif|allocate|guarantee|purchase|procure|submit|take|assess|control|hand|contract|conduct|host|approve)|(?:leads?|coordinates?|oversees?|builds|provides|ensures|finances|funds|trains|inspects|approves|maintains|operates|collects|distributes|issues|prepares|reviews|organi[sz]es|evaluates|verifies|audits|draws up|guarantees|manages?|implements?|administers?|runs?|supervises?|monitors?|carries|executes?|delivers?|chairs?|answers for|has the lead|reports (?:to|on|every|quarterly|annually)|publishes)(?! up)(?!\p{L}))/iu,
  es: /^(?:,? (?:a través de|junto con|en coordinación con|con el apoyo de|por medio de|y|e|en articulación con)[^.;]{1,90}?,?| \([^)]{1,40}\)|,[^,.;]{1,60},)?,? ?(?:(?:que|la cual|el cual) )?(?:(?:es|son|será|serán) (?:\p{L}+ )?(?:responsables?|encargad[oa]s?|quien(?:es)?|competentes?|el organismo|la entidad|el ente|la autoridad|titular)|(?:deberán?|debe|deben) (?!ser )\p{L}+(?:ar|er|ir)(?!\p{L})|(?:tendrá|tiene|tendrán|tienen|asumirá|asume) (?:a su cargo|la responsabilidad|a cargo|la función|como función|bajo su)|(?:estará|está|estarán) a cargo|(?:lider|coordin|implement|ejecut|gestion|supervis|administr|dirig|vigil|monitore|report|public|garantiz|prest|oper|financi|entreg|capacit|constru|elabor|adelant|realiz|present|evalu|verific|rend|contrat|inspeccion|organiz|brind|desarroll|apoy|convoc|presid|asegur|distribu|mantendr|rendir|har|expedir|atender|impulsar|seguir|revis|audit|acompañ|aprob)\p{L}{0,3}(?:á|án|a|an|e|en)(?!\p{L}))/iu,
};
const DUTY_BEFORE: Patterns = {
  en: /(?:\b(?:led|coordinated|implemented|managed|executed|overseen|administered|carried out|run|delivered|supervised|monitored|chaired|operated|implementation|conducted|evaluated|audited|reviewed|verified|inspected|maintained|built|provided|published|organised|organized|reported) (?:jointly |directly |locally )?by (?:the |a |an )?|\bresponsibility (?:of|lies with|rests with|falls to|belongs to)(?: the)? ?|\b(?:lies|rests) with (?:the )?|\b(?:body|entity|agency|party|unit|lead|responsible|institution|coordinator|owner)\)?: (?:the )?|\bunder the (?:leadership|coordination|supervision|authority|direction|responsibility) of (?:the )?|\b(?:entrusted|assigned|delegated|falls|fall) to (?:the )?|\bin the hands of (?:the )?|\baccountable to (?:the )?|\breport(?:s|ed)? to (?:the )?|\bby (?:the )?)$/iu,
  es: /(?:(?<!\p{L})(?:liderad|coordinad|implementad|gestionad|ejecutad|supervisad|administrad|dirigid|operad|realizad|monitoread|prestad|financiad|evaluad|auditad|verificad|adelantad|elaborad|presidid|construid|publicad|organizad|desarrollad|reportad|vigilad)[oa]s? (?:conjuntamente |directamente )?por (?:el |la |los |las )?|a cargo (?:de|del)(?: la| las| los| el)? ?|responsabilidad (?:de|del|recae en|corresponde a)(?: la| las| los| el)? ?|(?:responsables?|entidad(?: responsable| ejecutora)?|ejecutor|líder|encargado|coordinador)\)?: (?:el |la )?|bajo (?:el |la )?(?:liderazgo|coordinación|supervisión|dirección|responsabilidad|tutela|orientación) (?:de|del)(?: la| las| los| el)? ?|corresponde(?:rá)? a(?:l| la| las| los)? ?|encomend\p{L}+ a(?:l| la)? ?|en cabeza (?:de|del)(?: la| los)? ?|ante (?:el |la )?|se encargará(?: de \p{L}+)? )$/iu,
};
const BARE_BY: Patterns = {
  en: /\b(?:will be|shall be|must be|is to be|are to be|be|is|are) (?:[\p{L}-]+ ){1,4}by (?:the )?$/iu,
  es: /(?<!\p{L})(?:será|serán|deberá ser|estará|es|son) (?:[\p{L}-]+ ){1,4}por (?:el |la |los |las )?$/iu,
};

/** Institutions in the sentence. */
export const responsibleBodies: Method = {
  name: "responsible-bodies",
  isAnchored: true,
  readsAbsence: false,
  find(sentence, language) {
    const matches = matchesOf(BODY[language], sentence).filter(({ 0: text }) => text.trim().length > 3);
    return matches.map((match): Mention => {
      const start = match.index;
      const end = start + match[0].trimEnd().length;
      const tags = ["@body"];
      const ahead = before(sentence, start, 80) + articleOf(match[0]);
      if (DUTY_AFTER[language].test(after(sentence, end, 180)) || isDutyBefore(ahead, language))
        tags.push("@responsible");
      if (matches.length > 1) tags.push("@several");
      return { start, end, tags };
    });
  },
};

/** A match may begin with its article; what stands before is read with it. */
function articleOf(body: string): string {
  return /^(?:the|a|an|el|la|los|las|una|un|al|del) /iu.exec(body)?.[0] ?? "";
}

function isDutyBefore(ahead: string, language: "en" | "es"): boolean {
  if (language === "en" && /\bby (?:the |a |an )?$/iu.test(ahead)) {
    return (
      DUTY_BEFORE.en.test(ahead.replace(/\bby (?:the |a |an )?$/iu, "\u0000")) ||
      BY_DUTY_EN.test(ahead) ||
      BARE_BY.en.test(ahead)
    );
  }
  return DUTY_BEFORE[language].test(ahead) || BARE_BY[language].test(ahead);
}

const BY_DUTY_EN =
  /\b(?:led|coordinated|implemented|managed|executed|overseen|administered|carried out|run|delivered|supervised|monitored|chaired|operated|conducted|evaluated|audited|reviewed|verified|inspected|maintained|organised|organized) (?:jointly |directly |locally )?by (?:the |a |an )?$/iu;
