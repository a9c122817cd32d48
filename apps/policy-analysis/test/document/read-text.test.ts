import fc from "fast-check";
import { expect, test } from "vitest";
import { PARAGRAPH_BYTES_MAX, readDocument } from "../../src/document/index.ts";
import { expectLaidOut, paragraphTexts, textAt } from "./laid-out.ts";
import { makePdf } from "./made-pdf.ts";
import { refusalOf } from "./refused.ts";

const read = (text: string, name = "plan.txt") => readDocument(Buffer.from(text), { name, language: "en" });
const shape = async (text: string, name: string): Promise<readonly string[]> => {
  const document = await read(text, name);
  expectLaidOut(document);
  return document.paragraphs.map((paragraph) => `${paragraph.kind}: ${textAt(document, paragraph)}`);
};

test("joins wrapped lines, keeps blank lines, starts list items anew", async () => {
  const text =
    "1. OBJECTIVES\r\n\r\nThe plan sets\r\nthree targets.  \r\n\r\n\r\n- roads\r\n  and bridges\r\n- schools\r\n\r\nEnd.\r\n";

  const document = await read(text);

  expect(document.text).toBe(
    "1. OBJECTIVES\n\nThe plan sets three targets.\n\n- roads and bridges\n\n- schools\n\nEnd.\n",
  );
  expect(document.paragraphs.map(({ kind }) => kind)).toEqual([
    "list-item",
    "paragraph",
    "list-item",
    "list-item",
    "paragraph",
  ]);
  expectLaidOut(document);
});

test("takes each line for a paragraph where lines are too long to be wrapped (T2)", async () => {
  const long = `${"A long line of policy text. ".repeat(8).trim()}`;

  expect(await shape(`${long}\n${long}\nshort\nlines\n`, "a.txt")).toEqual([
    `paragraph: ${long}`,
    `paragraph: ${long}`,
    "paragraph: short lines",
  ]);
});

test("knows headings of plain text by capitals, numbers and names", async () => {
  const text = "NATIONAL PLAN\n\nChapter 2 Water\n\n2.1 Baseline\n\nText here.\n\nArtículo 5\n\nNot a heading\n";

  const document = await read(text);

  expect(document.paragraphs.map(({ kind, heading }) => [kind, heading])).toEqual([
    ["heading", null],
    ["heading", "NATIONAL PLAN"],
    ["heading", "Chapter 2 Water"],
    ["paragraph", "2.1 Baseline"],
    ["heading", "2.1 Baseline"],
    ["paragraph", "Artículo 5"],
  ]);
  expect(document.title).toBe("NATIONAL PLAN");
});

test("reads Markdown as what it shows (M1, M2)", async () => {
  const markdown = [
    "---\ntitle: front matter\n---",
    "# National *water* plan",
    "Text with `code`, **bold** and [a link](https://example.org/secret) &amp; an\nimage ![alt](x.png).",
    "1. First\n2. Second\n   with more\n   - Nested",
    "| Year | Budget |\n| --- | ---: |\n| 2027 | $3 **million** |",
    "> Quoted",
    "<p>Raw <b>HTML</b></p><script>alert(1)</script>",
    "Line<br>break and ~~struck~~[^1].",
    "[^1]: A note.",
  ].join("\n\n");

  expect(await shape(markdown, "plan.md")).toEqual([
    "heading: National water plan",
    "paragraph: Text with code, bold and a link & an image .",
    "list-item: First",
    "list-item: Second with more",
    "list-item: Nested",
    "table-row: Year | Budget",
    "table-row: 2027 | $3 million",
    "paragraph: Quoted",
    "paragraph: Raw HTML",
    "paragraph: Line break and struck.",
    "paragraph: A note.",
  ]);
});

test("reads HTML as a browser shows it (H1, H2)", async () => {
  const html = `<!-- saved --><!DOCTYPE html><html><head><title> Plan
    2030 </title><style>p{}</style><script>var a = "<p>no</p>";</script></head><body>
    <h1>Water&nbsp;plan</h1>Loose text<p>One<br>two <b>bo</b>ld.<p>Unclosed
    <ul><li>First<ul><li>Nested</li></ul></li><li><p>Para</p><p>Second</p></li></ul>
    <table><tr><th>Year<th>Budget</tr><tr><td><p>2027</p></td><td>3&nbsp;M</td></tr></table>
    <p hidden>Not shown</p><template>No</template><select><option>No</option></select>
    <div><div>Deep</div>tail</div></body></html>`;

  const document = await read(html, "saved.txt");

  expectLaidOut(document);
  expect(document.mediaType).toBe("text/html");
  expect(document.title).toBe("Plan 2030");
  expect(document.paragraphs.map((paragraph) => `${paragraph.kind}: ${textAt(document, paragraph)}`)).toEqual([
    "heading: Water plan",
    "paragraph: Loose text",
    "paragraph: One two bold.",
    "paragraph: Unclosed",
    "list-item: First",
    "list-item: Nested",
    "list-item: Para",
    "list-item: Second",
    "table-row: Year | Budget",
    "table-row: 2027 | 3 M",
    "paragraph: Deep",
    "paragraph: tail",
  ]);
});

test("walks HTML of any depth, and refuses Markdown nested beyond reason", async () => {
  const html = `<!doctype html>${"<div>".repeat(20_000)}The text at the bottom`;

  expect(paragraphTexts(await read(html, "deep.html"))).toEqual(["The text at the bottom"]);
  expect((await refusalOf(read(`${">".repeat(3_000)} deep`, "deep.md"))).code).toBe(
    "policy-analysis.document-too-deep",
  );
});

test("tells the media type by content, then by what is declared, then by name", async () => {
  const typeOf = async (text: string, name: string, mediaType?: "text/markdown" | "text/plain"): Promise<string> =>
    (await readDocument(Buffer.from(text), { name, language: "en", ...(mediaType && { mediaType }) })).mediaType;

  expect(await typeOf("<!doctype html><p>x", "a.md")).toBe("text/html");
  expect(await typeOf('<?xml version="1.0"?>\n<html xmlns="x"><p>x</p></html>', "a")).toBe("text/html");
  expect(await typeOf("<div>x</div> *y*", "README.MD")).toBe("text/markdown");
  expect(await typeOf("# x", "a.txt", "text/markdown")).toBe("text/markdown");
  expect(await typeOf("# x", "a.md", "text/plain")).toBe("text/plain");
  expect(await typeOf("x", "no-extension")).toBe("text/plain");
  expect(await typeOf("<p>x", "a.htm")).toBe("text/html");
});

test("lays out any text within its invariants (A2, P1, P2)", async () => {
  const part = fc.oneof(
    fc.constantFrom(
      "\r\n",
      "\n\n",
      "\0",
      " ",
      "\t",
      ". ",
      "- ",
      "# ",
      "| a | b |\n",
      "<li>",
      "Año",
      "e\u0301",
      "😀",
      "👩\u200d🌾",
      "\u0301",
    ),
    fc.string({ unit: "binary", maxLength: 4 }),
    fc.lorem({ maxCount: 30 }),
  );
  const text = fc.array(part, { maxLength: 40 }).map(
    (parts) =>
      `x${parts
        .join("")
        .toWellFormed()
        .replace(/[\p{Co}\p{Cn}]/gu, "")}`,
  );
  const name = fc.constantFrom("a.txt", "a.md", "a.html");
  let count = 0;
  await fc.assert(
    fc.asyncProperty(text, name, async (source, file) => {
      const document = await read(source, file).catch(async (error: unknown) => {
        // Random HTML may show nothing, random bytes may be mostly control characters, and zero bytes between letters are UTF-16;
        // those refusals are right.
        const refusals = source.includes("\0") ? /document-(?:empty|binary|encoding)$/u : /document-(?:empty|binary)$/u;
        expect(error).toMatchObject({ code: expect.stringMatching(refusals) });
        return null;
      });
      if (document === null) return;
      count += 1;
      expectLaidOut(document);
    }),
    { numRuns: 300 },
  );
  expect(count).toBeGreaterThan(150);
});

test("cuts a long block where sentences end, and says that it goes on (P3)", async () => {
  const sentence = "The programme reaches ten thousand añós of life in the north of the country. ";
  const text = sentence.repeat(40).trim();

  const document = await read(text);

  expectLaidOut(document);
  expect(document.text).toBe(`${text}\n`);
  expect(document.paragraphs.map(({ continues }) => continues)).toEqual([false, true, true, true]);
  for (const { start, end } of document.paragraphs) expect(end - start).toBeLessThanOrEqual(PARAGRAPH_BYTES_MAX);
  for (const paragraph of paragraphTexts(document)) expect(paragraph).toMatch(/^The .*\.$/u);
});

test("cuts what has no sentences between words, and nothing inside a word (P3)", async () => {
  const words = Array.from({ length: 2_000 }, (_, at) => `wörd${at}`);

  const document = await read(words.join(" "));

  expectLaidOut(document);
  for (const { start, end } of document.paragraphs) expect(end - start).toBeLessThanOrEqual(PARAGRAPH_BYTES_MAX);
  expect(paragraphTexts(document).flatMap((text) => text.split(" "))).toEqual(words);
});

test("leaves the bytes it was given as they were", async () => {
  const text = Buffer.from("\ufeffThe plan\r\nand the budget\0 of it");
  const pdf = Buffer.from(await makePdf({ pages: [(pen) => pen.flow("The plan of the country.")] }));
  for (const bytes of [text, pdf, new Uint8Array(pdf)]) {
    const before = Uint8Array.from(bytes);

    await readDocument(bytes, { name: "a.txt", language: "en" });

    expect(Uint8Array.from(bytes)).toEqual(before);
  }
});
