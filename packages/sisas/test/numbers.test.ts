import fc from "fast-check";
import { expect, test } from "vitest";
import { nameEndsAt, nameStartsAt } from "../src/names.ts";
import { parseCount, parseNumber } from "../src/numbers.ts";
import { readPassage, sentenceAt } from "../src/reading.ts";

const read = (number: string, language: "en" | "es", scale?: string, around = number) =>
  parseNumber(number, scale, readPassage(around, language));

test.each([
  ["1.234,5", "es", undefined, "1234.5"],
  ["1,234.5", "en", undefined, "1234.5"],
  ["1.234,5", "en", undefined, "1234.5"],
  ["1.234", "es", undefined, "1234"],
  ["1.234", "en", undefined, "1.234"],
  ["1,234", "en", undefined, "1234"],
  ["1,234", "es", undefined, "1.234"],
  ["0,125", "es", undefined, "0.125"],
  ["12,5", "en", undefined, "12.5"],
  ["1 234 567", "es", undefined, "1234567"],
  ["1'234'567.80", "en", undefined, "1234567.8"],
  ["007", "en", undefined, "7"],
  ["2,5", "es", "millones", "2500000"],
  ["1.9", "en", "trillion", "1900000000000"],
  ["5", "es", "mil millones", "5000000000"],
  ["1,25", "es", "billones", "1250000000000"],
  ["0", "en", "million", "0"],
] as const)("reads %s in %s with scale %s as %s (N1, N2)", (number, language, scale, value) => {
  expect(read(number, language, scale)).toBe(value);
});

test("lets the passage decide where the language would guess wrong (N2)", () => {
  expect(read("1,234", "es", undefined, "De 1,234 hogares y 2,345,678 personas")).toBe("1234");
  expect(read("1.234", "en", undefined, "1.234 homes and 2.345.678 people")).toBe("1234");
});

test.each(["1.23.4", "1,2,3", "1.234,5,6", "12,34.5,6"])("refuses %s, which is a number nowhere (N3)", (number) => {
  expect(read(number, "en")).toBeNull();
});

test("prints any grouped number back to its digits, in both conventions (N1)", () => {
  fc.assert(
    fc.property(fc.nat(1_000_000_000), fc.integer({ min: 1, max: 99 }), (whole, cents) => {
      const grouped = (separator: string) => String(whole).replace(/\B(?=(\d{3})+$)/g, separator);
      const fraction = String(cents).padStart(2, "0");
      const expected = `${whole}.${fraction}`.replace(/0$/, "");
      expect(read(`${grouped(",")}.${fraction}`, "en")).toBe(expected);
      expect(read(`${grouped(".")},${fraction}`, "es")).toBe(expected);
    }),
  );
});

test("reads small counts as words in both languages, and nothing else", () => {
  expect(["five", "cinco", "12", "un", "many", "12345", "-1"].map(parseCount)).toEqual([
    "5",
    "5",
    "12",
    "1",
    null,
    null,
    null,
  ]);
});

test("folds accents and dashes without moving one character (R1)", () => {
  const reading = readPassage("Línea — «AÑO» nº 5 🎯 İstanbul", "es");

  expect(reading.lower).toBe('linea - "ano" no 5 🎯 istanbul');
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 300 }), (text) => {
      const { plain, lower } = readPassage(text, "en");
      expect([plain.length, lower.length]).toEqual([text.length, text.length]);
    }),
  );
});

test("splits sentences at their ends, not at numbers and abbreviations, and covers the whole text", () => {
  const text = "Coverage is 3.5 per cent. See art. 5 of the U.S. Code. Next!\n\nLast";
  const reading = readPassage(text, "en");

  const parts = reading.sentences.map(({ start, end }) => text.slice(start, end).trim());

  expect(parts.filter((part) => part !== "")).toEqual([
    "Coverage is 3.5 per cent.",
    "See art. 5 of the U.S. Code.",
    "Next!",
    "Last",
  ]);
  fc.assert(
    fc.property(
      fc
        .array(fc.constantFrom("A b. ", "C? ", "\n\n", "x ", "Dr. Y "), { minLength: 1 })
        .map((parts) => parts.join("")),
      fc.nat(),
      (some, seed) => {
        const { sentences } = readPassage(some, "en");
        const offset = seed % some.length;
        const naive = sentences.find(({ start, end }) => start <= offset && offset < end);
        expect(sentenceAt(readPassage(some, "en"), offset)).toEqual(naive);
        expect(sentences.map(({ start, end }) => some.slice(start, end)).join("")).toBe(some);
      },
    ),
  );
});

test("reads names forwards and backwards, as far as they go and no further", () => {
  const text = "The Ministry of Health and Social Protection and the Treasury met. Clean Air Act.";
  const end = nameEndsAt(text, text.indexOf("Health"));
  const start = nameStartsAt(text, text.indexOf("Act"));

  expect(text.slice(text.indexOf("Health"), end)).toBe("Health and Social Protection");
  expect(text.slice(start, text.indexOf("Act"))).toBe("Clean Air ");
  expect(nameEndsAt("lower case", 0)).toBe(0);
  expect(nameStartsAt("lower case ", 11)).toBe(11);
});
