/**
 * The sixteen steps of the score scale, as background and text, for light and dark paper.
 *
 * Invariants:
 *   K1. Text on its background has a contrast of at least 4.5 at every step (WCAG 2.2, 1.4.3); a test computes it.
 *   K2. Lightness falls (light) or rises (dark) at every step, so the scale survives grey paper and colour blindness.
 *
 * @module
 */
import { SCALE_STEPS } from "./numbers.ts";

type ScaleColour = { readonly background: string; readonly text: string };

const lightBackgrounds =
  "#f5f2e9 #ebeee4 #e1e9e0 #d6e5db #cce0d7 #c2dcd2 #b1d3cc #9fcac5 #8ec2bf #7cb9b8 #6bb0b2 #57a0a6 #2b7a86 #216877 #175767 #0d4558";
const darkBackgrounds =
  "#1c242b #1c2b32 #1d323a #1d3841 #1e3f49 #1e4650 #21515b #245c66 #276771 #2a727c #4aa0a4 #5fafb0 #74bebc #8acdc8 #9fdcd4 #b4ebe0";

/** Steps from this one on carry the other text colour. */
const LIGHT_TURN = 12;
const DARK_TURN = 10;

export const lightScale: readonly ScaleColour[] = lightBackgrounds
  .split(" ")
  .map((background, step) => ({ background, text: step < LIGHT_TURN ? "#0d171d" : "#ffffff" }));

export const darkScale: readonly ScaleColour[] = darkBackgrounds
  .split(" ")
  .map((background, step) => ({ background, text: step < DARK_TURN ? "#f4f8f9" : "#071014" }));

/** Declares `--scale-N` and `--on-scale-N` for each step. */
export function scaleVariables(scale: readonly ScaleColour[]): string {
  return scale
    .map(({ background, text }, step) => `--scale-${step}:${background};--on-scale-${step}:${text};`)
    .join("");
}

/** One class for each step. */
export const scaleClasses: string = Array.from(
  { length: SCALE_STEPS + 1 },
  (_, step) => `.s${step}{background:var(--scale-${step});color:var(--on-scale-${step})}`,
).join("\n");
