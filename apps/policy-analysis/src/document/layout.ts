/**
 * Lays blocks out as one text, and says where its pages and paragraphs lie.
 *
 * Invariants:
 *   P1. The text is the paragraphs in order, each followed by its separator: a blank line after a block, at most one
 *       space inside a block that was cut, one line feed at the end. Nothing else is in the text.
 *   P2. Paragraphs are in order, do not overlap, and lie inside their page; pages are gap-free and cover the text.
 *   P3. A block of more than {@link PARAGRAPH_BYTES_MAX} bytes is cut where sentences end; what is no sentence any more,
 *       being longer than {@link SENTENCE_BYTES_MAX}, between words.
 *
 * @module
 */
import type { Language, PageSpan } from "@canonic/contracts";
import type { Block, BlockKind, Draft } from "./block.ts";
import { type ByteIndex, indexBytes } from "./byte-index.ts";
import { normaliseLine } from "./normal-form.ts";
import { sentenceRanges } from "./sentences.ts";

export const PARAGRAPH_BYTES_MAX = 800;
export const SENTENCE_BYTES_MAX = 3_200;

/** `heading` is the text of the nearest heading above; `continues` marks a further part of the block before. */
export type Paragraph = {
  readonly index: number;
  readonly start: number;
  readonly end: number;
  readonly page: number;
  readonly kind: BlockKind;
  readonly heading: string | null;
  readonly continues: boolean;
};

type Placed = { readonly block: Block; readonly text: string; readonly start: number };

/** Blocks in normal form and their places, in UTF-16 indices; blocks without text are gone. */
export type Text = { readonly text: string; readonly placed: readonly Placed[]; readonly pages: number };

/** Puts the blocks of a draft in normal form, one after the other. */
export function composeText(draft: Draft): Text {
  const placed: Placed[] = [];
  const parts: string[] = [];
  let start = 0;
  for (const block of draft.blocks) {
    const text = normaliseLine(block.text);
    if (text === "") continue;
    if (placed.length > 0) start += 2;
    placed.push({ block, text, start });
    parts.push(text);
    start += text.length;
  }
  return { text: parts.length === 0 ? "" : `${parts.join("\n\n")}\n`, placed, pages: draft.pages };
}

/** The page of each byte: page p runs from its first block to the first block of a later page. */
export function placePages({ placed, pages }: Text, index: ByteIndex): readonly PageSpan[] {
  const starts = new Array<number | undefined>(pages).fill(undefined);
  for (const { block, start } of placed.toReversed()) starts[block.page - 1] = index.byteAt(start);
  // A page without text is empty and lies where the next page with text begins.
  const filled: number[] = [];
  for (let next = index.sizeBytes; filled.length < pages; filled.unshift(next)) {
    next = starts[pages - 1 - filled.length] ?? next;
  }
  filled[0] = 0;
  return filled.map((start, at) => ({ page: at + 1, start, end: filled[at + 1] ?? index.sizeBytes }));
}

/** The paragraphs of the text: its blocks, the long ones cut. */
export function placeParagraphs({ placed }: Text, index: ByteIndex, language: Language): readonly Paragraph[] {
  const paragraphs: Paragraph[] = [];
  let heading: string | null = null;
  for (const { block, text, start } of placed) {
    for (const [part, piece] of cutBlock(text, language).entries()) {
      paragraphs.push({
        index: paragraphs.length,
        start: index.byteAt(start + piece.start),
        end: index.byteAt(start + piece.end),
        page: block.page,
        kind: block.kind,
        heading,
        continues: part > 0,
      });
    }
    if (block.kind === "heading") heading = text;
  }
  return paragraphs;
}

type Range = { readonly start: number; readonly end: number };

/** Runs of whole sentences of at most {@link PARAGRAPH_BYTES_MAX} bytes, in UTF-16 indices. */
function cutBlock(text: string, language: Language): readonly Range[] {
  if (Buffer.byteLength(text) <= PARAGRAPH_BYTES_MAX) return [{ start: 0, end: text.length }];
  const index = indexBytes(text);
  const sizeOf = ({ start, end }: Range): number => index.byteAt(end) - index.byteAt(start);
  const pieces: { start: number; end: number }[] = [];
  for (const sentence of sentenceRanges(text, language)) {
    for (const unit of sizeOf(sentence) > SENTENCE_BYTES_MAX ? wordsOf(text, sentence) : [sentence]) {
      const last = pieces.at(-1);
      const isFitting = last !== undefined && sizeOf({ start: last.start, end: unit.end }) <= PARAGRAPH_BYTES_MAX;
      if (isFitting) last.end = unit.end;
      else pieces.push({ ...unit });
    }
  }
  return pieces;
}

function wordsOf(text: string, { start, end }: Range): readonly Range[] {
  const words = text.slice(start, end).matchAll(/[^ ]+/gu);
  return Array.from(words, ({ 0: word, index }) => ({ start: start + index, end: start + index + word.length }));
}
