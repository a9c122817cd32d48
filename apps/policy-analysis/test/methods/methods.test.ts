import type { Language } from "@canonic/contracts";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { isAbsence, METHOD_NAMES, METHODS, type MethodName } from "../../src/methods/index.ts";

const found = (method: MethodName, language: Language, sentence: string): readonly string[] =>
  METHODS[method]
    .find(sentence, language)
    .map(({ start, end, tags }) => [sentence.slice(start, end), ...tags].join(" "));

describe("quantities", () => {
  test("a pair of figures is a baseline and a target, in both languages", () => {
    expect(found("quantities", "en", "Dropout will fall from 9.8 % in 2023 to 6 % by 2028.")).toEqual([
      "9.8 @quantity @baseline @percent @year",
      "6 @quantity @target @percent @year",
    ]);
    expect(found("quantities", "es", "La deserción pasará del 4,8 % en 2023 al 3 % en 2027.")).toEqual([
      "4,8 @quantity @baseline @percent @year",
      "3 @quantity @target @percent @year",
    ]);
  });

  test.each([
    ["en", "Law 23 of 2015 has 40 articles in chapter 3."],
    ["en", "The council met on 12 March 2019."],
    ["en", "The grant of $3 million arrived."],
    ["es", "El Decreto 1072 de 2015, artículo 4, página 12."],
    ["es", "El concejo se reunió el 12 de marzo de 2019."],
  ] as const)("a number that names or dates is no target and no baseline (%s: %s)", (language, sentence) => {
    const roles = found("quantities", language, sentence).join(" ");

    expect(roles).not.toMatch(/@(?:target|baseline|output|change)/);
  });

  test("a target that was missed is none", () => {
    expect(found("quantities", "en", "The last plan missed its target of 20 % by 2018.").join(" ")).not.toContain(
      "@target",
    );
  });
});

describe("money", () => {
  test("an amount that is assigned is told from one that was lost", () => {
    expect(found("money", "en", "We allocate EUR 12 million to flood protection.")).toEqual([
      "EUR 12 million @money @allocation",
    ]);
    expect(found("money", "es", "La sequía causó pérdidas por 40.000 millones de pesos.")).toEqual([
      "40.000 millones de pesos @money",
    ]);
  });
});

describe("legal references", () => {
  test("a norm in force has its number; a bill is no norm", () => {
    expect(found("legal-references", "en", "Pursuant to Law No. 115 of 1994, it is free.")).toEqual([
      "Law No. 115 of 1994 @reference @numbered @basis",
    ]);
    expect(found("legal-references", "es", "El proyecto de ley 010 de 2020 fue archivado.")).toEqual([]);
    expect(found("legal-references", "en", "Law and order come first.")).toEqual([]);
  });
});

describe("responsible bodies", () => {
  test("a body with a duty is told from one that is mentioned", () => {
    expect(found("responsible-bodies", "en", "The Ministry of Health will coordinate it.")).toEqual([
      "The Ministry of Health @body @responsible",
    ]);
    expect(found("responsible-bodies", "es", "Según el Ministerio de Salud, hubo menos casos.")).toEqual([
      "el Ministerio de Salud @body",
    ]);
  });
});

describe("populations", () => {
  test("a group that is served is told from one that is praised", () => {
    expect(found("populations", "en", "The scheme will support 1,200 low-income families.")).toEqual([
      "low-income families @population @vulnerable @targeted @counted",
    ]);
    expect(found("populations", "es", "Una estatua en homenaje a las mujeres.")).toEqual(["mujeres @population"]);
  });
});

describe("causal statements", () => {
  test("a cause is told from an effect, and a road that leads somewhere from both", () => {
    expect(found("causal-statements", "en", "Stocks collapsed because of overfishing.")).toEqual([
      "because of @causal @cause",
    ]);
    expect(found("causal-statements", "es", "La falta de riego conduce a menores cosechas.")).toEqual([
      "conduce a @causal @effect",
    ]);
    expect(found("causal-statements", "en", "The road leads to the square.")).toEqual([]);
  });
});

describe("time frames", () => {
  test("a deadline of what is planned is told from a date in the past", () => {
    expect(found("time-frames", "en", "The clinics must open no later than June 2026.")).toEqual([
      "no later than June 2026 @timeframe @deadline",
    ]);
    expect(found("time-frames", "es", "En 2015 el concejo aprobó su política.")).toEqual([]);
  });
});

test.each([
  ["en", "No budget has been assigned.", true],
  ["en", "There is no target yet.", true],
  ["en", "It must be done no later than June.", false],
  ["es", "No se ha definido un responsable.", true],
  ["es", "No solo se trata de salud.", false],
] as const)("what is missing is said to be missing (%s: %s)", (language, sentence, is) => {
  expect(isAbsence(sentence, language)).toBe(is);
});

describe.each(METHOD_NAMES)("%s", (name) => {
  test("gives the same for the same sentence, with mentions inside it and tags that begin with @ (M1)", () => {
    const words =
      "the will 12 % 2030 by from to Ministry of Health women because million euros Law No. 5 reduce la el será".split(
        " ",
      );
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom(...words), { maxLength: 30 }),
        fc.constantFrom("en" as const, "es" as const),
        (parts, language) => {
          const sentence = parts.join(" ");

          const mentions = METHODS[name].find(sentence, language);

          expect(METHODS[name].find(sentence, language)).toEqual(mentions);
          for (const { start, end, tags } of mentions) {
            expect(start).toBeGreaterThanOrEqual(0);
            expect(start).toBeLessThan(end);
            expect(end).toBeLessThanOrEqual(sentence.length);
            expect(tags.every((tag) => /^@[a-z]+$/.test(tag))).toBe(true);
          }
        },
      ),
    );
  });

  test.each(["en", "es"] as const)("stays fast on long hostile sentences in %s (M2)", (language) => {
    const units = [
      "1",
      "1,1",
      "1 ",
      "A",
      "Aa ",
      "Ministry ",
      "the a ",
      "if a ",
      "by 2030 ",
      "$1 ",
      "Law ",
      "de ",
      "será ",
      "will reduce ",
      "Secretaría de ",
      "no se ",
      "because ",
    ];
    for (const unit of units) {
      const sentence = unit.repeat(Math.ceil(4000 / unit.length));
      const before = performance.now();
      METHODS[name].find(sentence, language);
      isAbsence(sentence, language);
      expect([unit, performance.now() - before < 2000]).toEqual([unit, true]);
    }
  });
});
