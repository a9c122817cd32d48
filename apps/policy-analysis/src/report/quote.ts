/**
 * Quotes: the bytes that an evidence names, as the document has them, with their page and a little of what stands around.
 *
 * Invariants:
 *   Q1. A quote is decoded from the document's own bytes at the span, never from a copy that travelled beside it.
 *   Q2. `intact` compares the digest of exactly these bytes with the evidence's; nothing is repaired.
 *
 * @module
 */
import { type DocumentRecord, digestBytes, type Evidence, isSpanWithin } from "@canonic/contracts";

/** `before` and `after` are whole words of the same line, as far as they reach; pages are those of first and last byte. */
export type Quote = {
  readonly before: string;
  readonly text: string;
  readonly after: string;
  readonly page: number | null;
  readonly lastPage: number | null;
  readonly intact: boolean;
};

const CONTEXT_BYTES = 140;
const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

/** Reads the quote of an evidence. A span outside of the text gives an empty quote that is not intact. */
export function quoteOf(document: DocumentRecord, text: Uint8Array, evidence: Evidence): Quote {
  const { start, end } = evidence.span;
  if (!isSpanWithin(evidence.span, text.length)) {
    return { before: "", text: "", after: "", page: null, lastPage: null, intact: false };
  }
  const bytes = text.subarray(start, end);
  return {
    before: contextBefore(text, start),
    text: decoder.decode(bytes),
    after: contextAfter(text, end),
    page: pageAt(document, start),
    lastPage: pageAt(document, end - 1),
    intact: digestBytes(bytes) === evidence.digest,
  };
}

/** The page that holds the byte at `offset`. */
function pageAt(document: DocumentRecord, offset: number): number | null {
  return document.pages.find(({ start, end }) => start <= offset && offset < end)?.page ?? null;
}

function contextBefore(text: Uint8Array, start: number): string {
  let from = start;
  const limit = Math.max(0, start - CONTEXT_BYTES);
  while (from > limit && text[from - 1] !== LINE_FEED) from -= 1;
  if (from === limit && limit > 0) {
    while (from < start && text[from - 1] !== SPACE) from += 1;
    if (from === start) return "";
    return `… ${decoder.decode(text.subarray(from, start))}`;
  }
  return decoder.decode(text.subarray(from, start));
}

function contextAfter(text: Uint8Array, end: number): string {
  let to = end;
  const limit = Math.min(text.length, end + CONTEXT_BYTES);
  while (to < limit && text[to] !== LINE_FEED) to += 1;
  if (to === limit && limit < text.length) {
    while (to > end && text[to] !== SPACE) to -= 1;
    if (to === end) return "";
    return `${decoder.decode(text.subarray(end, to))} …`;
  }
  return decoder.decode(text.subarray(end, to));
}

const LINE_FEED = 0x0a;
const SPACE = 0x20;
