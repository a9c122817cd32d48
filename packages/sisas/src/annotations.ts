/**
 * From findings in a passage to annotations of the document.
 *
 * Invariants:
 *   B1. Every span counts UTF-8 bytes of the document's normalised text, its digest is that of exactly those bytes, and
 *       it lies inside one passage of the chunk.
 *   B2. Annotations stand in document order, each (pattern, span) once.
 *
 * @module
 */
import { type Annotation, byCodeUnit, digestBytes, type Passage } from "@canonic/contracts";
import type { Annotator, Finding } from "./annotator.ts";

/** A signal holds at most this many annotations: those of the heaviest patterns, then the earliest. */
export const ANNOTATIONS_MAX = 200;

/** Findings come sorted by start, so one walk through the text gives every byte offset. */
export function toAnnotations(findings: readonly Finding[], passage: Passage): Annotation[] {
  const offsets = byteOffsets(
    passage.text,
    findings.flatMap(({ start, end }) => [start, end]),
  );
  return findings.map(({ pattern, start, end, attributes }) => ({
    pattern,
    span: { start: passage.span.start + (offsets.get(start) ?? 0), end: passage.span.start + (offsets.get(end) ?? 0) },
    digest: digestBytes(passage.text.slice(start, end)),
    attributes: { ...attributes },
  }));
}

function byteOffsets(text: string, wanted: readonly number[]): ReadonlyMap<number, number> {
  const offsets = new Map<number, number>();
  let [at, bytes] = [0, 0];
  for (const offset of [...new Set(wanted)].sort((a, b) => a - b)) {
    bytes += Buffer.byteLength(text.slice(at, offset));
    at = offset;
    offsets.set(offset, bytes);
  }
  return offsets;
}

/** In document order, each (pattern, span) once, at most {@link ANNOTATIONS_MAX}. */
export function keepAnnotations(annotations: readonly Annotation[], { weights }: Annotator): Annotation[] {
  const distinct = new Map(
    annotations.map((annotation) => [
      `${annotation.pattern} ${annotation.span.start} ${annotation.span.end}`,
      annotation,
    ]),
  );
  const weight = (annotation: Annotation) => weights[annotation.pattern] ?? 1;
  const inText = (a: Annotation, b: Annotation) =>
    a.span.start - b.span.start || a.span.end - b.span.end || byCodeUnit(a.pattern, b.pattern);
  return [...distinct.values()]
    .sort((a, b) => weight(b) - weight(a) || inText(a, b))
    .slice(0, ANNOTATIONS_MAX)
    .sort(inText);
}
