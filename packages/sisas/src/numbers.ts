/**
 * Numbers as policy documents write them, read exactly: `1,234.5`, `1.234,5`, `1 234`, `12,5`, with a scale word or none.
 *
 * Invariants:
 *   N1. The result is a decimal string without exponent, leading or trailing zeros; no double is ever made.
 *   N2. Where a separator can mean both, the passage decides by what it writes unambiguously, else the language:
 *       English groups by comma, Spanish by point.
 *   N3. What is no number in either convention (`1.23.4`) is null, never a guess.
 *
 * @module
 */
import type { Reading } from "./reading.ts";

/** A number with optional grouping and fraction; not inside a word, a longer number, or a date. */
export const NUMBER =
  "(?<![\\w.,/])(?:\\d{1,3}(?:[ ']\\d{3}(?!\\d)){1,5}|\\d{1,15}(?!\\d))(?:[.,]\\d{1,9}(?!\\d)){0,6}(?!/|[.,]\\d)";

/** Scale words of both languages and the power of ten each stands for. */
export const SCALES: Readonly<Record<"en" | "es", readonly (readonly [source: string, power: number])[]>> = {
  en: [
    ["trillions?", 12],
    ["billions?", 9],
    ["bn", 9],
    ["millions?", 6],
    ["mn", 6],
    ["thousands?", 3],
  ],
  es: [
    ["miles\\s{1,3}de\\s{1,3}millones", 9],
    ["mil\\s{1,3}millones", 9],
    ["billon(?:es)?", 12],
    ["millon(?:es)?", 6],
    ["mil(?:es)?", 3],
  ],
};

export const SCALE_EN = `(?:${SCALES.en.map(([source]) => source).join("|")})`;
export const SCALE_ES = `(?:${SCALES.es.map(([source]) => source).join("|")})`;

/** The value of a number and its scale word as an exact decimal string, or null when it is none. */
export function parseNumber(raw: string, scale: string | undefined, reading: Reading): string | null {
  const plain = toPlainDecimal(raw.trim(), reading);
  if (plain === null) return null;
  return shift(plain, scale === undefined ? 0 : powerOf(scale, reading));
}

function powerOf(scale: string, reading: Reading): number {
  const word = scale.trim().replace(/\s+/g, "\u0020");
  for (const [source, power] of SCALES[reading.language]) {
    if (new RegExp(`^(?:${source})$`).test(word)) return power;
  }
  return LETTERS[word] ?? 0;
}

/** Scale letters that stand right after an amount of money: `$20m`, `$3 MM`. */
const LETTERS: Readonly<Record<string, number>> = { bn: 9, k: 3, m: 6, mm: 6 };

function toPlainDecimal(raw: string, reading: Reading): string | null {
  const number = raw.replace(/[ ']/g, "");
  const points = number.split(".").length - 1;
  const commas = number.split(",").length - 1;
  if (points > 1 && commas > 1) return null;
  if (points > 0 && commas > 0) {
    const decimal = number.lastIndexOf(".") > number.lastIndexOf(",") ? "." : ",";
    const group = decimal === "." ? "," : ".";
    return number.split(decimal).length === 2 && number.lastIndexOf(group) < number.indexOf(decimal)
      ? fromParts(number, group, decimal)
      : null;
  }
  if (points === 0 && commas === 0) return fromParts(number, "", ".");
  const separator = points > 0 ? "." : ",";
  if (points + commas > 1) return fromParts(number, separator, "");
  return /^[1-9]\d{0,2}[.,]\d{3}$/.test(number) && reading.grouping === separator
    ? fromParts(number, separator, "")
    : fromParts(number, "", separator);
}

function fromParts(number: string, group: string, decimal: string): string | null {
  const [whole = "", fraction = ""] = decimal === "" ? [number] : number.split(decimal);
  const groups = group === "" ? [whole] : whole.split(group);
  if (groups.length > 1 && !(/^\d{1,3}$/.test(groups[0] ?? "") && groups.slice(1).every((part) => part.length === 3)))
    return null;
  return normalise(groups.join(""), fraction);
}

function shift(decimal: string, power: number): string {
  const [whole = "", fraction = ""] = decimal.split(".");
  const digits = fraction.padEnd(power, "0");
  return normalise(whole + digits.slice(0, power), digits.slice(power));
}

function normalise(whole: string, fraction: string): string {
  const head = whole.replace(/^0+(?=\d)/, "");
  const tail = fraction.replace(/0+$/, "");
  return tail === "" ? head || "0" : `${head || "0"}.${tail}`;
}

const WORDS: ReadonlyMap<string, string> = new Map(
  Object.entries({
    one: "1",
    two: "2",
    three: "3",
    four: "4",
    five: "5",
    six: "6",
    seven: "7",
    eight: "8",
    nine: "9",
    ten: "10",
    twelve: "12",
    fifteen: "15",
    twenty: "20",
    thirty: "30",
    un: "1",
    una: "1",
    dos: "2",
    tres: "3",
    cuatro: "4",
    cinco: "5",
    seis: "6",
    siete: "7",
    ocho: "8",
    nueve: "9",
    diez: "10",
    doce: "12",
    quince: "15",
    veinte: "20",
    treinta: "30",
  }),
);

/** Small numbers as words, in both languages. */
export const NUMBER_WORD = `(?:${[...WORDS.keys()].join("|")})`;

/** A small whole number written in digits or as a word, or null. */
export function parseCount(raw: string): string | null {
  return /^\d{1,4}$/.test(raw) ? normalise(raw, "") : (WORDS.get(raw) ?? null);
}
