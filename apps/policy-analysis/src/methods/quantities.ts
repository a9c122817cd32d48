/**
 * Quantities: numbers with a unit, and the role that they play.
 *
 * Tags: `@quantity` every one, `@percent`, `@rate`, `@year` when the sentence names one, and the roles `@target` (to be
 * reached), `@baseline` (where things stand), `@change` (measured movement), `@output` (things delivered, counted).
 *
 * @module
 */
import type { Language } from "@canonic/contracts";
import { after, before, type Mention, type Method, type Patterns, word } from "./method.ts";
import { AMOUNT } from "./money.ts";
import { isPast, isPlanned } from "./moods.ts";
import { type NumberPlace, numbersIn, yearsIn } from "./numbers.ts";

const PERCENT = /^\s?(?:%|per ?cent(?:age)?|por ciento|percentage points?|points?|puntos(?: porcentuales)?)/iu;

const RATE: Patterns = {
  en: /\bper (?:\d|hundred|thousand|million|capita|inhabitant|woman|live)|\brates?\b|\bratio\b|\bindex\b|\bcoverage\b|\bmortality\b|\bincidence\b|\bprevalence\b|\bemissions\b/iu,
  es: /\bpor (?:cada )?(?:\d|cien|mil|millón|habitante|mujer)|\btasas?\b|\brazón\b|índice|\bcobertura\b|\bmortalidad\b|\bincidencia\b|\bprevalencia\b|\bemisiones\b/iu,
};

/** What stands after the number when it counts something: a noun, after at most two words that belong to it. */
const UNIT: Patterns = {
  en: /^(?:-| )(?:of (?:all |the |our |its |their )?)?(?!(?:and|or|in|to|the|by|at|on|from|with|for|is|are|was|were|as|that|which|but|per|january|february|march|april|may|june|july|august|september|october|november|december|times|o'clock|am|pm|a|an|ago|later|old|dollars|euros|pounds)\b)\p{L}{2,}/iu,
  es: /^ (?:de (?:los |las |la |el |cada )?)?(?!(?:y|o|en|a|al|el|la|los|las|por|con|para|es|son|fue|que|se|del|su|enero|febrero|marzo|abril|mayo|junio|julio|agosto|septiembre|octubre|noviembre|diciembre|veces|pesos|euros|dólares|horas de la|años de edad)(?!\p{L}))\p{L}{2,}/iu,
};
const DURATION: Patterns = {
  en: /^(?:-| )(?:days?|weeks?|months?|years?|hours?|decades?|centur)/iu,
  es: /^ (?:días?|semanas?|mes(?:es)?|años?|horas?|décadas?|siglos?)/iu,
};
const AGE: Patterns = {
  en: /\b(?:aged?|ages|under|over|above|below|between|than|age of)\s(?:\d{1,2} (?:and|to) )?$/iu,
  es: /(?:menores de|mayores de|entre|edad de|edad|más de|menos de)\s(?:(?:los )?\d{1,2} (?:y|a) (?:los )?)?$/iu,
};

/** When a planned share is to hold: said anywhere in the sentence. */
const HORIZON: Patterns = {
  en: /\b(?:by|before|until|in) (?:the )?(?:end of |year |mid-)?20\d\d|\b(?:within|over|in) (?:the (?:next|coming) )?(?:\p{L}+|\d+) (?:years|decades)\b/iu,
  es: /(?<!\p{L})(?:para|en|a|hasta|antes de)l? (?:el )?(?:finales? de(?:l)? )?(?:año )?20\d\d|(?<!\p{L})(?:en|dentro de|durante) (?:los |las )?(?:próximos |próximas )?(?:\p{L}+|\d+) (?:años|décadas)(?!\p{L})/iu,
};

type Roles = {
  readonly target: RegExp;
  readonly targetAfter: RegExp;
  readonly missed: RegExp;
  readonly baseline: RegExp;
  readonly standing: RegExp;
  readonly dated: RegExp;
  readonly state: RegExp;
  readonly change: RegExp;
  readonly output: RegExp;
  readonly outputAfter: RegExp;
};

const ROLES: { readonly [L in Language]: Roles } = {
  en: {
    target:
      /\b(?:reduc|cut|lower|increas|rais|reach|achiev|attain|bring|expand|extend|improv|grow|decreas|halv|keep|limit|hold|get|mov|tripl|doubl|boost|driv)(?:e|es|ing|t|ting|s)?\b[^;]{0,90}\b(?:to|by|at|below|above|under|of|beyond|least|than|from)\s(?:(?:about|around|only|just|some|roughly) )?$|\b(?:target|goal|objective|aim)s?\b[^;]{0,60}$|\bto\s(?:(?:at least|less than|more than|about) )?$/iu,
    targetAfter:
      /\b(?:by|before|until|no later than) (?:the )?(?:end of |year |mid-)?(?:(?:january|february|march|april|may|june|july|august|september|october|november|december) )?(?:19|20)\d\d/iu,
    missed:
      /\b(?:missed|was not met|were not met|failed to|had (?:set|hoped|promised)|previous (?:plan|strategy|government)|fell short|abandoned|rejected|argued|some (?:say|argue|want)|critics|debated?|would have)\b/iu,
    baseline:
      /\b(?:from|baseline(?: value| figure)?(?: of| is| was|:)?|base year[^;]{0,20}|starting point (?:of|is))\s(?:(?:about|around|the current|a baseline of) )?$/iu,
    standing:
      /\b(?:currently|at present|stood at|stands at|as of|according to|recorded|reported|registered|measured|baseline|census|survey|estimated|(?:19|20)\d\d (?:census|survey|data|figures?|report)|(?:the )?latest figures)\b/iu,
    dated: /\b(?:in|at the end of|by|since|between) (?:19|20)\d\d\b|\b(?:now|today|last year)\b/iu,
    state: /\b(?:there (?:are|were|is|was)|was|were|had|lived?|lives|lack(?:ed|s)?|without|stood|attend(?:s|ed)?)\b/iu,
    change:
      /\b(?:rose|fell|grew|dropped|declined|increased|decreased|improved|went (?:up|down)|risen|fallen|grown|climbed|reduced|shrank|rising|falling|cut|doubled)\b(?:[^;]{0,60}\b(?:to|by|from|of|over|almost|nearly|about|at)\s|\s(?:an? |some |a further )?)$/iu,
    output:
      /\b(?:build|construct|deliver|train|install|open|distribut|hire|equip|plant|pav|certif|vaccinat|issu|rehabilitat|connect|creat|provid|restor|register|award|upgrad|repair|complet|establish|recruit|renovat|insulat|grant|protect|publish|deploy|serv|hand|add|fund|support|enrol|put|built|giv|offer|produc|modernis|set up)\p{L}{0,7}\b(?: (?!from\b)[\p{L}-]{1,14}){0,4}\s(?:[\p{L}]{1,10} )?$/iu,
    outputAfter:
      /^[^;.]{0,70}\b(?:(?:were|was|have been|has been|will be|are to be|be|being|are) (?:[\p{L}-]{1,12} )?(?:built|constructed|delivered|trained|installed|opened|distributed|hired|equipped|planted|paved|certified|vaccinated|issued|rehabilitated|connected|created|provided|restored|registered|awarded|upgraded|repaired|completed|established|recruited|renovated|insulated|granted|published|deployed|served|added|enrolled)|(?:received|completed the|graduated))\b/iu,
  },
  es: {
    target:
      /(?<!\p{L})(?:reduc|disminu|baj|aument|increment|elev|alcanz|logr|llev|ampl|mejor|pas|dupl|triplic|manten|limit|llegu|lleg|sub|reduz)\p{L}{0,6}(?!\p{L})[^;]{0,90}(?<!\p{L})(?:a|al|en|hasta|de|del|por|menos|más|un|una|los|las|el|la)\s(?:(?:cerca|menos|más|al menos|alrededor) (?:de )?)?$|(?<!\p{L})(?:metas?|objetivos?)(?!\p{L})[^;]{0,60}$/iu,
    targetAfter:
      /(?<!\p{L})(?:para|en|a|antes de|hasta|al (?:final|cierre|término) de)l? (?:el )?(?:finales? de(?:l)? )?(?:año )?20\d\d/iu,
    missed:
      /(?<!\p{L})(?:incumpl\p{L}+|no se (?:cumplió|alcanzó|logró)|no (?:cumplió|alcanzó)|anterior (?:plan|gobierno|estrategia)|(?:plan|gobierno) anterior|se quedó corta|rechaz\p{L}+|algunos (?:sostienen|opinan|piden)|debat\p{L}+|habría|abandon\p{L}+|fracas\p{L}+)(?!\p{L})/iu,
    baseline:
      /(?<!\p{L})(?:pasar del?|desde(?: el| un)?|del|línea (?:de )?base(?: es)?(?: de|:| del)?|punto de partida(?: es)?(?: de| del)?|valor (?:base|actual)(?: es)?(?: de| del)?|reducir(?:lo|la)? del?|aumentar(?:lo|la)? del?|pase del?|pasará del?)\s(?:(?:el|un|actual) )?$/iu,
    standing:
      /(?<!\p{L})(?:actualmente|en la actualidad|se (?:ubica|sitúa|ubicó|situó)|según|de acuerdo con|registr(?:a|ó|ado)|report(?:a|ó)|línea (?:de )?base|censo|encuesta|se estima|a (?:cierre|corte) de|con corte a|al cierre de|diagnóstico)(?!\p{L})/iu,
    dated:
      /(?<!\p{L})(?:en|para|desde|a)l? (?:el )?(?:año )?(?:19|20)\d\d|(?<!\p{L})(?:hoy|ahora|el año pasado)(?!\p{L})/iu,
    state:
      /(?<!\p{L})(?:hay|había|hubo|era|eran|es|son|fue|fueron|vive|viven|vivían|tiene|tienen|tenía|tenían|carece|carecen|cuenta|cuentan|contaba|existen|existían)(?!\p{L})/iu,
    change:
      /(?<!\p{L})(?:subió|bajó|cayó|creció|disminuyó|aumentó|pasó|se redujo|se incrementó|mejoró|aumentado|disminuido|crecido|bajado|reducido|aumentaron|cayeron|crecieron|disminuyeron|bajaron|subieron|pasaron|se redujeron|mejoraron|descendieron|descendió|duplicó|incremento|reducción)(?!\p{L})[^;]{0,70}\s$/iu,
    output:
      /(?<!\p{L})(?:constru|entreg|capacit|form|instal|abr|distribu|contrat|dot|sembr|pavim|certific|vacun|expid|rehabilit|conect|cre|restaur|registr|otorg|adecu|repar|termin|complet|establec|renov|public|atend|atiend|benefici|mejor|legaliz|titul|plant|habilit|implement|realiz|financi|entregu|inaugur|pondr|moderniz|apoy|brind)\p{L}{1,9}(?: (?!de(?:l)?(?!\p{L}))[\p{L}-]{1,14}){0,3}\s(?:[\p{L}]{1,10} )?$/iu,
    outputAfter:
      /^[^;.]{0,70}(?<!\p{L})(?:construid|entregad|capacitad|formad|instalad|abiert|distribuid|contratad|dotad|sembrad|pavimentad|certificad|vacunad|expedid|rehabilitad|conectad|cread|restaurad|registrad|otorgad|adecuad|reparad|terminad|completad|renovad|publicad|atendid|beneficiad|mejorad|legalizad|titulad|plantad|habilitad)[oa]s?(?!\p{L})/iu,
  },
};

/** Numbers that count or measure something. */
export const quantities: Method = {
  name: "quantities",
  isAnchored: true,
  readsAbsence: false,
  find(sentence, language) {
    const amounts = [...sentence.matchAll(AMOUNT[language])].map((match) => ({
      start: match.index,
      end: match.index + match[0].length,
    }));
    const years = yearsIn(sentence);
    return numbersIn(sentence, language).flatMap((place): Mention[] => {
      if (amounts.some(({ start, end }) => start <= place.start && place.start < end)) return [];
      const unit = unitOf(sentence, place, language);
      if (unit === undefined) return [];
      const tags = ["@quantity", ...rolesOf(sentence, place, unit === "percent", language)];
      if (unit === "percent") tags.push("@percent");
      if (RATE[language].test(sentence)) tags.push("@rate");
      if (years.length > 0) tags.push("@year");
      return [{ start: place.start, end: place.end, tags }];
    });
  },
};

function unitOf(sentence: string, place: NumberPlace, language: Language): "percent" | "noun" | "bare" | undefined {
  const rest = sentence.slice(place.end, place.end + 40);
  if (PERCENT.test(rest)) return "percent";
  const ahead = before(sentence, place.start, 24);
  if (place.isYear) return undefined;
  if (DURATION[language].test(rest)) return undefined;
  if (AGE[language].test(ahead) && place.end - place.start <= 2) return undefined;
  if (UNIT[language].test(rest)) return "noun";
  // "from 92 to 60 per 100,000": the unit follows the last number of the pair, or the rate is named before.
  if (/^\s?(?:to|a|and|y|in|en|al|per|por|by|para|,|\)|\.|;|$)/iu.test(rest) && RATE[language].test(sentence))
    return "bare";
  return undefined;
}

function rolesOf(sentence: string, place: NumberPlace, isPercent: boolean, language: Language): string[] {
  const rules = ROLES[language];
  const ahead = before(sentence, place.start, 130);
  const behind = after(sentence, place.end, 90);
  const planned = isPlanned(sentence, language);
  const past = isPast(sentence, language);
  const roles: string[] = [];
  // "more than two children" is a condition, seldom a measure; "three clinics will be built" is a count.
  const isSmall = !isPercent && /^\p{L}+$/u.test(sentence.slice(place.start, place.end));
  const isMissed = rules.missed.test(sentence);
  const isBaseline = rules.baseline.test(ahead);
  const isOutput = !isPercent && !isBaseline && (rules.output.test(ahead) || rules.outputAfter.test(behind));
  if (isBaseline && (planned || BASELINE.test(sentence))) roles.push("@baseline");
  if (rules.change.test(ahead) && !planned && !isMissed) roles.push("@change");
  if (!isBaseline && !isMissed && planned && !isSmall) {
    const isReached = rules.target.test(ahead) && !(past && !rules.targetAfter.test(sentence));
    // A count of deliveries by a year is an output, not what is to come of it.
    const isDated = !isOutput && rules.targetAfter.test(behind);
    const isShare = isPercent && !past && HORIZON[language].test(sentence);
    if (isReached || isDated || isShare) roles.push("@target");
  }
  const isStanding =
    rules.standing.test(sentence) || (rules.dated.test(sentence) && (isPercent || rules.state.test(sentence)));
  if (roles.length === 0 && isStanding && !planned && !isSmall) roles.push("@baseline");
  if (isOutput && !isMissed) roles.push("@output");
  return roles;
}

const BASELINE = word("baseline|línea base|línea de base");
