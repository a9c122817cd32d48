import { digestBytes } from "@canonic/contracts";
import { expect, test } from "vitest";
import { readDocument, toDocumentRecord } from "../../src/document/index.ts";

test("records source, text and pages by digest and size", async () => {
  const source = Buffer.from("\ufeff# Año uno\r\n\r\nThe plan.\r\n");
  const document = await readDocument(source, { name: "plan.md", language: "en" });

  const record = toDocumentRecord(document, source);

  expect(record).toEqual({
    schema: "canonic/document/v1",
    id: `doc_${digestBytes(source).slice(7, 27)}`,
    title: "Año uno",
    mediaType: "text/markdown",
    language: "en",
    source: { digest: digestBytes(source), sizeBytes: source.length },
    text: { digest: digestBytes("Año uno\n\nThe plan.\n"), sizeBytes: 20 },
    pages: [{ page: 1, start: 0, end: 20 }],
    paragraphs: 2,
    normaliser: { name: "canonic/document-text", version: "1" },
  });
});

test("takes a title of any length, its characters kept whole", async () => {
  const source = Buffer.from(`# ${"😀 title ".repeat(200)}`);
  const document = await readDocument(source, { name: "plan.md", language: "en" });

  const { title } = toDocumentRecord(document, source);

  expect([...title].length).toBeLessThanOrEqual(512);
  expect(title).not.toContain("\ufffd");
});
