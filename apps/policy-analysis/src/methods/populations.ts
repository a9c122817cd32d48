/**
 * Populations: groups of people, and whether the text means to reach, count or tell them apart.
 *
 * Tags: `@population` every one, `@vulnerable` groups at a disadvantage, `@targeted` where something is for them,
 * `@counted` with a number, `@disaggregated` where groups are told apart.
 *
 * @module
 */
import { after, before, type Mention, type Method, matchesOf, type Patterns, word } from "./method.ts";
import { numbersIn } from "./numbers.ts";

const VULNERABLE_EN =
  "persons with (?:a )?disabilit(?:y|ies)|people with disabilities|disabled (?:people|persons|children)|indigenous (?:peoples?|communit(?:y|ies)|women|families|children)|ethnic (?:minorities|groups|communities)|migrants?|refugees|asylum seekers|homeless (?:people|families|persons)|victims|single mothers|low-income (?:families|households|workers|communities|people|students|areas)|poor (?:families|households|people|children)|unemployed (?:people|workers|youth)?|pregnant women|older (?:people|persons|adults|women|workers)|elderly(?: people)?|seniors|orphans|displaced (?:persons|people|families)|vulnerable (?:groups|people|families|households|populations?|children|communities)|rural (?:women|families|households|population|communities|residents|youth|children)|informal workers|small(?:holder)? farmers|smallholders|minorities|uninsured(?: people)?|people in poverty|women and girls|girls|disadvantaged (?:groups|children|students|communities|pupils)|prisoners|carers|caregivers|people living with \\p{L}+|Roma|Afro-descendants?|LGBT\\p{L}*(?: people| persons)?|children";
const OTHER_EN =
  "women|men|boys|young people|youth|adolescents|teenagers|students|pupils|families|households|workers|farmers|teachers|patients|tenants|residents|veterans|parents|mothers|small businesses|entrepreneurs|infants|newborns|citizens|inhabitants|job ?seekers|graduates|nurses|consumers|adults|retirees|users|passengers|learners|fishers|producers";
const VULNERABLE_ES =
  "(?:personas|población|niños|niñas|estudiantes) (?:en situación de|con) (?:discapacidad|pobreza|vulnerabilidad|calle|desplazamiento|dependencia)|pueblos indígenas|comunidades (?:indígenas|étnicas|negras|rurales|campesinas|afrodescendientes|vulnerables)|población (?:indígena|afrodescendiente|vulnerable|rural|desplazada|migrante|LGBTI|campesina|víctima|pobre)|grupos (?:étnicos|vulnerables)|minorías(?: étnicas)?|migrantes|refugiados|víctimas(?: del conflicto)?|madres (?:cabeza|jefas) de (?:familia|hogar)|personas (?:mayores|migrantes|sin hogar|desplazadas|desempleadas|vulnerables|dependientes|con dependencia)|adultos mayores|mujeres (?:rurales|embarazadas|gestantes|víctimas|indígenas|campesinas|cabeza de \\p{L}+)|hogares (?:pobres|vulnerables|de bajos ingresos|rurales)|familias (?:pobres|vulnerables|de bajos ingresos|rurales|campesinas|desplazadas|numerosas)|niñas y niños|niños y niñas|niños|niñas|primera infancia|desempleados|trabajadores informales|pequeños (?:productores|agricultores)|campesinos|cuidador(?:e|a)s|afrodescendientes|huérfanos|jóvenes rurales|alumnado vulnerable|personas privadas de la libertad|parados de larga duración";
const OTHER_ES =
  "mujeres|hombres|jóvenes|adolescentes|estudiantes|alumnos|alumnado|familias|hogares|trabajadores|trabajadoras|agricultores|docentes|profesores|pacientes|inquilinos|habitantes|padres|madres|pymes|emprendedores|recién nacidos|ciudadanos|ciudadanía|personas adultas|usuarios|gestantes|productores|pescadores|vecinos|juventud|menores de \\p{L}+ años|menores de \\d+ años|autónomos|afiliados|población(?: \\p{L}+)?";

const GROUP: Patterns = {
  en: word(`${VULNERABLE_EN}|${OTHER_EN}`, "giu"),
  es: word(`${VULNERABLE_ES}|${OTHER_ES}`, "giu"),
};
const VULNERABLE: Patterns = { en: word(VULNERABLE_EN), es: word(VULNERABLE_ES) };

const FOR_BEFORE: Patterns = {
  en: /\b(?:benefit(?:s|ing|ed)?|beneficiar(?:y|ies)|reach(?:es|ing)?|target(?:s|ed|ing)?|aimed at|aims at|prioriti[sz]\p{L}*|priority|intended for|focus(?:es|ed|ing)? on|support(?:s|ing)?|serv(?:e|es|ing)|assist(?:s|ing|ance)?|protect(?:s|ing|ion)?|provid(?:e|es|ing|ed)|access (?:for|to)|cover(?:s|ing|age)?|eligib\p{L}*|reserved|for(?: the benefit of)?|available to|open to|offer(?:s|ed|ing)?(?: to)?|help(?:s|ing)?|train(?:s|ing)?|enrol\p{L}*|includ(?:e|es|ing)|attend(?:s|ing)?|giv(?:e|es|ing)(?: to)?|directed (?:at|to)|designed for|entitl\p{L}*|among|to all|given to|paid to)\b[^.;]{0,70}$/iu,
  es: /(?<!\p{L})(?:benefici\p{L}*|dirigid[oa]s? a|destinad[oa]s? a|prioriz\p{L}*|prioridad|prioritari\p{L}*|atend\p{L}*|atenci\p{L}*|atiend\p{L}*|apoy\p{L}*|proteg\p{L}*|protecci\p{L}*|para|orientad[oa]s? a|enfocad[oa]s? (?:a|en)|focaliz\p{L}*|cobertura|cubr\p{L}*|acceso (?:de|para)|ofrec\p{L}*|otorg\p{L}*|entreg\p{L}*|capacit\p{L}*|form(?:ar|ará|ación)(?: de)?|vincul\p{L}*|inclu\p{L}*|ayud\p{L}*|favor\p{L}*|llegar\p{L}* a|a favor de|acompañ\p{L}*|garantiz\p{L}*|asist\p{L}*|reservad\p{L}*|subsidi\p{L}*|brind\p{L}*|prestar\p{L}*|reciben?|recibir\p{L}*)(?!\p{L})[^.;]{0,80}$/iu,
};
const FOR_AFTER: Patterns = {
  en: /^[^.;]{0,50}\b(?:will|shall|must|are to|is to|can|may) (?:be |all )?(?:\p{L}+ )?(?:receiv|benefit|eligible|get|have access|access|obtain|join|take part|participat|enrol|served|reached|covered|supported|trained|given|offered|be able|entitled|helped|pay less|prioriti|visited|included|protected|assisted|vaccinated|screened)|^[^.;]{0,30}\b(?:are|is) (?:the )?(?:eligible|entitled|prioriti[sz]ed|beneficiar|main beneficiar|target)|^ (?:receive|benefit|are covered)\b/iu,
  es: /^[^.;]{0,50}(?<!\p{L})(?:se les (?:ofrec|dar|entreg|prest|brind|otorg|apoy|reconoc)|recibir|accede|podr|tendrán|obtendr|participar|ser(?:á|án) (?:\p{L}+ )?(?:atendid|beneficiad|prioriz|capacitad|apoyad|cubiert|vinculad|beneficiari|vacunad)|se beneficiar|contar|son (?:los |las )?(?:benefici|priori|destinatari)|tienen derecho|reciben|acceden)/iu,
};
const MERELY: Patterns = {
  en: /\b(?:congratulat|thank|founding|brave|dear|fellow|ladies|paraded?|statue|hymn|slogan|anthem|novel|exhibition|minister met|met with|delegation|visited|ceremony|celebrat)\p{L}*/iu,
  es: /(?<!\p{L})(?:felicit|agradec|himno|estatua|lema|novela|exposición|se reunió|visit|delegación|ceremonia|celebr|homenaje|desfil)\p{L}*/iu,
};
const APART: Patterns = {
  en: /\b(?:disaggregat\p{L}*|broken down|breakdown|by (?:sex|gender|age|age group|ethnicity|ethnic group|income|income group|disability|region|place of residence|district|race)|gender gap|sex-disaggregated)\b|\b(?:wom[ae]n|girls|female)\b[^.;]{0,60}\b(?:than|and|against|compared|versus|while|for|among|as)\b[^.;]{0,40}\b(?:m[ae]n|boys|male)\b|\b(?:m[ae]n|boys|male)\b[^.;]{0,60}\b(?:than|against|compared|versus|while|among|for)\b[^.;]{0,40}\b(?:wom[ae]n|girls|female)\b|\brural\b[^.;]{0,60}\burban\b|\burban\b[^.;]{0,60}\brural\b/iu,
  es: /(?<!\p{L})(?:desagreg\p{L}*|discriminad[oa]s? por|por (?:sexo|género|edad|grupos? (?:de edad|étnicos?|etarios?)|etnia|pertenencia étnica|nivel de ingresos?|discapacidad|zona|región|lugar de residencia)|brecha de género|diferenciad[oa]s? por)(?!\p{L})|(?<!\p{L})(?:mujer(?:es)?|niñas)(?!\p{L})[^.;]{0,60}(?<!\p{L})(?:que|y|frente|contra|mientras|comparad[oa]s?|en|entre|para)(?!\p{L})[^.;]{0,40}(?<!\p{L})(?:hombres?|niños)(?!\p{L})|(?<!\p{L})(?:hombres?|niños)(?!\p{L})[^.;]{0,60}(?<!\p{L})(?:que|frente|contra|mientras|comparad[oa]s?|en|entre|para)(?!\p{L})[^.;]{0,40}(?<!\p{L})mujer(?:es)?(?!\p{L})|(?<!\p{L})rural(?:es)?(?!\p{L})[^.;]{0,60}(?<!\p{L})urban[oa]s?(?!\p{L})|(?<!\p{L})urban[oa]s?(?!\p{L})[^.;]{0,60}(?<!\p{L})rural(?:es)?(?!\p{L})/iu,
};
/** Where groups are contrasted only numbers or data make it a breakdown. */
const MEASURED =
  /\d|\b(?:data|indicator|figures|results|rate|statistic)|(?:datos|indicador|cifras|resultados|tasa|estadística)/iu;

/** Groups of people in the sentence. */
export const populations: Method = {
  name: "populations",
  isAnchored: true,
  readsAbsence: false,
  find(sentence, language) {
    const numbers = numbersIn(sentence, language).filter(({ isYear }) => !isYear);
    const isApart = APART[language].test(sentence) && MEASURED.test(sentence);
    const isMerely = MERELY[language].test(sentence);
    const mentions = matchesOf(GROUP[language], sentence).map((match): Mention => {
      const start = match.index;
      const end = start + match[0].length;
      const tags = ["@population"];
      if (VULNERABLE[language].test(match[0])) tags.push("@vulnerable");
      const isFor =
        FOR_BEFORE[language].test(before(sentence, start, 110)) || FOR_AFTER[language].test(after(sentence, end, 110));
      if (isFor && !isMerely) tags.push("@targeted");
      if (numbers.some((number) => number.end <= start && start - number.end <= 24)) tags.push("@counted");
      if (isApart) tags.push("@disaggregated");
      return { start, end, tags };
    });
    if (mentions.length > 0 || !isApart) return mentions;
    const place = APART[language].exec(sentence);
    return place === null
      ? []
      : [{ start: place.index, end: place.index + place[0].length, tags: ["@population", "@disaggregated"] }];
  },
};
