/**
 * A document: what was read, what its normalised text is, and where its pages lie.
 *
 * @module
 */
import { z } from "zod";
import { Digest } from "./digest.ts";
import { DocumentId } from "./ids.ts";
import { Span } from "./span.ts";
import { boundedText } from "./text.ts";

export const Language = z.enum(["en", "es"]);
export type Language = z.infer<typeof Language>;

export const MediaType = z.enum(["application/pdf", "text/html", "text/markdown", "text/plain"]);
export type MediaType = z.infer<typeof MediaType>;

const Blob = z.strictObject({ digest: Digest, sizeBytes: z.int().min(1) });

export const PageSpan = z.strictObject({ page: z.int().min(1), start: z.int().min(0), end: z.int().min(0) });
export type PageSpan = z.infer<typeof PageSpan>;

/**
 * `id` derives from the source digest; pages are in order, gap-free, and cover the whole text.
 * Spans count UTF-8 bytes of the normalised text.
 */
export const DocumentRecord = z.strictObject({
  schema: z.literal("canonic/document/v1"),
  id: DocumentId,
  title: boundedText(512, 0),
  mediaType: MediaType,
  language: Language,
  source: Blob,
  text: Blob,
  pages: z.array(PageSpan).min(1),
  paragraphs: z.int().min(1),
  normaliser: z.strictObject({ name: z.string().min(1), version: z.string().min(1) }),
});
export type DocumentRecord = z.infer<typeof DocumentRecord>;

/** A passage of the text: its span, the SHA-256 of exactly those bytes, its integer rank score, and the bytes as text. */
export const Passage = z.strictObject({
  span: Span,
  digest: Digest,
  score: z.int().min(0),
  text: z.string().min(1),
});
export type Passage = z.infer<typeof Passage>;
