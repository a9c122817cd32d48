/**
 * Documents for ranking tests: paragraphs laid out as the reader lays them out.
 *
 * @module
 */
import type { Language } from "@canonic/contracts";
import type { RankableDocument } from "../../src/rank/index.ts";

export type MadeParagraph = { readonly text: string; readonly kind?: "heading" | "paragraph" };

export function madeDocument(language: Language, paragraphs: readonly MadeParagraph[]): RankableDocument {
  let start = 0;
  let heading: string | null = null;
  const placed = paragraphs.map(({ text, kind = "paragraph" }, index) => {
    const end = start + Buffer.byteLength(text);
    const paragraph = { index, start, end, page: 1, kind, heading, continues: false };
    start = end + 2;
    if (kind === "heading") heading = text;
    return paragraph;
  });
  return {
    language,
    bytes: new TextEncoder().encode(`${paragraphs.map(({ text }) => text).join("\n\n")}\n`),
    paragraphs: placed,
  };
}
