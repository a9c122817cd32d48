/**
 * Places in a document: half-open ranges of UTF-8 byte offsets into its normalised text.
 *
 * @module
 */
import { z } from "zod";

export const Span = z.strictObject({ start: z.int().min(0), end: z.int().min(0) });
/** The bytes from `start` up to, not including, `end`. */
export type Span = z.infer<typeof Span>;

/** True when the span has at least one byte and lies inside a text of `sizeBytes`. */
export function isSpanWithin(span: Span, sizeBytes: number): boolean {
  return span.start < span.end && span.end <= sizeBytes;
}

/** True when every byte of `inner` is a byte of `outer`. */
export function spanContains(outer: Span, inner: Span): boolean {
  return outer.start <= inner.start && inner.end <= outer.end;
}
