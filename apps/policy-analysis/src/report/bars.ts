/**
 * Bars as drawings. They repeat a number that stands beside them, so assistive technology does not see them; their
 * lengths are attributes of SVG, which a strict content security policy allows where it refuses `style`.
 *
 * @module
 */
import { type Html, html } from "./html.ts";

const LENGTH = 1000;

/** A horizontal bar as long as `part` of `whole`. */
export function bar(part: number, whole: number): Html {
  const width = whole === 0 ? 0 : Math.floor((part * LENGTH) / whole);
  return html`<svg class="bar" viewBox="0 0 ${LENGTH} 10" preserveAspectRatio="none" aria-hidden="true" focusable="false"><rect class="track" width="${LENGTH}" height="10"/><rect class="fill" width="${width}" height="10"/></svg>`;
}

const STEP = 7;
const HEIGHT = 10;

/** One small column for each score 0..3, in the order given. */
export function scoreColumns(scores: readonly number[]): Html {
  const columns = scores.map((score, index) => {
    const height = score === 0 ? 1 : 1 + score * 3;
    return html`<rect x="${index * STEP}" y="${HEIGHT - height}" width="5" height="${height}"/>`;
  });
  const width = Math.max(1, scores.length * STEP - 2);
  return html`<svg class="columns" viewBox="0 0 ${width} ${HEIGHT}" aria-hidden="true" focusable="false">${columns}</svg>`;
}
