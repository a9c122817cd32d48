/**
 * Puts the lines of a PDF together to blocks, by their distances, sizes and beginnings.
 *
 * Invariants:
 *   K1. Every line is in exactly one block, in the order given; a block lies on one page.
 *   K2. What usual means (size of letters, distance of lines) is measured over the whole document; ties go to the
 *       smaller, so equal files give equal blocks.
 *
 * @module
 */
import { type Block, type BlockKind, readsAsHeading, startsListItem } from "./block.ts";
import { collectWords, joinLines } from "./hyphenation.ts";
import { commonest, HEADING_SCALE, type Line, roundSize, usualSize } from "./pdf-lines.ts";

/** A distance this much larger than the usual one parts paragraphs. */
const GAP_SCALE = 1.3;

type Usual = {
  readonly size: number;
  readonly pitchOf: (size: number) => number;
  readonly widthOf: (page: number) => number;
};

/** The blocks of a document's lines; lines of one block are joined, broken words repaired. */
export function toBlocks(lines: readonly Line[]): readonly Block[] {
  const usual = measure(lines);
  const words = collectWords(lines.map(({ text }) => text));
  const groups: Line[][] = [];
  for (const line of lines) {
    const group = groups.at(-1);
    const last = group?.at(-1);
    if (group !== undefined && last !== undefined && !isBreak(last, line, usual)) group.push(line);
    else groups.push([line]);
  }
  return groups.map((group) => {
    const text = joinLines(
      group.map((line) => line.text),
      words,
    );
    return { kind: kindOf(group, text, usual), text, page: group[0]?.page ?? 1 };
  });
}

function kindOf(group: readonly Line[], text: string, usual: Usual): BlockKind {
  const [first] = group;
  if (first === undefined || hasLeaders(text)) return "paragraph";
  const isLarge = group.every(({ size }) => size >= usual.size * HEADING_SCALE) && /\p{L}{2}/u.test(text);
  if (isLarge && text.length <= 200) return "heading";
  if (group.length === 1 && readsAsHeading(text)) return "heading";
  return startsListItem(first.text) ? "list-item" : "paragraph";
}

/** True when `line` does not go on with the paragraph of `last`. */
function isBreak(last: Line, line: Line, usual: Usual): boolean {
  if (line.page !== last.page || hasLeaders(last.text) || hasLeaders(line.text)) return true;
  const ratio = line.size / last.size;
  if (!(ratio < 1.12 && ratio > 1 / 1.12)) return true;
  if (startsListItem(line.text)) return true;
  const isEnded = /[.!?:;]["»”’)\]]*$/u.test(last.text);
  const gap = last.y - line.y;
  // Upwards is another column, or a file that draws its lines out of order.
  if (gap < -1) return isEnded || !/^\p{Ll}/u.test(line.text);
  if (gap > usual.pitchOf(line.size) * GAP_SCALE) return true;
  if (!isEnded) return false;
  const isIndented = line.x > last.x + last.size * 0.8 && !startsListItem(last.text);
  const isShort = (last.end - last.x) * 4 < usual.widthOf(last.page) * 3;
  return isIndented || (isShort && /^["«“¿¡(]*[\p{Lu}\d]/u.test(line.text));
}

/** The dots of a table of contents. */
function hasLeaders(text: string): boolean {
  return /(?:\. ?){5}/u.test(text);
}

function measure(lines: readonly Line[]): Usual {
  const gaps = new Map<number, Map<number, number>>();
  const widths = new Map<number, number>();
  for (const [at, line] of lines.entries()) {
    const key = roundSize(line.size);
    widths.set(line.page, Math.max(widths.get(line.page) ?? 0, line.end - line.x));
    const last = lines[at - 1];
    if (last === undefined || last.page !== line.page || roundSize(last.size) !== key) continue;
    const gap = Math.round((last.y - line.y) * 2) / 2;
    if (gap < line.size * 0.8 || gap > line.size * 2.5) continue;
    const counts = gaps.get(key) ?? new Map<number, number>();
    add(counts, gap, 1);
    gaps.set(key, counts);
  }
  return {
    size: usualSize(lines),
    pitchOf: (size) => commonest(gaps.get(roundSize(size)) ?? new Map()) ?? size * 1.25,
    widthOf: (page) => widths.get(page) ?? 0,
  };
}

function add(counts: Map<number, number>, key: number, amount: number): void {
  counts.set(key, (counts.get(key) ?? 0) + amount);
}
