/**
 * Blocks: what every reader makes of its format, before the text is laid out.
 *
 * @module
 */

export type BlockKind = "heading" | "list-item" | "paragraph" | "table-row";

/** A stretch of running text that stands by itself on the page; `text` need not be in normal form yet. */
export type Block = { readonly kind: BlockKind; readonly text: string; readonly page: number };

/** A line that was left out because it repeats from page to page: a running header, footer or page number. */
export type OmittedLine = { readonly page: number; readonly text: string };

/** A document as its reader found it; `title` is null when the document states none. */
export type Draft = {
  readonly title: string | null;
  readonly pages: number;
  readonly blocks: readonly Block[];
  readonly omitted: readonly OmittedLine[];
};

/** Between the cells of a table row. */
export const CELL_SEPARATOR = " | ";

/** A bullet, or a number or letter with its closing mark, at the start of a line. */
const LIST_MARKER = /^\s*(?:[•‣▪●○◦–*·-]|\(?(?:\d{1,3}|[a-zA-Z]|[ivxIVX]{1,5})[.)])\s+\S/u;

export function startsListItem(line: string): boolean {
  return LIST_MARKER.test(line);
}

const NUMBERED = /^(?:\d+(?:\.\d+)*\.?|[IVXLC]+\.)\s+\p{Lu}/u;
const NAMED =
  /^(?:chapter|part|section|article|annex|appendix|title|cap[ií]tulo|parte|secci[oó]n|art[ií]culo|anexo|ap[eé]ndice|t[ií]tulo)\s+(?:\d|[IVXLC]+\b)/iu;

/** True when a line that stands alone reads as a heading: short, unterminated, and numbered, named or in capitals. */
export function readsAsHeading(line: string): boolean {
  const text = line.trim();
  if (text.length === 0 || text.length > 120 || /[.!?;:,]$/u.test(text)) return false;
  const isCapitals = /\p{Lu}{2}/u.test(text) && !/\p{Ll}/u.test(text);
  return isCapitals || NUMBERED.test(text) || NAMED.test(text);
}
