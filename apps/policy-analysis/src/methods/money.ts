/**
 * Money: amounts with their currency, and whether they are assigned, are a cost, or are neither.
 *
 * Tags: `@money` every one, `@allocation` (assigned to a purpose), `@cost` (price of a thing or unit), `@period`
 * (spread over a stated time), `@year`.
 *
 * @module
 */
import type { Language } from "@canonic/contracts";
import { after, before, type Mention, type Method, matchesOf, type Patterns } from "./method.ts";
import { yearsIn } from "./numbers.ts";

const SCALE: { readonly [L in Language]: string } = {
  en: "(?:[ -]?(?:thousand|million|billion|trillion|bn|m|k)\\b)?",
  es: "(?:\\s(?:mil millones|miles de millones|millones|millón|billones|billón|mil|M|MM)(?!\\p{L}))?",
};
const SIGN = "(?:US\\$|USD|EUR|COP|GBP|MXN|PEN|CLP|ARS|[$€£])";
const DIGITS = "\\d[\\d.,\\u00a0]*\\d|\\d";

/** Amounts of money, global. */
export const AMOUNT: Patterns = {
  en: new RegExp(
    `(?<![\\p{L}\\p{N}])${SIGN}\\s?(?:${DIGITS})${SCALE.en}|(?<![\\p{L}\\p{N}])(?:${DIGITS}|(?:one|two|three|four|five|six|seven|eight|nine|ten|twenty|fifty|a hundred|half a))${SCALE.en}\\s?(?:(?:US )?dollars?|euros?|pounds?(?! of)|pesos?|€|£|USD|EUR|GBP|COP|MXN)(?!\\p{L})|(?<![\\p{L}\\p{N}])(?:half a|a|one|two|three|four|five|ten|several) (?:million|billion|trillion) (?:dollars|euros|pounds)`,
    "giu",
  ),
  es: new RegExp(
    `(?<![\\p{L}\\p{N}])${SIGN}\\s?(?:${DIGITS})${SCALE.es}|(?<![\\p{L}\\p{N}])(?:${DIGITS}|un|dos|tres|cuatro|cinco|diez|veinte|cien)${SCALE.es}\\s?(?:de )?(?:pesos|euros?|dólares|soles|€|USD|EUR|COP|MXN)(?!\\p{L})`,
    "giu",
  ),
};

const ALLOCATION: Patterns = {
  en: /\b(?:allocat|earmark|assign|budget|appropriat|invest|fund|commit|set(?:s|ting)? aside|financ|dedicat|receiv|transfer|disburs|provid|devot|grant|reserv|endow|spend|outlay|envelope|resources|contribut|loan|package|propose|will go|plan)/iu,
  es: /(?:asign|destin|presupuest|apropi|invert|inversi|invierte|fondo|financ|compromet|reserv|transfer|desembols|aport|recib|dedic|dispon|dota|recursos|partida|préstamo|crédito|subvenci|partid|contribu|vigencia)/iu,
};
const OTHER: Patterns = {
  en: /\b(?:loss(?:es)?|lost|damage|debt|deficit|surplus|fines?|penalt|price|prices|exports?|imports?|GDP|income|earn|earned|wages?|salar|sales|worth|profits?|stolen|revenue|debate[ds]?|argued|rejected|would have|criticised|savings|saved|exceeded|turnover|raised for|value of|market|assets|threshold|owed)\b/iu,
  es: /(?<!\p{L})(?:pérdidas?|perdió|perdieron|daños?|deuda|déficit|superávit|multas?|sanci\p{L}+|precios?|exportaci\p{L}+|importaci\p{L}+|PIB|ingresos?|gan(?:a|ó|an)|salarios?|ventas|valor de mercado|beneficios empresariales|robad[oa]s?|recaud\p{L}+|debat\p{L}+|rechaz\p{L}+|habría|critic\p{L}+|ahorr\p{L}+|facturaci\p{L}+|umbral|adeud\p{L}+)(?!\p{L})/iu,
};
const COST: Patterns = {
  en: /\b(?:costs?|costing|unit price|priced|expenditure|spending|spend|per (?:person|unit|student|pupil|patient|household|home|dwelling|kilomet(?:re|er)|kilometre|child|beneficiary|place|participant|school|visit|capita|hectare|head|dose|house)|each|a piece|estimated at)\b/iu,
  es: /(?<!\p{L})(?:cost[oe]s?|cuesta|cuestan|costar\p{L}+|coste|valor unitario|gasto|gastos|por (?:persona|unidad|estudiante|alumno|paciente|hogar|vivienda|kilómetro|niño|beneficiari[oa]|cupo|plaza|participante|escuela|visita|habitante|hectárea|dosis|familia)|cada (?:un[oa]|vivienda|estudiante|hogar|kilómetro)|estimad[oa] en|valor (?:estimado|total))(?!\p{L})/iu,
};
const PERIOD: Patterns = {
  en: /\b(?:per year|a year|annual(?:ly)?|each year|every year|over (?:the )?(?:next |coming |past )?(?:\p{L}+|\d+)[- ]years?|over (?:the )?(?:next )?(?:decade|period)|fiscal year|(?:19|20)\d\d ?[-–/] ?(?:(?:19|20)?\d\d)|between (?:19|20)\d\d and|multi-?year|per month|monthly|for (?:19|20)\d\d|in (?:19|20)\d\d|four-year)/iu,
  es: /(?<!\p{L})(?:al año|por año|anual(?:es|mente)?|cada año|durante (?:el|los|las|la)|en (?:los )?(?:próximos )?(?:\p{L}+|\d+) años|vigencia(?:s)?|cuatrienio|(?:19|20)\d\d ?[-–/] ?(?:(?:19|20)?\d\d)|entre (?:el )?(?:19|20)\d\d y|plurianual|mensual|para (?:el año )?(?:19|20)\d\d|en (?:el año )?(?:19|20)\d\d|a \p{L}+ años)/iu,
};

/** Amounts of money. */
export const money: Method = {
  name: "money",
  isAnchored: true,
  readsAbsence: false,
  find(sentence, language) {
    const hasYear = yearsIn(sentence).length > 0;
    return matchesOf(AMOUNT[language], sentence).map((match): Mention => {
      const start = match.index;
      const end = start + match[0].length;
      const around = `${before(sentence, start, 90)} ${after(sentence, end, 90)}`;
      const tags = ["@money"];
      const isOther = OTHER[language].test(around);
      const isCost = COST[language].test(around);
      if (ALLOCATION[language].test(around) && !isOther) tags.push("@allocation");
      if (isCost && !isOther) tags.push("@cost");
      if (PERIOD[language].test(sentence)) tags.push("@period");
      if (hasYear) tags.push("@year");
      return { start, end, tags };
    });
  },
};
