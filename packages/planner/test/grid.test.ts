import { Question } from "@canonic/contracts";
import fc from "fast-check";
import { expect, test } from "vitest";
import { AREA_IDS, CHUNK_IDS, DIMENSION_IDS, placeOf, QUESTION_IDS, questionIdOf, SLOTS } from "../src/index.ts";
import { questions } from "./policy-support.ts";

test("has 10 areas, 6 dimensions, 60 cells, 30 slots and 300 questions, each once", () => {
  const sizes = [AREA_IDS, DIMENSION_IDS, CHUNK_IDS, SLOTS, QUESTION_IDS].map((ids) => new Set<string>(ids).size);

  expect(sizes).toEqual([10, 6, 60, 30, 300]);
  expect([AREA_IDS.at(-1), CHUNK_IDS.at(-1), SLOTS.at(-1), QUESTION_IDS[0], QUESTION_IDS.at(-1)]).toEqual([
    "PA10",
    "PA10-DIM06",
    "DIM06-Q5",
    "Q001",
    "Q300",
  ]);
});

test("tells numeric/v1 from the ordering by strings, which renumbers 270 questions (N1)", () => {
  const numbers = Array.from({ length: 10 }, (_, index) => `PA${index + 1}`);
  const asStrings = numbers.toSorted();
  const numberUnder = (order: string[], area: number, rest: number) => 30 * order.indexOf(`PA${area}`) + rest;
  const moved = QUESTION_IDS.filter((id, index) => {
    const [area, rest] = [Math.floor(index / 30) + 1, (index % 30) + 1];
    expect(id).toBe(`Q${String(numberUnder(numbers, area, rest)).padStart(3, "0")}`);
    return numberUnder(asStrings, area, rest) !== numberUnder(numbers, area, rest);
  });

  expect(asStrings.slice(0, 3)).toEqual(["PA1", "PA10", "PA2"]);
  expect(moved).toHaveLength(270);
  expect(moved[0]).toBe("Q031");
});

test("an id and its place are one-to-one in both directions (N2)", () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...AREA_IDS),
      fc.constantFrom(...DIMENSION_IDS),
      fc.integer({ min: 1, max: 5 }),
      (area, dimension, q) => {
        const number = 30 * (Number(area.slice(2)) - 1) + 5 * (Number(dimension.slice(3)) - 1) + q;
        const id = questionIdOf({ area, dimension, q });

        expect(Number(id.slice(1))).toBe(number);
        expect(placeOf(id)).toEqual({ area, dimension, q });
      },
    ),
  );
  expect(["Q000", "Q301", "Q1", "Q-1", "constructor"].map((id) => placeOf(id as never))).toEqual(
    Array(5).fill(undefined),
  );
});

test("resolved questions stand in the order of their numbers", () => {
  expect(questions.map(({ id }) => id)).toEqual(QUESTION_IDS);
  for (const question of questions) expect(Question.parse(question)).toEqual(question);
});
