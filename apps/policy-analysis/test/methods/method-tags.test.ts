import { expect, test } from "vitest";
import { METHOD_NAMES, METHODS } from "../../src/methods/index.ts";
import { METHOD_TAGS } from "../../src/methods/method-tags.ts";
import { LABELLED_CASES } from "../labelled/labelled-case.ts";

const sentencesOf = (passage: string) => passage.split(/(?<=[.;])\s/u);

test.each(METHOD_NAMES)("%s says exactly the tags that are declared for it", (name) => {
  const found = LABELLED_CASES.flatMap(({ passage, language }) =>
    sentencesOf(passage).flatMap((sentence) => METHODS[name].find(sentence, language).flatMap(({ tags }) => tags)),
  );

  expect(LABELLED_CASES.length).toBeGreaterThan(100);
  expect([...new Set(found)].sort()).toEqual(METHOD_TAGS[name].map((tag) => `@${tag}`));
});
