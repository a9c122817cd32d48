import { type Language, Question } from "@canonic/contracts";
import { overlayQuestions, SLOTS } from "@canonic/planner";
import { describe, expect, test } from "vitest";
import { METHOD_NAMES } from "../../src/methods/index.ts";
import { routes } from "../../src/operations.ts";
import { AREA_OVERLAYS, BASE_QUESTIONS } from "../../src/questionnaire/index.ts";

const questionsIn = (language: Language) => overlayQuestions({ base: BASE_QUESTIONS, areas: AREA_OVERLAYS, language });

test("30 base questions cover every slot once, and every method has a question", () => {
  expect(BASE_QUESTIONS.map(({ slot }) => slot)).toEqual(SLOTS);
  expect([...new Set(BASE_QUESTIONS.map(({ payloadType }) => payloadType))].sort()).toEqual(
    METHOD_NAMES.map((method) => `question/${method}`),
  );
});

test("every question has a route", () => {
  const known = new Set<string>(routes.map(({ payloadType }) => payloadType));

  expect(routes).toHaveLength(8);
  expect(BASE_QUESTIONS.filter(({ payloadType }) => !known.has(payloadType))).toEqual([]);
});

describe.each(["en", "es"] as const)("in %s", (language) => {
  test("300 well-formed questions ask by the name of their area", () => {
    const questions = questionsIn(language);

    expect(questions).toHaveLength(300);
    expect(questions.every((question) => Question.safeParse(question).success)).toBe(true);
    expect(new Set(questions.map(({ text }) => text)).size).toBe(300);
    for (const { text, area } of questions) {
      expect(text).toContain(AREA_OVERLAYS.find(({ id }) => id === area)?.name[language]);
    }
  });

  test("a modality that needs required elements has one, and counting has none", () => {
    for (const { slot, modality, elements } of BASE_QUESTIONS) {
      const needs = modality === "required-then-count" || modality === "strongest";
      expect([slot, elements.some(({ required }) => required)]).toEqual([slot, needs]);
    }
  });

  test("every element has a pattern, and every optional signal is not also mandatory", () => {
    for (const { elements, signals } of BASE_QUESTIONS) {
      expect(elements.every(({ patterns }) => patterns[language].length > 0)).toBe(true);
      const required = signals.required.map(({ kind }) => kind);
      expect(signals.optional.filter(({ kind }) => required.includes(kind))).toEqual([]);
    }
  });

  test("a signal that an element names is one that its question is given", () => {
    for (const { slot, elements, signals } of BASE_QUESTIONS) {
      const given = [...signals.required, ...signals.optional].map(({ kind }) => kind as string);
      const named = elements.flatMap((element) => element.signals.map((reference) => reference.split(":")[0] ?? ""));
      expect([slot, named.filter((kind) => !given.includes(kind))]).toEqual([slot, []]);
    }
  });
});
