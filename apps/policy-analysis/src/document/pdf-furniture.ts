/**
 * Finds the running headers, footers and page numbers of a PDF, and leaves them out.
 *
 * Invariants:
 *   R1. A line is left out only if it is no larger than running text, stands in one of the two outermost rows at the top or bottom of its page and
 *       the same line stands at the same height on {@link PAGES_MIN} pages or more.
 *   R2. "The same" allows one number that counts with the pages; every other character, numbers too, must agree. So
 *       the rows of a table that goes on over pages stay.
 *   R3. What is left out is reported, in order.
 *
 * @module
 */
import type { OmittedLine } from "./block.ts";
import { HEADING_SCALE, type Line, usualSize } from "./pdf-lines.ts";

export const PAGES_MIN = 3;

const ROWS = 2;

/** Splits lines into the body, in the order given, and what repeats from page to page. */
export function omitFurniture(lines: readonly Line[]): {
  readonly body: readonly Line[];
  readonly omitted: readonly OmittedLine[];
} {
  const outer = findOuterLines(lines);
  const pagesByKey = new Map<string, Set<number>>();
  for (const line of outer) {
    for (const key of keysOf(line)) {
      const pages = pagesByKey.get(key) ?? new Set();
      pagesByKey.set(key, pages.add(line.page));
    }
  }
  const isFurniture = (line: Line): boolean =>
    outer.has(line) && keysOf(line).some((key) => (pagesByKey.get(key)?.size ?? 0) >= PAGES_MIN);
  return {
    body: lines.filter((line) => !isFurniture(line)),
    omitted: lines.filter(isFurniture).map(({ page, text }) => ({ page, text })),
  };
}

function findOuterLines(lines: readonly Line[]): ReadonlySet<Line> {
  const rowsByPage = new Map<number, Set<number>>();
  for (const { page, y } of lines) rowsByPage.set(page, (rowsByPage.get(page) ?? new Set()).add(Math.round(y)));
  const sizeMax = usualSize(lines) * HEADING_SCALE;
  const outer = new Set<Line>();
  for (const [page, rows] of rowsByPage) {
    const sorted = [...rows].sort((a, b) => a - b);
    rowsByPage.set(page, new Set([...sorted.slice(0, ROWS), ...sorted.slice(-ROWS)]));
  }
  for (const line of lines) {
    if (line.size < sizeMax && rowsByPage.get(line.page)?.has(Math.round(line.y)) === true) outer.add(line);
  }
  return outer;
}

/** The line as it is, and once for each of its numbers with that number told as a distance from the page's. */
function keysOf({ page, text, y }: Line): readonly string[] {
  const place = `${Math.round(y)} `;
  const keys = [place + text];
  for (const { 0: digits, index } of text.matchAll(/\d{1,9}/gu)) {
    const around = `${text.slice(0, index)}{page${Number(digits) - page}}${text.slice(index + digits.length)}`;
    keys.push(place + around);
  }
  // Front matter counts in roman numerals; only a line of nothing else is taken for one.
  if (/^[ivxlc]{1,7}$/u.test(text)) keys.push(`${place}{roman}`);
  return keys;
}
