/**
 * Reads the text of a PDF into blocks.
 *
 * Invariants:
 *   D1. A file that is cut off is refused: its parts could be read, but nobody could tell what is missing.
 *   D2. A page that the library cannot parse refuses the document; no page is left out in silence. (A PDF carries no
 *       digest of its pages: a changed byte that still parses cannot be told from what the author wrote.)
 *   D3. Nothing outside the file has a say: no system font, no installed character map, no locale.
 *   D4. What an exception of the library says stays in it.
 *
 * @see ISO 32000-1, 7.5.5 (file trailer) and annex F (linearised files).
 * @module
 */
import { inBackticks, PolicyAnalysisError } from "../errors.ts";
import type { Draft } from "./block.ts";
import { toBlocks } from "./pdf-blocks.ts";
import { omitFurniture } from "./pdf-furniture.ts";
import { type Glyphs, type Line, toLines } from "./pdf-lines.ts";

export const PAGES_MAX = 5_000;

/**
 * The blocks of a PDF, page by page, in the order in which the file draws them.
 *
 * @throws {PolicyAnalysisError} `policy-analysis.document-truncated`, `-encrypted` (a password is needed to open it),
 *   `-damaged`, `-image-only` (pages, but not one letter), `-too-large` (more than {@link PAGES_MAX} pages).
 */
export async function readPdf(bytes: Uint8Array, name: string): Promise<Draft> {
  checkComplete(bytes, name);
  const document = await openPdf(bytes, name);
  try {
    const pages = document.numPages;
    if (pages > PAGES_MAX) {
      throw new PolicyAnalysisError(
        "policy-analysis.document-too-large",
        `document ${inBackticks(name)} has ${pages} pages, expected at most ${PAGES_MAX}`,
        { name, measure: "pages", found: pages, limit: PAGES_MAX },
      );
    }
    const lines: Line[] = [];
    for (let page = 1; page <= pages; page += 1) lines.push(...(await readPage(document, page, name)));
    if (!lines.some(({ text }) => /\p{L}/u.test(text))) {
      throw new PolicyAnalysisError(
        "policy-analysis.document-image-only",
        `document ${inBackticks(name)} has ${pages} pages but no text on them, expected text; run optical character recognition on it first`,
        { name, pages },
      );
    }
    const { body, omitted } = omitFurniture(lines);
    return { title: await readTitle(document), pages, blocks: toBlocks(body), omitted };
  } finally {
    await document.loadingTask.destroy();
  }
}

/** The trailer ends a PDF; a linearised one also states its own length at the start. */
function checkComplete(bytes: Uint8Array, name: string): void {
  const latin1 = (part: Uint8Array): string => Buffer.from(part).toString("latin1");
  const hasTrailer = latin1(bytes.subarray(-1024)).includes("%%EOF");
  const stated = /\/Linearized\b[^>]{0,200}?\/L\s+(\d{1,12})\b/u.exec(latin1(bytes.subarray(0, 1024)))?.[1];
  if (hasTrailer && (stated === undefined || Number(stated) <= bytes.length)) return;
  throw new PolicyAnalysisError(
    "policy-analysis.document-truncated",
    `document ${inBackticks(name)} is cut off after ${bytes.length} bytes, expected a complete PDF that ends in %%EOF`,
    { name, sizeBytes: bytes.length },
  );
}

type PdfDocument = Awaited<ReturnType<typeof import("unpdf").getDocumentProxy>>;

async function openPdf(bytes: Uint8Array, name: string): Promise<PdfDocument> {
  // Loaded when first needed: the library is 2 MB and text needs none of it.
  const { getResolvedPDFJS } = await import("unpdf");
  // Not `getDocumentProxy`, whose defaults look for fonts and character maps in whatever package is installed (D3).
  const { getDocument } = await getResolvedPDFJS();
  try {
    return await getDocument({
      data: new Uint8Array(bytes), // a copy: the library takes the buffer away from its owner
      verbosity: 0,
      stopAtErrors: true,
      useSystemFonts: false,
      disableFontFace: true,
      enableXfa: false,
    }).promise;
  } catch (cause) {
    if (cause instanceof Error && cause.name === "PasswordException") {
      throw new PolicyAnalysisError(
        "policy-analysis.document-encrypted",
        `document ${inBackticks(name)} is encrypted and asks for a password, expected a PDF that opens without one`,
        { name },
        { cause },
      );
    }
    throw damaged(name, null, cause);
  }
}

async function readPage(document: PdfDocument, number: number, name: string): Promise<readonly Line[]> {
  try {
    const page = await document.getPage(number);
    const { items } = await page.getTextContent();
    const glyphs = items.flatMap((item): Glyphs[] => {
      if (!("str" in item)) return [];
      const [, , , , x = 0, y = 0]: number[] = item.transform;
      return [{ text: item.str, x, y, width: item.width, size: item.height, endsLine: item.hasEOL }];
    });
    page.cleanup();
    return toLines(glyphs, number);
  } catch (cause) {
    throw damaged(name, number, cause);
  }
}

async function readTitle(document: PdfDocument): Promise<string | null> {
  try {
    const { info } = await document.getMetadata();
    const title: unknown = "Title" in info ? info.Title : undefined;
    return typeof title === "string" && /\p{L}/u.test(title) ? title : null;
  } catch {
    return null;
  }
}

function damaged(name: string, page: number | null, cause: unknown): PolicyAnalysisError {
  const place = page === null ? "" : ` on page ${page}`;
  return new PolicyAnalysisError(
    "policy-analysis.document-damaged",
    `document ${inBackticks(name)} is damaged${place}, expected a PDF whose every page can be read`,
    { name, page },
    { cause },
  );
}
