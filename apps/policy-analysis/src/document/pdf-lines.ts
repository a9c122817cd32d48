/**
 * Puts the pieces of text of a PDF page together to lines.
 *
 * Invariants:
 *   N1. Every character of every piece is in exactly one line, in the order in which the page draws them.
 *   N2. A raised mark after a digit or a closing mark, or a raised number that begins a line, is set off by a space:
 *       a note's number never joins the number or word beside it.
 *
 * @module
 */

/** Letters this much larger than the usual ones are a heading's. */
export const HEADING_SCALE = 1.15;

/** A piece of text as the page places it, in points from the lower left; an `endsLine` piece may be empty. */
export type Glyphs = {
  readonly text: string;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly size: number;
  readonly endsLine: boolean;
};

/** A line: where it begins and ends across, its base line, and the size of most of its letters. */
export type Line = {
  readonly page: number;
  readonly text: string;
  readonly x: number;
  readonly end: number;
  readonly y: number;
  readonly size: number;
};

/** The lines of a page that hold text. */
export function toLines(glyphs: readonly Glyphs[], page: number): readonly Line[] {
  const lines: Line[] = [];
  let pieces: Glyphs[] = [];
  const close = (): void => {
    const line = toLine(pieces, page);
    if (line !== null) lines.push(line);
    pieces = [];
  };
  for (const piece of glyphs) {
    if (piece.text !== "") pieces.push(piece);
    if (piece.endsLine) close();
  }
  close();
  return lines;
}

function toLine(pieces: readonly Glyphs[], page: number): Line | null {
  const visible = pieces.filter(({ text }) => text.trim() !== "");
  const [first] = visible;
  if (first === undefined) return null;
  const main = visible.reduce((best, piece) => (piece.text.length > best.text.length ? piece : best), first);
  let text = "";
  let wasRaised = false;
  for (const piece of pieces) {
    const isRaised = piece.size < main.size * 0.85 && piece.y > main.y + main.size * 0.15;
    const isMark = isRaised ? /[\d.,;:!?)\]»”"]$/u.test(text) : wasRaised && /^\d+$/u.test(text);
    text += isMark ? ` ${piece.text}` : piece.text;
    if (piece.text.trim() !== "") wasRaised = isRaised;
  }
  return {
    page,
    text: text.trim(),
    x: first.x,
    end: Math.max(...visible.map(({ x, width }) => x + width)),
    y: main.y,
    size: main.size,
  };
}

/** The size that most letters of a document have; of two as common, the smaller. */
export function usualSize(lines: readonly Line[]): number {
  const letters = new Map<number, number>();
  for (const { size, text } of lines) {
    const key = roundSize(size);
    letters.set(key, (letters.get(key) ?? 0) + text.length);
  }
  return commonest(letters) ?? 1;
}

/** Sizes and distances are compared in half points. */
export function roundSize(size: number): number {
  return Math.round(size * 2) / 2;
}

/** The key with the highest count; of two as high, the smaller key. */
export function commonest(counts: ReadonlyMap<number, number>): number | undefined {
  let best: number | undefined;
  for (const [key, count] of [...counts].sort(([a], [b]) => a - b)) {
    if (best === undefined || count > (counts.get(best) ?? 0)) best = key;
  }
  return best;
}
