/**
 * Bounded text, and text that is cut to fit. Lengths count code points, as JSON Schema's `maxLength` does; zod's own `max` counts UTF-16 units and
 * would disagree beyond the Basic Multilingual Plane.
 *
 * @module
 */
import { z } from "zod";

/** Text of `min` (0 or 1) to `max` code points. */
export function boundedText(max: number, min: 0 | 1 = 1) {
  return z
    .string()
    .min(min)
    .refine((text) => text.length <= max || [...text].length <= max, { error: `at most ${max} characters` })
    .meta({ maxLength: max });
}

/** The first `max` UTF-16 units, without half a character at their end. */
export function cutText(text: string, max: number): string {
  const cut = text.slice(0, max);
  return cut.isWellFormed() ? cut : cut.slice(0, -1).toWellFormed();
}
