import { expect } from "vitest";
import type { ReadDocument } from "../../src/document/index.ts";
import { sliceBytes } from "../../src/document/index.ts";

const utf8 = new TextDecoder("utf-8", { fatal: true });

/** The bytes of a span as text; throws when the span cuts a character. */
export function textAt(document: ReadDocument, span: { readonly start: number; readonly end: number }): string {
  return utf8.decode(sliceBytes(document.bytes, span));
}

export function paragraphTexts(document: ReadDocument): readonly string[] {
  return document.paragraphs.map((paragraph) => textAt(document, paragraph));
}

/** Asserts the invariants that every document read has (A2, P1, P2), whatever it holds. */
export function expectLaidOut(document: ReadDocument): void {
  const { bytes, text, pages, paragraphs } = document;
  expect(utf8.decode(bytes)).toBe(text);
  expect(text.normalize("NFC")).toBe(text);
  expect(text).not.toMatch(/[ \t]$|(?!\n)\p{Cc}|\n{3}/mu);

  expect(pages.map(({ page }) => page)).toEqual(pages.map((_, at) => at + 1));
  expect(pages.map(({ start }) => start)).toEqual([0, ...pages.slice(0, -1).map(({ end }) => end)]);
  expect(pages.at(-1)?.end).toBe(bytes.length);

  expect(paragraphs.length).toBeGreaterThan(0);
  let rebuilt = "";
  let end = 0;
  for (const [at, paragraph] of paragraphs.entries()) {
    const page = pages[paragraph.page - 1];
    expect(paragraph.index).toBe(at);
    expect(paragraph.start).toBeLessThan(paragraph.end);
    expect(page !== undefined && page.start <= paragraph.start && paragraph.end <= page.end).toBe(true);
    const between = textAt(document, { start: end, end: paragraph.start });
    expect(between).toMatch(at === 0 ? /^$/u : paragraph.continues ? /^ ?$/u : /^\n\n$/u);
    const own = textAt(document, paragraph);
    expect(own).toMatch(/^\S(?:[^\n]*\S)?$/u);
    rebuilt += between + own;
    end = paragraph.end;
  }
  expect(`${rebuilt}\n`).toBe(text);
}
