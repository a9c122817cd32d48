import { describe, expect, test } from "vitest";
import { SCALE_STEPS, scaleStep } from "../../src/report/numbers.ts";
import { darkScale, lightScale } from "../../src/report/scale-colours.ts";

describe.each([
  ["light", lightScale, -1],
  ["dark", darkScale, 1],
] as const)("the %s scale", (_, scale, direction) => {
  test("has AA contrast at each of its sixteen steps (K1)", () => {
    const contrasts = scale.map(({ background, text }) => contrast(background, text));

    expect(contrasts).toHaveLength(16);
    expect(Math.min(...contrasts)).toBeGreaterThanOrEqual(4.5);
  });

  test("changes its lightness one way at every step (K2)", () => {
    const steps = scale.slice(1).map(({ background }, index) => {
      return Math.sign(luminance(background) - luminance(scale[index]?.background ?? ""));
    });

    expect(steps).toEqual(Array.from({ length: 15 }, () => direction));
  });
});

test("reaches the highest step with all points alone", () => {
  expect([0, 1, 14, 15].map((sum) => scaleStep(sum, 15))).toEqual([0, 1, 14, 15]);
  expect(scaleStep(89, 90)).toBe(SCALE_STEPS - 1);
  expect(scaleStep(0, 0)).toBe(0);
});

/** WCAG 2.2, contrast ratio. */
function contrast(one: string, other: string): number {
  const [low = 0, high = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (high + 0.05) / (low + 0.05);
}

/** WCAG 2.2, relative luminance. */
function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const channel = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
