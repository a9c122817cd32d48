import { describe, expect, test } from "vitest";
import { SCALE_STEPS, scaleStep } from "../../src/report/numbers.ts";
import { darkScale, lightScale } from "../../src/report/scale-colours.ts";
import { contrast, luminance, parseColour } from "./contrast.ts";

describe.each([
  ["light", lightScale, -1],
  ["dark", darkScale, 1],
] as const)("the %s scale", (_, scale, direction) => {
  test("has AA contrast at each of its sixteen steps (K1)", () => {
    const contrasts = scale.map(({ background, text }) => contrast(parseColour(background), parseColour(text)));

    expect(contrasts).toHaveLength(16);
    expect(Math.min(...contrasts)).toBeGreaterThanOrEqual(4.5);
  });

  test("changes its lightness one way at every step (K2)", () => {
    const steps = scale.slice(1).map(({ background }, index) => {
      return Math.sign(luminance(parseColour(background)) - luminance(parseColour(scale[index]?.background ?? "")));
    });

    expect(steps).toEqual(Array.from({ length: 15 }, () => direction));
  });
});

test("reaches the highest step with all points alone", () => {
  expect([0, 1, 14, 15].map((sum) => scaleStep(sum, 15))).toEqual([0, 1, 14, 15]);
  expect(scaleStep(89, 90)).toBe(SCALE_STEPS - 1);
  expect(scaleStep(0, 0)).toBe(0);
});
