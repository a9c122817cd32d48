import { createHash } from "node:crypto";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { printPage } from "../../src/page/bundle-page.ts";
import { escapeText } from "../../src/page/markup.ts";
import { pageDataWith } from "./page-data.ts";

/** The markup without what is between tags: tags, their attributes, and the quotes that hold them. */
const bones = (page: string) => [...page.matchAll(/[<>"]/g)].map(([character]) => character).join("");

const HOSTILE = [
  "</title><script>alert(1)</script>",
  "</style><img src=x onerror=alert(1)>",
  '"><svg onload=alert(1)>',
  "' autofocus onfocus=alert(1) x='",
  "<!--",
  "]]>",
  "&lt;b&gt; &#60;i&#62;",
  "javascript:alert(1)",
  "$" + "{7*7}{{7*7}}`",
  "\u202egnp.exe\u2066",
  "\u0000\u001b[2J\u009b",
  "\ud800 \udfff \ufffe",
  "<".repeat(300),
];
/** Texts of one length give pages of one shape: what is long stands in a wider column. */
const plainFor = (text: string) => "x".repeat(text.length);

/** Any UTF-16 unit, halves of pairs too: fast-check's own `binary` takes seconds to be made. */
const anyUnit = fc.integer({ min: 0, max: 0xffff }).map((unit) => String.fromCharCode(unit));

describe("the page of a bundle", () => {
  test.each(HOSTILE)("has the same markup whatever the bundle says: %j (P3)", (text) => {
    expect(bones(printPage(pageDataWith(text)))).toBe(bones(printPage(pageDataWith(plainFor(text)))));
  });

  test("has the same markup for any text at all (P3)", () => {
    const anyText = fc.oneof(
      fc.string({ unit: anyUnit, maxLength: 60 }),
      fc
        .array(fc.constantFrom(...HOSTILE, "<", ">", '"', "'", "&", "`", "="), { maxLength: 4 })
        .map((parts) => parts.join("")),
    );
    fc.assert(
      fc.property(anyText, (text) => {
        expect(bones(printPage(pageDataWith(text)))).toBe(bones(printPage(pageDataWith(plainFor(text)))));
      }),
      { numRuns: 200 },
    );
  });

  test("would not have it without escaping: the measure sees a tag that gets through", () => {
    const page = printPage(pageDataWith("harmless"));

    expect(bones(page.replace("harmless", "<b>"))).not.toBe(bones(page));
  });

  test("shows what hides or turns text as its code point (M2)", () => {
    expect(escapeText("a\u202eb\u0000c\ud800d\u200b")).toBe("a[U+202E]b[U+0000]c[U+D800]d[U+200B]");
    expect(escapeText("áéí ñ 漢字 👩‍🚀")).toBe("áéí ñ 漢字 👩‍🚀");
  });

  test("asks nothing of anybody, and forbids all but its own style (P2)", () => {
    const page = printPage(pageDataWith("text"));
    const [, style] = /<style>([\s\S]*?)<\/style>/.exec(page) ?? [];
    const [, policy] = /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(page) ?? [];
    const hash = createHash("sha256")
      .update(style ?? "")
      .digest("base64");

    expect(style?.length).toBeGreaterThan(1000);
    expect(policy).toBe(
      `default-src &#39;none&#39;; style-src &#39;sha256-${hash}&#39;; base-uri &#39;none&#39;; form-action &#39;none&#39;`,
    );
    expect(page).not.toMatch(/<script|<link|<img|<iframe|<object|<form|\ssrc=|\son\w+=|url\(|@import|https?:/i);
    expect([...page.matchAll(/href="([^"]*)"/g)].map(([, href]) => href)).toEqual(["#verify"]);
  });

  test("says that it is no evidence, and how to get some", () => {
    const page = printPage(pageDataWith("text"));

    expect(page).toContain("This page is no evidence.");
    expect(page).toContain("canonic-verify path/to/this/folder --trust trust.json");
  });

  test("says when a run is not sealed, and leaves out what there is nothing of", () => {
    const data = pageDataWith("text");
    const page = printPage({
      ...data,
      status: null,
      sealedAt: null,
      certificates: [],
      redacted: [],
      troubles: [],
      tokens: [],
      verdicts: [],
    });

    expect(page).toContain("Not sealed.");
    for (const absent of ["certificates", "redacted", "troubles", "tokens", "contracts"]) {
      expect(page).not.toContain(`id="${absent}"`);
      expect(printPage(data)).toContain(`id="${absent}"`);
    }
  });

  test("is the same for the same data (P1)", () => {
    expect(printPage(pageDataWith("text"))).toBe(printPage(pageDataWith("text")));
  });
});
