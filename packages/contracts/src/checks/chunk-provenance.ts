/**
 * What the chunks of a run and the signals on them owe to the document.
 *
 * @module
 */
import type { Chunk } from "../chunk.ts";
import { type Digest, digestBytes } from "../digest.ts";
import type { Passage } from "../document.ts";
import type { Signal } from "../signal.ts";
import { isSpanWithin, type Span, spanContains } from "../span.ts";
import type { Tally } from "./tally.ts";

/** Whether the chunk is of this text, is the cell that it names, and says `empty` exactly when its search found nothing. */
export function checkChunk(tally: Tally, chunk: Chunk, text: Uint8Array, document: Digest): void {
  tally.check();
  if (chunk.document !== document)
    tally.violate("document-mismatch", chunk.id, `chunk \`${chunk.id}\` is of another text`);
  if (chunk.id !== `${chunk.area}-${chunk.dimension}`)
    tally.violate("cell-mismatch", chunk.id, `chunk \`${chunk.id}\` is of ${chunk.area} and ${chunk.dimension}`);
  const passages = passagesOf(chunk);
  const { bestScore, threshold, candidates } = chunk.search;
  const reached = [bestScore >= threshold, candidates > 0];
  if (reached.some((isReached) => isReached !== (chunk.kind === "found"))) {
    const message = `chunk \`${chunk.id}\` is ${chunk.kind}, its search has ${candidates} candidates, best ${bestScore} of ${threshold}`;
    tally.violate("search-mismatch", chunk.id, message);
  } else if (passages.length > candidates || passages.some(({ score }) => score < threshold || score > bestScore)) {
    tally.violate("search-mismatch", chunk.id, `chunk \`${chunk.id}\` holds passages that its search did not find`);
  }
  for (const passage of passages) checkPassage(tally, chunk, passage, text);
}

/** Whether a signal is of this chunk, was measured over no more than the chunk, and annotates bytes of its passages. */
export function checkSignal(tally: Tally, signal: Signal, chunk: Chunk, chunkDigest: Digest, text: Uint8Array): void {
  tally.check();
  const place = `${signal.chunk}/${signal.kind}`;
  const passages = passagesOf(chunk);
  if (signal.chunk !== chunk.id || signal.chunkDigest !== chunkDigest || signal.language !== chunk.language) {
    tally.violate("signal-mismatch", place, `a ${signal.kind} signal of another chunk is bound to \`${chunk.id}\``);
    return;
  }
  const bytes = passages.reduce((sum, { span }) => sum + span.end - span.start, 0);
  const most = chunk.kind === "found" ? passages.length : chunk.search.paragraphs;
  if (signal.scope.passages > most || signal.scope.bytes > bytes)
    tally.violate("signal-scope", place, `the ${signal.kind} signal claims a scope wider than \`${chunk.id}\``);
  for (const { span, digest } of signal.annotations) {
    tally.check();
    const where = `the annotation at bytes ${span.start}..${span.end}`;
    if (!passages.some((passage) => spanContains(passage.span, span)))
      tally.violate("annotation-outside", place, `${where} lies in no passage of \`${chunk.id}\``);
    else if (!isBytesOf(span, digest, text))
      tally.violate("annotation-digest", place, `${where} has another digest than its bytes`);
  }
}

/** The passages of a chunk; an empty one has none. */
export function passagesOf(chunk: Chunk): readonly Passage[] {
  return chunk.kind === "found" ? chunk.passages : [];
}

/** Whether the span lies in the text and the digest is that of exactly its bytes. */
export function isBytesOf(span: Span, digest: Digest, text: Uint8Array): boolean {
  return isSpanWithin(span, text.length) && digestBytes(text.subarray(span.start, span.end)) === digest;
}

function checkPassage(tally: Tally, chunk: Chunk, { span, digest, text: said }: Passage, text: Uint8Array): void {
  tally.check();
  const where = `passage at bytes ${span.start}..${span.end}`;
  if (!isBytesOf(span, digest, text))
    tally.violate("passage-digest", chunk.id, `${where} is not bytes of the document`);
  else if (digestBytes(said) !== digest)
    tally.violate("passage-text", chunk.id, `${where} is quoted with other words than the document's`);
}
