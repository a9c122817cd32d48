import { expect, test } from "vitest";
import { collectWords, joinLines } from "../../src/document/hyphenation.ts";

const join = (lines: readonly string[], rest: readonly string[] = []): string =>
  joinLines(lines, collectWords([...lines, ...rest]));

test("joins lines by one space (Y2)", () => {
  expect(join(["one", "two three", "four"])).toBe("one two three four");
});

test.each<readonly [string, readonly string[], readonly string[], string]>([
  [
    "the joined word is in the document",
    ["the develop-", "ment plan"],
    ["Development matters"],
    "the development plan",
  ],
  ["the second half is no word of it", ["la educa-", "ción pública"], [], "la educación pública"],
  ["a soft hyphen stands there", ["sus\u00ad", "tainable"], ["tainable"], "sustainable"],
])("repairs a broken word when %s (Y1)", (_, lines, rest, text) => {
  expect(join(lines, rest)).toBe(text);
});

test.each<readonly [string, readonly string[], readonly string[], string]>([
  ["the hyphenated word is in the document", ["a long-", "term plan"], ["our long-term aim"], "a long-term plan"],
  ["the second half is a word of it", ["public policy-", "making"], ["making laws"], "public policy-making"],
  ["it joins numbers", ["in 2019-", "2020"], [], "in 2019-2020"],
  ["a capital follows", ["Franco-", "Prussian"], [], "Franco-Prussian"],
  ["the second half is hyphenated itself", ["end-", "to-end"], [], "end-to-end"],
  ["one letter precedes", ["e-", "governm"], [], "e-governm"],
])("keeps the hyphen when %s (Y1)", (_, lines, rest, text) => {
  expect(join(lines, rest)).toBe(text);
});

test("keeps a suspended hyphen apart, and a dash (Y2)", () => {
  expect(join(["short-", "and long-term"])).toBe("short- and long-term");
  expect(join(["the plan -", "as it was"])).toBe("the plan - as it was");
});
