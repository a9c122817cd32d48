/**
 * The vocabulary: what signals of this version of the annotators mean, by digest.
 *
 * Invariants:
 *   V1. The digest covers every pattern's id, language, expression and weight, and every annotator's version: two
 *       vocabularies with one digest find the same things.
 *   V2. A signal is fresh when the vocabulary it names is the current one, and under no other condition.
 *
 * @module
 */
import { Digest, digestJson, freezeDeep, Language, type Signal, SignalKind } from "@canonic/contracts";
import { z } from "zod";
import type { Annotator } from "./annotator.ts";
import { ANNOTATORS } from "./annotators.ts";
import { STRENGTH_RULE } from "./strength.ts";

export const VOCABULARY_VERSION = "1.0.0";

export const VocabularyEntry = z.strictObject({
  kind: SignalKind,
  version: z.string().min(1).max(32),
  languages: z.array(Language).min(1),
  patterns: Digest,
});
export type VocabularyEntry = z.infer<typeof VocabularyEntry>;

export const Vocabulary = z.strictObject({
  schema: z.literal("canonic/vocabulary/v1"),
  version: z.string().min(1).max(32),
  strength: z.string().min(1),
  entries: z.array(VocabularyEntry).min(1),
});
/** Entries in the order of `SignalKind`, each kind at most once. */
export type Vocabulary = z.infer<typeof Vocabulary>;

/** The vocabulary that the given annotators implement; without an argument, this package's ten. */
export function vocabularyOf(annotators: Readonly<Partial<Record<SignalKind, Annotator>>> = ANNOTATORS): Vocabulary {
  const entries = SignalKind.options.flatMap((kind) => {
    const annotator = annotators[kind];
    return annotator === undefined ? [] : [vocabularyEntryOf(annotator)];
  });
  return freezeDeep({ schema: "canonic/vocabulary/v1", version: VOCABULARY_VERSION, strength: STRENGTH_RULE, entries });
}

export function vocabularyEntryOf(annotator: Annotator): VocabularyEntry {
  const { kind, version, languages, patterns, weights } = annotator;
  const spelled = patterns.map(({ id, language, on, expression, also }) => [
    id,
    language,
    on,
    ...[expression, ...also].map(({ source, flags }) => [source, flags]),
  ]);
  return { kind, version, languages: [...languages], patterns: digestJson({ patterns: spelled, weights }) };
}

/** The digest that signals name. */
export function vocabularyDigestOf(vocabulary: Vocabulary): Digest {
  return digestJson(vocabulary);
}

/** True when the signal speaks the current vocabulary. */
export function isFresh(signal: Pick<Signal, "vocabulary">, current: Digest): boolean {
  return signal.vocabulary === current;
}
