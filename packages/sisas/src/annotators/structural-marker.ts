/**
 * Structural markers: headings, numbered articles, chapters and sections, list items. They count only where a line begins.
 *
 * @module
 */
import { type Annotator, type Meaning, pattern } from "../annotator.ts";

const DIVISIONS: Readonly<Record<string, string>> = {
  title: "title",
  titulo: "title",
  part: "part",
  parte: "part",
  book: "book",
  libro: "book",
  chapter: "chapter",
  capitulo: "chapter",
  section: "section",
  seccion: "section",
  annex: "annex",
  anexo: "annex",
  appendix: "annex",
  apendice: "annex",
  schedule: "annex",
  article: "article",
  articulo: "article",
  art: "article",
  paragraph: "paragraph",
  paragrafo: "paragraph",
  item: "item",
  numeral: "item",
};

const LINE = "(?:^|\\n)[ ]{0,8}";

function division(match: RegExpExecArray): Meaning {
  const division = DIVISIONS[match[1] ?? ""];
  if (division === undefined) return null;
  return {
    attributes: { division, number: (match[2] ?? "").replace(/[.)]$/, "") },
    pattern: division === "article" ? "numbered-article" : "numbered-division",
  };
}

const NUMERAL = "(\\d{1,4}[a-z]?(?:\\.\\d{1,4}){0,4}|[ivxlc]{1,7}|[a-z])(?=[\\s.:),-]|$)";

export const structuralMarker: Annotator = {
  kind: "structural-marker",
  version: "1.0.0",
  languages: ["en", "es"],
  weights: {
    "markdown-heading": 50,
    "numbered-article": 60,
    "numbered-division": 60,
    "numbered-heading": 50,
    "capital-heading": 40,
    "list-item": 25,
  },
  patterns: [
    pattern("markdown-heading", "any", "(?:^|\\n)(#{1,6})[ ]{1,4}(?=\\S)[^\\n]{1,160}", (match) => ({
      attributes: { level: String((match[1] ?? "").length) },
    })),
    pattern(
      "numbered-division",
      "en",
      `${LINE}(title|part|book|chapter|section|annex|appendix|schedule|article|art|paragraph|item)\\.?[ ]{1,3}${NUMERAL}`,
      division,
    ),
    pattern(
      "numbered-division",
      "es",
      `${LINE}(titulo|parte|libro|capitulo|seccion|anexo|apendice|articulo|art|paragrafo|numeral)\\.?[ ]{1,3}${NUMERAL}`,
      division,
    ),
    pattern(
      "numbered-heading",
      "any",
      `${LINE}(\\d{1,2}(?:\\.\\d{1,2}){0,4})\\.?[ ]{1,4}[A-Z][A-Za-z',() -]{2,100}(?=\\n|$)`,
      (match) => {
        const number = match[1] ?? "";
        return { attributes: { level: String(number.split(".").length), number } };
      },
      { on: "plain" },
    ),
    pattern(
      "numbered-heading",
      "any",
      `${LINE}([IVXLC]{1,7})\\.[ ]{1,4}[A-Z][A-Za-z',() -]{2,100}(?=\\n|$)`,
      (match) => ({
        attributes: { level: "1", number: match[1] ?? "" },
      }),
      { on: "plain" },
    ),
    pattern(
      "capital-heading",
      "any",
      "(?:^|\\n)[ ]{0,8}([A-Z][A-Z0-9',:()& -]{5,100})(?=\\n|$)",
      (match) => {
        const words = (match[1] ?? "").match(/[A-Z]{2,}/g) ?? [];
        return words.length >= 2 ? { attributes: { words: String(words.length) } } : null;
      },
      { on: "plain" },
    ),
    pattern(
      "list-item",
      "any",
      "(?:^|\\n)[ ]{0,8}(?:[*-]|\\(?(?:\\d{1,2}|[a-z]|[ivx]{1,5})\\))[ ]{1,4}(?=\\S)",
      (match) => ({
        attributes: { marker: match[0].trim().replace(/[()]/g, "") },
      }),
    ),
  ],
};
