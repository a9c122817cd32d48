/**
 * Reads plain text into blocks.
 *
 * Invariants:
 *   T1. A blank line ends a block; a line that begins as a list item starts one.
 *   T2. A line longer than {@link WRAP_COLUMNS_MAX} is a block by itself: nobody wraps by hand at such a width, so
 *       each line of such a file is a paragraph.
 *
 * @module
 */
import { type Block, type Draft, readsAsHeading, startsListItem } from "./block.ts";
import { normaliseCharacters } from "./normal-form.ts";

export const WRAP_COLUMNS_MAX = 160;

/** The blocks of a text; a form feed is a line break, and the text is one page. */
export function readPlainText(text: string): Draft {
  const blocks: Block[] = [];
  let lines: string[] = [];
  const close = (): void => {
    const [first] = lines;
    if (first === undefined) return;
    const kind = startsListItem(first)
      ? "list-item"
      : lines.length === 1 && readsAsHeading(first)
        ? "heading"
        : "paragraph";
    blocks.push({ kind, text: lines.join("\n"), page: 1 });
    lines = [];
  };
  for (const line of normaliseCharacters(text).split("\n")) {
    const isBlank = line.trim() === "";
    if (isBlank || startsListItem(line) || line.length > WRAP_COLUMNS_MAX) close();
    if (!isBlank) lines.push(line);
    if (line.length > WRAP_COLUMNS_MAX) close();
  }
  close();
  return { title: null, pages: 1, blocks, omitted: [] };
}
