/**
 * Financial chain: amounts of money with currency and scale, where they come from, and the words of budgeting.
 *
 * A bare `$` stays `$`: which dollar or peso it is, the text alone does not say.
 *
 * @module
 */
import { type Annotator, lexicon, type Meaning, pattern, squeeze } from "../annotator.ts";
import { NUMBER, parseNumber, SCALE_EN, SCALE_ES } from "../numbers.ts";
import type { Reading } from "../reading.ts";

const SYMBOL = "(us\\$|cop\\$|mx\\$|r\\$|s/\\.?|\\$|€|£|usd|eur|gbp|cop|mxn|ars|clp|pen|brl|cad|aud)";
const CURRENCIES: readonly (readonly [expression: RegExp, currency: string])[] = [
  [
    /^(?:us\$|usd|(?:us|u\.s\.|american) dollars?|dolares (?:estadounidenses|americanos|de los estados unidos))$/,
    "USD",
  ],
  [/^(?:cop\$|cop|pesos colombianos)$/, "COP"],
  [/^(?:mx\$|mxn|pesos mexicanos)$/, "MXN"],
  [/^(?:ars|pesos argentinos)$/, "ARS"],
  [/^(?:clp|pesos chilenos)$/, "CLP"],
  [/^(?:s\/\.?|pen|soles)$/, "PEN"],
  [/^(?:r\$|brl|reais|reales)$/, "BRL"],
  [/^(?:€|eur|euros?)$/, "EUR"],
  [/^(?:£|gbp|pounds?(?: sterling)?|libras(?: esterlinas)?)$/, "GBP"],
  [/^(?:dollars?|dolares|cents)$/, "dollar"],
  [/^pesos?$/, "peso"],
  [/^(?:quetzales)$/, "GTQ"],
  [/^(?:bolivianos)$/, "BOB"],
  [/^(?:guaranies)$/, "PYG"],
];
const MONEY_EN =
  "((?:us|u\\.s\\.|american)\\s{1,2}dollars|dollars|euros|pounds(?:\\s{1,2}sterling)?|pesos|usd|eur|gbp)";
const MONEY_ES =
  "(pesos\\s{1,2}(?:colombianos|mexicanos|argentinos|chilenos)|dolares(?:\\s{1,2}(?:estadounidenses|americanos))?|pesos|euros|soles|libras(?:\\s{1,2}esterlinas)?|quetzales|bolivianos|guaranies|reales|cop|usd|eur|mxn)";

/** `$2.5 million`, `COP 1,2 billones`: the currency comes first. */
function moneyThenNumber(match: RegExpExecArray, reading: Reading): Meaning {
  const [text, currency = "", number = "", scale] = match;
  // "COP 21" is a conference.
  if (scale === undefined && /^[a-z]{3}$/.test(currency) && number.length < 3) return null;
  return amount(text, currency, number, scale, reading);
}

const TAIL = {
  en: new RegExp(`^(?:\\s{1,2}(${SCALE_EN})(?![a-z]))?(?:\\s{1,2}${MONEY_EN}(?![a-z])|\\s?(€|£))`),
  es: new RegExp(`^(?:\\s{1,2}(${SCALE_ES})(?![a-z]))?(?:\\s{1,2}(?:de\\s{1,2})?${MONEY_ES}(?![a-z])|\\s?(€|£))`),
};

/** `5 mil millones de pesos`, `20 €`: the currency comes after. */
function numberThenMoney(match: RegExpExecArray, reading: Reading): Meaning {
  const after = match.index + match[0].length;
  const found = TAIL[reading.language].exec(reading.lower.slice(after, after + 80));
  if (found === null) return null;
  const [whole, scale, word, symbol = ""] = found;
  const end = after + whole.length;
  const meaning = amount(reading.lower.slice(match.index, end), word ?? symbol, match[0], scale, reading);
  return meaning === null ? null : { ...meaning, end };
}

function amount(text: string, currency: string, number: string, scale: string | undefined, reading: Reading): Meaning {
  const value = parseNumber(number, scale, reading);
  return value === null ? null : { attributes: { currency: currencyOf(currency), text: squeeze(text), value } };
}

function currencyOf(written: string): string {
  const word = squeeze(written).toLowerCase();
  return CURRENCIES.find(([expression]) => expression.test(word))?.[1] ?? written.toUpperCase();
}

const before = (scale: string) => `(?<![a-z])${SYMBOL}\\s{0,2}(${NUMBER})(?:\\s{0,2}-?(${scale}|mm?|k|bn)(?![a-z]))?`;
export const financialChain: Annotator = {
  kind: "financial-chain",
  version: "1.0.0",
  languages: ["en", "es"],
  weights: { amount: 60, source: 45, budget: 30, execution: 35 },
  patterns: [
    pattern("amount", "en", before(SCALE_EN), moneyThenNumber),
    pattern("amount", "es", before(SCALE_ES), moneyThenNumber),
    pattern("amount", "en", NUMBER, numberThenMoney, { also: [TAIL.en] }),
    pattern("amount", "es", NUMBER, numberThenMoney, { also: [TAIL.es] }),
    lexicon(
      "source",
      "en",
      `
      federal funds?, state funds?, local funds?, own resources, own-source revenues?, general fund, trust
      fund, grants?, grant funding, loans?, bonds?, bond issue, tax revenues?, royalties, donors?, donor
      funding, cofinancing, co-financing, co-funding, matching funds?, public-private partnerships?, private
      investment, subsid(y|ies), levy, levies, user fees, international cooperation, cohesion fund,
      structural funds, source(s)? of (funds|funding|finance|financing), financed by, funded by, funding
      from
    `,
    ),
    lexicon(
      "source",
      "es",
      `
      recursos propios, recursos publicos, recursos de la nacion, sistema general de participaciones,
      sistema general de regalias, sgp, sgr, regalias, cooperacion internacional, credito(s)?, emprestitos?,
      cofinanciacion, cofinanciamiento, fondos? (federales|estatales|estructurales|nacionales|europeos),
      fondo de cohesion, alianzas? publico-privadas?, impuestos?, tasas y contribuciones, subvencion(es)?,
      subsidios?, transferencias, donacion(es)?, donantes, ingresos corrientes, fuentes? de
      (financiacion|financiamiento|recursos), financiad(o|a|os|as) (con|por)
    `,
    ),
    lexicon(
      "execution",
      "en",
      `
      disbursements?, disbursed, expenditures?, spending, spent, outlays?, executed budget, budget
      execution, audited accounts
    `,
    ),
    lexicon(
      "execution",
      "es",
      `
      desembolsos?, desembolsad(o|a|os|as), gastos? (publico|corriente|de inversion|social)s?, gasto,
      ejecucion presupuestal, ejecucion presupuestaria, presupuesto ejecutado, pagos?
    `,
    ),
    lexicon(
      "budget",
      "en",
      `
      budget(s|ed|ary)?, appropriat(ion|ions|ed), allocat(ion|ions|ed), funding, funds?, financ(e|ed|ing),
      investments?, invest, multi-year budget, medium-term expenditure framework, investment plan, fiscal
      year, cost(s|ed|ing)?, deficit
    `,
    ),
    lexicon(
      "budget",
      "es",
      `
      presupuest(o|os|al|ales|ario|aria), asignacion(es)?, apropiacion(es)?, partidas?, financiacion,
      financiamiento, financiar, inversion(es)?, invertir, plan plurianual( de inversiones)?, plan
      financiero, marco fiscal( de mediano plazo)?, vigencia fiscal, ano fiscal, costos?, costes?, deficit,
      recursos financieros
    `,
    ),
  ],
};
