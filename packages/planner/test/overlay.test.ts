import { expect, test } from "vitest";
import { type BaseQuestion, overlayQuestions } from "../src/index.ts";
import { areas, base, mutate } from "./policy-support.ts";
import { faultsOf } from "./support.ts";

const resolve = (more: Partial<Parameters<typeof overlayQuestions>[0]>) =>
  overlayQuestions({ base, areas, language: "en", ...more });
const change = (index: number, more: Partial<BaseQuestion>) => mutate(base, index, (one) => [{ ...one, ...more }]);

test("asks every slot of every area, in the language asked for", () => {
  const [english, spanish] = [resolve({}), resolve({ language: "es" })];

  expect(english).toHaveLength(300);
  expect(english[30]).toMatchObject({ id: "Q031", area: "PA02", slot: "DIM01-Q1", language: "en" });
  expect(english[30]?.text).toBe("What does area PA02 say for DIM01-Q1?");
  expect(english[30]?.terms).toEqual(["baseline", "term PA02"]);
  expect(spanish[299]?.text).toBe("¿Qué dice el área PA10 para DIM06-Q5?");
  expect(spanish[299]?.elements[0]?.patterns).toEqual(["fuente"]);
});

test("gives the same questions however base and areas were ordered (O3)", () => {
  expect(resolve({ base: base.toReversed(), areas: areas.toReversed() })).toEqual(resolve({}));
});

test("adds an area's own elements to its slot alone", () => {
  const [own] = change(0, {})[0]?.elements ?? [];
  if (own === undefined) throw new Error("the base has an element");
  const added = mutate(areas, 1, (area) => [{ ...area, elements: { "DIM01-Q2": [{ ...own, id: "law" }] } }]);
  const extended = resolve({ areas: added }).filter(({ elements }) => elements.length > 1);

  expect(extended.map(({ id, elements }) => [id, elements.map((element) => element.id)])).toEqual([
    ["Q032", ["source", "law"]],
  ]);
});

test("shares nothing with what was given: the questions are frozen", () => {
  const [first] = resolve({});

  expect(() => first?.terms.push("more")).toThrow(TypeError);
  expect(() => first?.signals.required.push({ kind: "causal-verbs", strengthMin: 0 })).toThrow(TypeError);
  expect(base[0]?.terms.en).toEqual(["baseline"]);
});

test("an area's name is text, never a replacement pattern", () => {
  const named = mutate(areas, 0, (area) => [{ ...area, name: { en: "$& $1", es: "$&" } }]);

  expect(resolve({ areas: named })[0]?.text).toBe("What does $& $1 say for DIM01-Q1?");
});

test("reports missing, repeated and unknown slots and areas, all at once (O1)", () => {
  const slots = mutate(change(3, { slot: "DIM07-Q1" }), 5, (one) => [one, one]);
  const renamed = mutate(
    mutate(areas, 9, () => []),
    0,
    (area) => [area, { ...area, id: "PA11" }],
  );

  expect(faultsOf(() => resolve({ base: slots, areas: renamed }))).toEqual([
    "planner.questionnaire-invalid",
    "DIM01-Q4",
    "DIM02-Q1",
    "DIM07-Q1",
    "PA10",
    "PA11",
  ]);
});

test("reports what is missing in the language that was not asked for (O2)", () => {
  const text = { en: "What does {area} say?" } as unknown as BaseQuestion["text"];

  expect(faultsOf(() => resolve({ base: change(0, { text }) }))).toEqual([
    "planner.questionnaire-invalid",
    "DIM01-Q1/text/es",
  ]);
});

test("refuses a text that does not name its area: it would be asked ten times unchanged", () => {
  const text = { en: "What does it say?", es: "¿Qué dice {area}?" };

  expect(faultsOf(() => resolve({ base: change(0, { text }) }))).toEqual([
    "planner.questionnaire-invalid",
    "DIM01-Q1/text/en",
  ]);
});

test("refuses a pattern that is no regular expression, and two elements of one id", () => {
  const [element] = base[0]?.elements ?? [];
  if (element === undefined) throw new Error("the base has an element");
  const broken = { ...element, patterns: { en: ["("], es: ["fuente"] } };

  expect(faultsOf(() => resolve({ base: change(0, { elements: [broken] }) }))).toEqual([
    "planner.questionnaire-invalid",
    "DIM01-Q1/source",
  ]);
  expect(faultsOf(() => resolve({ base: change(0, { elements: [element, element] }) })).slice(0, 3)).toEqual([
    "planner.questionnaire-invalid",
    "Q001/en/elements/source",
    "Q001/es/elements/source",
  ]);
});

test("refuses a question that is not well-formed once resolved, with the pointer into it", () => {
  const failure = { abortIf: [], code: "no code" };

  expect(faultsOf(() => resolve({ base: change(29, { failure }) })).slice(0, 3)).toEqual([
    "planner.questionnaire-invalid",
    "Q030/en/failure/abortIf",
    "Q030/en/failure/code",
  ]);
});
