/**
 * Documents: from bytes to normalised text with spans.
 *
 * @module
 */

export type { BlockKind, OmittedLine } from "./block.ts";
export type { ByteIndex } from "./byte-index.ts";
export { indexBytes, sliceBytes } from "./byte-index.ts";
export type { SourcedDocument } from "./default-document.ts";
export { defaultDocument } from "./default-document.ts";
export type { LanguageEvidence } from "./language.ts";
export { detectLanguage } from "./language.ts";
export type { Paragraph } from "./layout.ts";
export { PARAGRAPH_BYTES_MAX } from "./layout.ts";
export { NORMALISER } from "./normal-form.ts";
export { PAGES_MAX } from "./pdf.ts";
export type { ReadDocument, ReadOptions } from "./read-document.ts";
export { DOCUMENT_BYTES_MAX, readDocument, TEXT_BYTES_MAX } from "./read-document.ts";
export { toDocumentRecord } from "./record.ts";
export { splitSentences } from "./sentences.ts";
