/**
 * Annotates chunks: one chunk, one kind, one measurement.
 *
 * Invariants:
 *   M1. A measurement is a signal or a gap, never both and never neither. A gap says why nothing was measured and who
 *       can mend it; it is not a signal of strength 0.
 *   M2. Absence is a signal: strength 0, no annotation, and the scope it was measured over. For a chunk with passages
 *       the scope is those passages; for an empty chunk it is the paragraphs that its recorded search went through
 *       (no byte of them belongs to the chunk). An empty chunk whose search saw no paragraph measured nothing: a gap.
 *   M3. Equal chunk, kind and vocabulary give an equal signal, byte for byte.
 *
 * @module
 */
import {
  type Annotation,
  type Chunk,
  type ChunkId,
  type Digest,
  digestBytes,
  digestJson,
  freezeDeep,
  type Passage,
  type Signal,
  SignalKind,
} from "@canonic/contracts";
import { keepAnnotations, toAnnotations } from "./annotations.ts";
import { type Annotator, findIn } from "./annotator.ts";
import { ANNOTATORS } from "./annotators.ts";
import { type Reading, readPassage } from "./reading.ts";
import { GAP_OWNERS, type GapReason, type SignalGap } from "./signal-gap.ts";
import { strengthOf } from "./strength.ts";
import { judgeText, type TextQuality } from "./text-quality.ts";
import { type Vocabulary, vocabularyDigestOf, vocabularyEntryOf } from "./vocabulary.ts";

/** The publisher that signals of this package name. */
export const PUBLISHER = "@canonic/sisas";

/** A signal and the digest that names it. */
export type EmittedSignal = { readonly signal: Signal; readonly digest: Digest };

export type Measurement =
  | ({ readonly kind: "signal" } & EmittedSignal)
  | { readonly kind: "gap"; readonly gap: SignalGap };

/**
 * Measures one kind of signal on one chunk.
 *
 * @param vocabulary - What the signal will name; when it is not what `annotators` implement, nothing is measured.
 * @param options.annotators - This package's own by default.
 * @param options.documentQuality - What {@link judgeText} said of the whole document; an empty chunk of a garbled
 *   document is no measured absence.
 */
export function annotateChunk(
  chunk: Chunk,
  kind: SignalKind,
  vocabulary: Vocabulary,
  options: AnnotateOptions = {},
): Measurement {
  const prepared = prepareChunk(chunk, digestJson(chunk), options.documentQuality ?? "readable", readPassage);
  return measure(prepared, kind, prepareVocabulary(vocabulary, options.annotators ?? ANNOTATORS));
}

export type AnnotateOptions = {
  readonly annotators?: Readonly<Partial<Record<SignalKind, Annotator>>>;
  readonly documentQuality?: TextQuality;
};

/**
 * Measures all kinds on all chunks, in the order given, kinds in the order of `SignalKind`. Each distinct passage is
 * read once, however many chunks hold it.
 *
 * @param input.documentText - The whole normalised text, judged once; leave it out when it was judged before.
 */
export function annotateChunks(input: {
  readonly chunks: readonly Chunk[];
  readonly vocabulary: Vocabulary;
  readonly documentText?: string;
  readonly annotators?: AnnotateOptions["annotators"];
}): { readonly signals: readonly EmittedSignal[]; readonly gaps: readonly SignalGap[] } {
  const known = prepareVocabulary(input.vocabulary, input.annotators ?? ANNOTATORS);
  const readings = new Map<string, Reading>();
  const qualities = new Map<string, TextQuality>();
  const read = (text: string, language: Chunk["language"]): Reading => {
    const key = `${language} ${text}`;
    const reading = readings.get(key) ?? readPassage(text, language);
    readings.set(key, reading);
    return reading;
  };
  const signals: EmittedSignal[] = [];
  const gaps: SignalGap[] = [];
  for (const chunk of input.chunks) {
    const quality =
      qualities.get(chunk.language) ??
      (input.documentText === undefined ? "readable" : judgeText(input.documentText, chunk.language));
    qualities.set(chunk.language, quality);
    const prepared = prepareChunk(chunk, digestJson(chunk), quality, read);
    for (const kind of SignalKind.options) {
      const measurement = measure(prepared, kind, known);
      if (measurement.kind === "gap") gaps.push(measurement.gap);
      else signals.push({ signal: measurement.signal, digest: measurement.digest });
    }
  }
  return { signals, gaps };
}

type PreparedChunk = {
  readonly chunk: Chunk;
  readonly digest: Digest;
  readonly refusal: GapReason | null;
  readonly passages: readonly { readonly passage: Passage; readonly reading: Reading }[];
};

function prepareChunk(
  chunk: Chunk,
  digest: Digest,
  document: TextQuality,
  read: (text: string, language: Chunk["language"]) => Reading,
): PreparedChunk {
  const passages = chunk.kind === "found" ? chunk.passages : [];
  const refusal = refusalOf(chunk, passages, document);
  const readings =
    refusal === null ? passages.map((passage) => ({ passage, reading: read(passage.text, chunk.language) })) : [];
  return { chunk, digest, refusal, passages: readings };
}

function refusalOf(chunk: Chunk, passages: readonly Passage[], document: TextQuality): GapReason | null {
  if (passages.some((passage) => !holdsItsBytes(passage))) return "passage-mismatch";
  const text = passages.map((passage) => passage.text).join("\n");
  for (const quality of [document, judgeText(text, chunk.language)]) {
    if (quality === "garbled") return "garbled-text";
    if (quality === "unsupported-language") return "unsupported-language";
  }
  return chunk.kind === "empty" && chunk.search.paragraphs === 0 ? "nothing-searched" : null;
}

function holdsItsBytes({ text, span, digest }: Passage): boolean {
  return Buffer.byteLength(text) === span.end - span.start && digestBytes(text) === digest;
}

type KnownVocabulary = {
  readonly digest: Digest;
  readonly kinds: ReadonlyMap<SignalKind, { readonly annotator: Annotator; readonly current: boolean }>;
};

function prepareVocabulary(
  vocabulary: Vocabulary,
  annotators: Readonly<Partial<Record<SignalKind, Annotator>>>,
): KnownVocabulary {
  const kinds = new Map<SignalKind, { annotator: Annotator; current: boolean }>();
  for (const kind of SignalKind.options) {
    const annotator = annotators[kind];
    if (annotator === undefined) continue;
    const entry = vocabulary.entries.find((candidate) => candidate.kind === kind);
    const current = entry !== undefined && digestJson(entry) === digestJson(vocabularyEntryOf(annotator));
    kinds.set(kind, { annotator, current });
  }
  return { digest: vocabularyDigestOf(vocabulary), kinds };
}

function measure(prepared: PreparedChunk, kind: SignalKind, vocabulary: KnownVocabulary): Measurement {
  const { chunk, digest: chunkDigest, refusal, passages } = prepared;
  const known = vocabulary.kinds.get(kind);
  if (known === undefined) return gap(chunk.id, kind, "annotator-failed");
  if (!known.current) return gap(chunk.id, kind, "stale-vocabulary");
  const { annotator } = known;
  if (!annotator.languages.includes(chunk.language)) return gap(chunk.id, kind, "unsupported-language");
  if (refusal !== null) return gap(chunk.id, kind, refusal);
  let annotations: Annotation[];
  try {
    annotations = keepAnnotations(
      passages.flatMap(({ passage, reading }) => toAnnotations(findIn(annotator, reading), passage)),
      annotator,
    );
  } catch {
    // Whatever an annotator throws, nothing was measured; what it said stays out of the signal and of the journal.
    return gap(chunk.id, kind, "annotator-failed");
  }
  const bytes = passages.reduce((sum, { passage }) => sum + passage.span.end - passage.span.start, 0);
  const signal: Signal = freezeDeep({
    schema: "canonic/signal/v1",
    kind,
    chunk: chunk.id,
    chunkDigest,
    language: chunk.language,
    publisher: PUBLISHER,
    version: annotator.version,
    vocabulary: vocabulary.digest,
    scope: { passages: chunk.kind === "found" ? passages.length : chunk.search.paragraphs, bytes },
    strength: strengthOf(
      annotations.map(({ pattern }) => pattern),
      annotator.weights,
    ),
    annotations,
  });
  return { kind: "signal", signal, digest: digestJson(signal) };
}

function gap(chunk: ChunkId, kind: SignalKind, reason: GapReason): Measurement {
  return { kind: "gap", gap: { chunk, kind, reason, owner: GAP_OWNERS[reason] } };
}
