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

const SYMBOL = "(US\\$|COP\\$|MX\\$|R\\$|S/\\.?|\\$|€|£|USD|EUR|GBP|COP|MXN|ARS|CLP|PEN|BRL|CAD|AUD)";
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
  "((?:US|U\\.S\\.|American)\\s{1,2}dollars|dollars|euros|pounds(?:\\s{1,2}sterling)?|pesos|USD|EUR|GBP)";
const MONEY_ES =
  "(pesos\\s{1,2}(?:colombianos|mexicanos|argentinos|chilenos)|dolares(?:\\s{1,2}(?:estadounidenses|americanos))?|pesos|euros|soles|libras(?:\\s{1,2}esterlinas)?|quetzales|bolivianos|guaranies|reales|COP|USD|EUR|MXN)";

function money(
  currencyAt: number,
  numberAt: number,
  scaleAt: number,
): (match: RegExpExecArray, reading: Reading) => Meaning {
  return (match, reading) => {
    const value = parseNumber(match[numberAt] ?? "", match[scaleAt]?.toLowerCase(), reading);
    const currency = match[currencyAt];
    if (value === null || currency === undefined) return null;
    return { attributes: { currency: currencyOf(currency), text: squeeze(match[0]), value } };
  };
}

function currencyOf(written: string): string {
  const word = squeeze(written).toLowerCase();
  return CURRENCIES.find(([expression]) => expression.test(word))?.[1] ?? written.toUpperCase();
}

const before = (scale: string) =>
  `(?<![A-Za-z])${SYMBOL}\\s{0,2}(${NUMBER})(?:\\s{0,2}-?(${scale}|[mM]{1,2}|[kK]|bn)(?![A-Za-z]))?`;
const plain = { on: "plain" } as const;

export const financialChain: Annotator = {
  kind: "financial-chain",
  version: "1.0.0",
  languages: ["en", "es"],
  weights: { amount: 60, source: 45, budget: 30, execution: 35 },
  patterns: [
    pattern("amount", "en", before(SCALE_EN), money(1, 2, 3), plain),
    pattern("amount", "es", before(SCALE_ES), money(1, 2, 3), plain),
    pattern("amount", "en", `(${NUMBER})(?:\\s{1,2}(${SCALE_EN}))?\\s{1,2}${MONEY_EN}\\b`, money(3, 1, 2), plain),
    pattern(
      "amount",
      "es",
      `(${NUMBER})(?:\\s{1,2}(${SCALE_ES}))?\\s{1,2}(?:de\\s{1,2})?${MONEY_ES}\\b`,
      money(3, 1, 2),
      plain,
    ),
    pattern("amount", "any", `(${NUMBER})\\s{0,2}(€|£)`, money(2, 1, 9), plain),
    lexicon("source", "en", [
      "federal funds?",
      "state funds?",
      "local funds?",
      "own resources",
      "own-source revenues?",
      "general fund",
      "trust fund",
      "grants?",
      "grant funding",
      "loans?",
      "bonds?",
      "bond issue",
      "tax revenues?",
      "royalties",
      "donors?",
      "donor funding",
      "cofinancing",
      "co-financing",
      "co-funding",
      "matching funds?",
      "public-private partnerships?",
      "private investment",
      "subsid(y|ies)",
      "levy",
      "levies",
      "user fees",
      "international cooperation",
      "cohesion fund",
      "structural funds",
      "source(s)? of (funds|funding|finance|financing)",
      "financed by",
      "funded by",
      "funding from",
    ]),
    lexicon("source", "es", [
      "recursos propios",
      "recursos publicos",
      "recursos de la nacion",
      "sistema general de participaciones",
      "sistema general de regalias",
      "sgp",
      "sgr",
      "regalias",
      "cooperacion internacional",
      "credito(s)?",
      "emprestitos?",
      "cofinanciacion",
      "cofinanciamiento",
      "fondos? (federales|estatales|estructurales|nacionales|europeos)",
      "fondo de cohesion",
      "alianzas? publico-privadas?",
      "impuestos?",
      "tasas y contribuciones",
      "subvencion(es)?",
      "subsidios?",
      "transferencias",
      "donacion(es)?",
      "donantes",
      "ingresos corrientes",
      "fuentes? de (financiacion|financiamiento|recursos)",
      "financiad(o|a|os|as) (con|por)",
    ]),
    lexicon("execution", "en", [
      "disbursements?",
      "disbursed",
      "expenditures?",
      "spending",
      "spent",
      "outlays?",
      "executed budget",
      "budget execution",
      "audited accounts",
    ]),
    lexicon("execution", "es", [
      "desembolsos?",
      "desembolsad(o|a|os|as)",
      "gastos? (publico|corriente|de inversion|social)s?",
      "gasto",
      "ejecucion presupuestal",
      "ejecucion presupuestaria",
      "presupuesto ejecutado",
      "pagos?",
    ]),
    lexicon("budget", "en", [
      "budget(s|ed|ary)?",
      "appropriat(ion|ions|ed)",
      "allocat(ion|ions|ed)",
      "funding",
      "funds?",
      "financ(e|ed|ing)",
      "investments?",
      "invest",
      "multi-year budget",
      "medium-term expenditure framework",
      "investment plan",
      "fiscal year",
      "cost(s|ed|ing)?",
      "deficit",
    ]),
    lexicon("budget", "es", [
      "presupuest(o|os|al|ales|ario|aria)",
      "asignacion(es)?",
      "apropiacion(es)?",
      "partidas?",
      "financiacion",
      "financiamiento",
      "financiar",
      "inversion(es)?",
      "invertir",
      "plan plurianual( de inversiones)?",
      "plan financiero",
      "marco fiscal( de mediano plazo)?",
      "vigencia fiscal",
      "ano fiscal",
      "costos?",
      "costes?",
      "deficit",
      "recursos financieros",
    ]),
  ],
};
