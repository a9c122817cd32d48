import fc from "fast-check";
import { parse } from "parse5";
import { describe, expect, test } from "vitest";
import { escapeHtml, Html, html, markupOf } from "../../src/report/html.ts";

const hostile = fc.oneof(
  fc.string({ unit: "binary", maxLength: 40 }),
  fc
    .array(
      fc.constantFrom(
        "<script>",
        "</style>",
        '"',
        "'",
        "&amp;",
        "&#60;",
        "<!--",
        "-->",
        "]]>",
        "\u0000",
        "\u202e",
        "`",
        "\ud800",
        "=",
        "onload=",
        "\ufeff",
      ),
      { maxLength: 12 },
    )
    .map((parts) => parts.join("")),
);

describe("html", () => {
  test("gives a value no way to open a tag, leave an attribute or start an entity (H1)", () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const escaped = escapeHtml(text);

        expect(escaped).not.toMatch(/[<>"'`]/);
        expect(escaped.replace(/&(amp|lt|gt|quot|#39|#96);/g, "")).not.toContain("&");
      }),
    );
  });

  test("is read back by a parser as the one text and the one attribute that were put in (H1)", () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const tree = parse(
          `<!doctype html><html><body>${markupOf(html`<p title="${text}">${text}</p>`)}</body></html>`,
        );
        const nodes = JSON.stringify(tree, (key, value) => (key === "parentNode" ? undefined : value));
        const body = tree.childNodes.at(-1) as unknown as { childNodes: { nodeName: string; childNodes: unknown[] }[] };
        const paragraphs = body.childNodes[1]?.childNodes as {
          nodeName: string;
          attrs: { name: string }[];
          childNodes: { nodeName: string }[];
        }[];

        expect(nodes).not.toMatch(/"nodeName":"(script|style|#comment)"/);
        expect(paragraphs).toHaveLength(1);
        expect(paragraphs[0]?.attrs.map(({ name }) => name)).toEqual(["title"]);
        expect(paragraphs[0]?.childNodes.every(({ nodeName }) => nodeName === "#text")).toBe(true);
      }),
    );
  });

  test("shows what turns or hides text as its code point (H3)", () => {
    expect(escapeHtml("a\u202eb\u0000c\ufeffd\u2066e\u0085f\ufffeg\ud800h")).toBe(
      "a[U+202E]b[U+0000]c[U+FEFF]d[U+2066]e[U+0085]f[U+FFFE]g[U+D800]h",
    );
  });

  test("leaves tab, line ends, joiners and every ordinary letter as they are (H3)", () => {
    const text = "año\tقلم\n👩\u200d👧\r\n中文";

    expect(escapeHtml(text)).toBe(text);
  });

  test("takes data that looks like markup as data (H2)", () => {
    const forged = JSON.parse('{"text":"<b>"}') as Html;

    expect(markupOf(html`${forged}`)).not.toContain("<b>");
    expect(markupOf(html`${new Html("<b>")}`)).toBe("<b>");
  });
});
