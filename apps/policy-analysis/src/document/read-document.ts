/**
 * Reads a document: bytes in, normalised text with its pages, paragraphs and language out.
 *
 * Invariants:
 *   A1. Equal bytes and options give an equal result, on every machine, in every time zone and locale.
 *   A2. Every span counts UTF-8 bytes of `text`, half-open, and falls on character boundaries.
 *   A3. A document that cannot be read whole and rightly is refused with a code; no text is guessed or invented.
 *
 * @module
 */
import type { Language, MediaType, PageSpan } from "@canonic/contracts";
import { inBackticks, PolicyAnalysisError } from "../errors.ts";
import type { Draft, OmittedLine } from "./block.ts";
import { indexBytes } from "./byte-index.ts";
import { decodeUtf8 } from "./encoding.ts";
import { detectLanguage, type LanguageEvidence } from "./language.ts";
import { composeText, type Paragraph, placePages, placeParagraphs } from "./layout.ts";
import { detectTextType, isPdf } from "./media-type.ts";
import { NORMALISER, normaliseLine } from "./normal-form.ts";
import { readPdf } from "./pdf.ts";
import { readPlainText } from "./plain-text.ts";

export const DOCUMENT_BYTES_MAX = 32 * 1024 * 1024;
export const TEXT_BYTES_MAX = 16 * 1024 * 1024;

/** `name` is the file's name; `mediaType` says what text is where its content does not; `language` skips detection. */
export type ReadOptions = {
  readonly name: string;
  readonly mediaType?: MediaType;
  readonly language?: Language;
};

/** A document in normal form; `bytes` is `text` in UTF-8, and every span points into it. */
export type ReadDocument = {
  readonly name: string;
  readonly mediaType: MediaType;
  readonly title: string;
  readonly language: Language;
  readonly languageEvidence: LanguageEvidence;
  readonly text: string;
  readonly bytes: Uint8Array;
  readonly pages: readonly PageSpan[];
  readonly paragraphs: readonly Paragraph[];
  readonly omitted: readonly OmittedLine[];
  readonly normaliser: { readonly name: string; readonly version: string };
};

/**
 * Reads a PDF, Markdown, HTML or plain-text document.
 *
 * @param bytes - The file, at most {@link DOCUMENT_BYTES_MAX} bytes; left as it is.
 * @throws {PolicyAnalysisError} `policy-analysis.document-*` when it cannot be read, and
 *   `policy-analysis.language-undetected` when no language is given and the words do not tell it.
 */
export async function readDocument(bytes: Uint8Array, options: ReadOptions): Promise<ReadDocument> {
  const { name } = options;
  if (bytes.length === 0) throw empty(name, "bytes");
  checkSize(name, "bytes", bytes.length, DOCUMENT_BYTES_MAX);
  const { mediaType, draft } = await readDraft(bytes, options);

  const composed = composeText(draft);
  const { text } = composed;
  if (!/[\p{L}\p{N}]/u.test(text)) throw empty(name, "text");
  const index = indexBytes(text);
  checkSize(name, "text-bytes", index.sizeBytes, TEXT_BYTES_MAX);
  checkLegible(text, name);
  const { language, evidence } =
    options.language === undefined
      ? detectLanguage(text, name)
      : { language: options.language, evidence: { kind: "given" } as const };
  return {
    name,
    mediaType,
    title: titleOf(draft, composed.placed, name),
    language,
    languageEvidence: evidence,
    text,
    bytes: new TextEncoder().encode(text),
    pages: placePages(composed, index),
    paragraphs: placeParagraphs(composed, index, language),
    omitted: draft.omitted,
    normaliser: NORMALISER,
  };
}

/** The parsers of HTML and Markdown are a hundred modules: loaded by the document that needs them. */
async function readDraft(
  bytes: Uint8Array,
  { name, mediaType: declared }: ReadOptions,
): Promise<{ readonly mediaType: MediaType; readonly draft: Draft }> {
  if (isPdf(bytes, name)) return { mediaType: "application/pdf", draft: await readPdf(bytes, name) };
  const source = decodeUtf8(bytes, name);
  const mediaType = detectTextType(source, name, declared);
  if (mediaType === "text/html") {
    const { readHtml } = await import("./html.ts");
    return { mediaType, draft: readHtml(source) };
  }
  if (mediaType === "text/markdown") {
    const { readMarkdown } = await import("./markdown.ts");
    return { mediaType, draft: readMarkdown(source, name) };
  }
  return { mediaType, draft: readPlainText(source) };
}

/** The title that the document states, else its first heading, else its file name. */
function titleOf(draft: Draft, placed: ReturnType<typeof composeText>["placed"], name: string): string {
  const stated = normaliseLine(draft.title ?? "");
  const heading = placed.find(({ block }) => block.kind === "heading")?.text ?? "";
  const title = stated || heading || normaliseLine(name);
  return [...title].slice(0, 512).join("");
}

/** Letters of a font without a map to Unicode come out as replacement or private characters. */
function checkLegible(text: string, name: string): void {
  const unreadable = text.match(/[\ufffd\p{Co}]/gu)?.length ?? 0;
  const characters = text.match(/\S/gu)?.length ?? 0;
  if (unreadable * 10 <= characters) return;
  throw new PolicyAnalysisError(
    "policy-analysis.document-garbled",
    `document ${inBackticks(name)} yields ${unreadable} unreadable of ${characters} characters, expected at most one of ten; its fonts do not say which letters they draw`,
    { name, unreadable, characters },
  );
}

function checkSize(name: string, measure: "bytes" | "text-bytes", found: number, limit: number): void {
  if (found <= limit) return;
  const what = measure === "bytes" ? "bytes" : "bytes of text";
  throw new PolicyAnalysisError(
    "policy-analysis.document-too-large",
    `document ${inBackticks(name)} has ${found} ${what}, expected at most ${limit}`,
    { name, measure, found, limit },
  );
}

function empty(name: string, missing: "bytes" | "text"): PolicyAnalysisError {
  const found = missing === "bytes" ? "has no bytes" : "has no words";
  return new PolicyAnalysisError(
    "policy-analysis.document-empty",
    `document ${inBackticks(name)} ${found}, expected text to analyse`,
    { name, missing },
  );
}
