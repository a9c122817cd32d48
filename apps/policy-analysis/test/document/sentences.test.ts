import fc from "fast-check";
import { expect, test } from "vitest";
import { sliceBytes, splitSentences } from "../../src/document/index.ts";

const split = (text: string, language: "en" | "es"): readonly string[] => {
  const bytes = Buffer.from(text);
  return splitSentences(text, language).map((span) => Buffer.from(sliceBytes(bytes, span)).toString());
};

test.each<readonly ["en" | "es", string, readonly string[]]>([
  ["en", "The U.S. Congress met. It voted.", ["The U.S. Congress met.", "It voted."]],
  ["en", "He lives in the U.S. The law applies.", ["He lives in the U.S.", "The law applies."]],
  ["en", "See No. 5 of the list. No. They refused.", ["See No. 5 of the list.", "No.", "They refused."]],
  ["en", "Dr. Jane A. Smith spoke. Mr. Lee left.", ["Dr. Jane A. Smith spoke.", "Mr. Lee left."]],
  [
    "en",
    "Costs rose 3.5 percent in Sec. 12. Then they fell.",
    ["Costs rose 3.5 percent in Sec. 12.", "Then they fell."],
  ],
  [
    "en",
    "Roads, schools, etc. are built. Is it enough? Yes!",
    ["Roads, schools, etc. are built.", "Is it enough?", "Yes!"],
  ],
  ["en", "“We will act.” The minister said so.", ["“We will act.”", "The minister said so."]],
  [
    "es",
    "El art. 5 de la Ley núm. 27 dispone. Según el Sr. Pérez, no.",
    ["El art. 5 de la Ley núm. 27 dispone.", "Según el Sr. Pérez, no."],
  ],
  [
    "es",
    "La Dra. Gómez y la Sra. Ruiz firmaron. ¿Cuándo? En 2027.",
    ["La Dra. Gómez y la Sra. Ruiz firmaron.", "¿Cuándo?", "En 2027."],
  ],
  ["es", "Exporta a EE. UU. La cifra sube.", ["Exporta a EE. UU.", "La cifra sube."]],
  ["es", "Exporta a EE. UU. y a Chile. Véase pág. 12.", ["Exporta a EE. UU. y a Chile.", "Véase pág. 12."]],
  ["es", "Son 3.500 personas. El 12,5 % es mujer.", ["Son 3.500 personas.", "El 12,5 % es mujer."]],
  ["es", "Art. 7. El Estado garantiza.", ["Art. 7.", "El Estado garantiza."]],
  ["en", "2.1. The baseline is known. IV. Budget.", ["2.1. The baseline is known.", "IV. Budget."]],
])("%s: %s", (language, text, sentences) => {
  expect(split(text, language)).toEqual(sentences);
});

test("counts bytes from the start it is given", () => {
  expect(splitSentences("Año uno. Año dos.", "es", 100)).toEqual([
    { start: 100, end: 109 },
    { start: 110, end: 119 },
  ]);
});

test("leaves out only white space, in order (S1)", () => {
  const word = fc.constantFrom(
    "Año",
    "art.",
    "U.S.",
    "Sr.",
    "5",
    "the",
    "The",
    "El",
    "no.",
    "!",
    "?",
    "😀",
    "e\u0301",
    "\u2028",
    "...",
  );
  fc.assert(
    fc.property(fc.array(word, { maxLength: 25 }), fc.constantFrom("en" as const, "es" as const), (words, language) => {
      const text = words.join(" ");
      const bytes = Buffer.from(text);
      let end = 0;
      for (const span of splitSentences(text, language)) {
        expect(bytes.subarray(end, span.start).toString().trim()).toBe("");
        expect(span.end).toBeGreaterThan(span.start);
        end = span.end;
      }
      expect(bytes.subarray(end).toString().trim()).toBe("");
    }),
  );
});
