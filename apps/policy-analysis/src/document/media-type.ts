/**
 * Decides what a file is: from its content first, then from what the caller says, then from its name.
 *
 * Content wins because it cannot be mistaken: a PDF called `plan.txt` is a PDF. HTML counts as recognised only by a
 * doctype or an `html` element, since Markdown may begin with any other tag.
 *
 * @module
 */
import type { MediaType } from "@canonic/contracts";
import { inBackticks, PolicyAnalysisError } from "../errors.ts";

/**
 * Formats that are recognised in order to be refused by name.
 * @see https://www.iana.org/assignments/media-types for the formats; each one's own specification for its first bytes.
 */
const FOREIGN: readonly (readonly [format: string, magic: readonly number[]])[] = [
  ["zip", [0x50, 0x4b, 0x03, 0x04]],
  ["zip", [0x50, 0x4b, 0x05, 0x06]],
  ["doc", [0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1]],
  ["rtf", [0x7b, 0x5c, 0x72, 0x74, 0x66]],
  ["png", [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]],
  ["jpeg", [0xff, 0xd8, 0xff]],
  ["gif", [0x47, 0x49, 0x46, 0x38]],
  ["tiff", [0x49, 0x49, 0x2a, 0x00]],
  ["tiff", [0x4d, 0x4d, 0x00, 0x2a]],
  ["gzip", [0x1f, 0x8b]],
  ["bzip2", [0x42, 0x5a, 0x68]],
  ["xz", [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00]],
  ["7z", [0x37, 0x7a, 0xbc, 0xaf, 0x27, 0x1c]],
  ["rar", [0x52, 0x61, 0x72, 0x21, 0x1a, 0x07]],
  ["postscript", [0x25, 0x21, 0x50, 0x53]],
  ["djvu", [0x41, 0x54, 0x26, 0x54, 0x46, 0x4f, 0x52, 0x4d]],
  ["elf", [0x7f, 0x45, 0x4c, 0x46]],
];

/** What a zip holds when one of these occurs in it. */
const ZIPPED: readonly (readonly [format: string, sign: string])[] = [
  ["docx", "word/document.xml"],
  ["xlsx", "xl/workbook.xml"],
  ["pptx", "ppt/presentation.xml"],
  ["odt", "application/vnd.oasis.opendocument"],
  ["epub", "application/epub+zip"],
];

const EXTENSIONS: ReadonlyMap<string, MediaType> = new Map([
  ["md", "text/markdown"],
  ["markdown", "text/markdown"],
  ["htm", "text/html"],
  ["html", "text/html"],
  ["xhtml", "text/html"],
]);

/**
 * True when the bytes are a PDF: its header at the start, after at most a byte order mark and white space.
 *
 * @throws {PolicyAnalysisError} `policy-analysis.document-unsupported` when the first bytes are those of a format that
 *   is not read.
 */
export function isPdf(bytes: Uint8Array, name: string): boolean {
  const known = FOREIGN.find(([, magic]) => magic.every((byte, at) => bytes[at] === byte));
  if (known !== undefined) throw unsupported(name, known[0] === "zip" ? nameZip(bytes) : known[0]);
  return /^(?:\xef\xbb\xbf)?[\t\n\f\r ]*%PDF-/u.test(Buffer.from(bytes.subarray(0, 1024)).toString("latin1"));
}

/**
 * The media type of decoded text.
 *
 * @throws {PolicyAnalysisError} `policy-analysis.document-unsupported` for XML that is not XHTML.
 */
export function detectTextType(text: string, name: string, declared?: MediaType): MediaType {
  const head = text.slice(0, 4096);
  const isHtml = /^\s*(?:<\?xml[^>]*>\s*)?(?:<!--(?:(?!-->)[\s\S])*-->\s*)*<(?:!doctype\s+html|html)[\s>]/iu.test(head);
  if (isHtml) return "text/html";
  if (/^\s*<\?xml\s/u.test(head)) throw unsupported(name, "xml");
  if (declared !== undefined && declared !== "application/pdf") return declared;
  const extension = /\.([^./\\]+)$/u.exec(name)?.[1]?.toLowerCase() ?? "";
  return EXTENSIONS.get(extension) ?? "text/plain";
}

function nameZip(bytes: Uint8Array): string {
  const content = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return ZIPPED.find(([, sign]) => content.includes(sign))?.[0] ?? "zip";
}

function unsupported(name: string, format: string): PolicyAnalysisError {
  return new PolicyAnalysisError(
    "policy-analysis.document-unsupported",
    `document ${inBackticks(name)} is ${format}, expected PDF, Markdown, HTML or plain text in UTF-8`,
    { name, format },
  );
}
