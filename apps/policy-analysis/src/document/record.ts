/**
 * The record of a document: what a plan and a bundle keep of it beside its text.
 *
 * @module
 */
import { DocumentId, DocumentRecord, deriveId, digestBytes } from "@canonic/contracts";
import type { ReadDocument } from "./read-document.ts";

/**
 * The record of a document that was read from `source`, checked against its schema.
 *
 * The id derives from the source's digest alone: the same file read by another version keeps its id and changes the
 * digest of its text.
 */
export function toDocumentRecord(document: ReadDocument, source: Uint8Array): DocumentRecord {
  const digest = digestBytes(source);
  return DocumentRecord.parse({
    schema: "canonic/document/v1",
    id: DocumentId.parse(deriveId("doc", digest)),
    title: document.title,
    mediaType: document.mediaType,
    language: document.language,
    source: { digest, sizeBytes: source.length },
    text: { digest: digestBytes(document.bytes), sizeBytes: document.bytes.length },
    pages: [...document.pages],
    paragraphs: document.paragraphs.length,
    normaliser: document.normaliser,
  });
}
