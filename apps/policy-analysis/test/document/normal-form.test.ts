import fc from "fast-check";
import { expect, test } from "vitest";
import { normaliseCharacters, normaliseLine } from "../../src/document/normal-form.ts";

/** Characters that the normal form has rules for, far more often than chance gives them. */
const awkward = fc.constantFrom(
  ..."\0\t\r\n\v\f\u0085\u2028\u2029\u00a0\u3000\u00ad\u200b\ufeff\u202e\u0301\u0303\u1100\u1161ﬁﬄ😀e\ud800\udc00 ".split(
    "",
  ),
  "\r\n",
  "👩\u200d🌾",
);
const raw = fc
  .array(fc.oneof(awkward, fc.string({ unit: "binary", maxLength: 3 })), { maxLength: 30 })
  .map((parts) => parts.join(""));

test("changes nothing the second time (F1)", () => {
  fc.assert(
    fc.property(raw, (text) => {
      expect(normaliseCharacters(normaliseCharacters(text))).toBe(normaliseCharacters(text));
      expect(normaliseLine(normaliseLine(text))).toBe(normaliseLine(text));
    }),
  );
});

test("leaves no control, invisible mark, other space or decomposed letter (F2)", () => {
  fc.assert(
    fc.property(raw, (text) => {
      const line = normaliseLine(text);

      expect(line.isWellFormed()).toBe(true);
      expect(line.normalize("NFC")).toBe(line);
      expect(line).not.toMatch(/\p{Cc}|\p{Zl}|\p{Zp}|[\u00ad\u200b\u2060\ufeff\u202a-\u202e]|(?! )\p{Zs}|^ | $| {2}/u);
    }),
  );
});

test("adds no letter or digit (F3)", () => {
  fc.assert(
    fc.property(raw, (text) => {
      const letters = (value: string): string => value.normalize("NFKD").replace(/[^\p{L}\p{N}]/gu, "");

      expect(letters(normaliseLine(text))).toBe(letters(text.toWellFormed()));
    }),
  );
});

test("composes what an invisible mark kept apart", () => {
  expect(normaliseCharacters("Educacio\u200b\u0301n")).toBe("Educación");
});

test("writes every line break as one line feed and expands Latin ligatures", () => {
  expect(normaliseCharacters("a\r\nb\rc\u2028d\u0085e\ff")).toBe("a\nb\nc\nd\ne\nf");
  expect(normaliseLine("of\ufb01ce\u00a0 and\tsta\ufb00")).toBe("office and staff");
});
