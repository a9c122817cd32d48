import { ChunkId, digestBytes, type Evidence } from "@canonic/contracts";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { quoteOf } from "../../src/report/quote.ts";
import { sampleReport } from "./sample-report.ts";

const { document, text } = sampleReport({ areas: 2, dimensions: 2 });

function evidenceAt(start: number, end: number): Evidence {
  return {
    chunk: ChunkId.parse("PA01-DIM01"),
    span: { start, end },
    digest: digestBytes(text.subarray(start, end)),
    relevance: 50,
    elements: [],
  };
}

describe("quoteOf", () => {
  test("gives the document's own bytes, and context that joins them without a gap (Q1)", () => {
    const all = Buffer.from(text).toString("utf8");
    fc.assert(
      fc.property(fc.nat(text.length - 2), fc.integer({ min: 1, max: 300 }), (start, length) => {
        const end = Math.min(text.length, start + length);
        const quote = quoteOf(document, text, evidenceAt(start, end));
        const whole = (quote.before + quote.text + quote.after).replace(/^… /, "").replace(/ …$/, "");

        expect(quote.text).toBe(new TextDecoder().decode(text.subarray(start, end)));
        if (!whole.includes("\ufffd")) expect(all).toContain(whole);
        expect(quote.before + quote.after).not.toContain("\n");
        expect(quote.intact).toBe(true);
      }),
    );
  });

  test("names the page of the first and of the last byte", () => {
    const [, second] = document.pages;
    if (second === undefined) throw new Error("the sample has one page only");

    const across = quoteOf(document, text, evidenceAt(second.start - 3, second.start + 3));
    const before = quoteOf(document, text, evidenceAt(second.start - 3, second.start));

    expect([across.page, across.lastPage]).toEqual([1, 2]);
    expect([before.page, before.lastPage]).toEqual([1, 1]);
  });

  test("says when the bytes are not those of the evidence (Q2)", () => {
    const moved: Evidence = { ...evidenceAt(10, 20), span: { start: 11, end: 21 } };

    expect(quoteOf(document, text, moved).intact).toBe(false);
  });

  test("quotes nothing for a span outside of the text (Q2)", () => {
    const outside: Evidence = { ...evidenceAt(0, 5), span: { start: text.length - 2, end: text.length + 1 } };

    expect(quoteOf(document, text, outside)).toEqual({
      before: "",
      text: "",
      after: "",
      page: null,
      lastPage: null,
      intact: false,
    });
  });
});
