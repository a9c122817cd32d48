/**
 * Precision and recall of annotators against labelled cases. No number here is a constant: all are counted.
 *
 * Invariants:
 *   M1. The record holds what was found in each case, so that whoever has it and the cases counts the same.
 *
 * @module
 */
import {
  countPrecision,
  type Digest,
  digestJson,
  type Fraction,
  type JsonValue,
  type Label,
  type LabelledCases,
  type PrecisionCount,
  type PrecisionRecord,
  type SignalKind,
} from "@canonic/contracts";
import { type Annotator, annotateText } from "./annotator.ts";
import { ANNOTATORS } from "./annotators.ts";

/** A text and exactly what an annotator of this kind should find in it, by pattern and matched text. */
export type LabelledCase = LabelledCases["cases"][number];

/** Counts of findings; precision and recall are null when their denominator is 0, for nothing was asked or found. */
export type KindPrecision = Omit<PrecisionCount, "kind"> & {
  readonly precision: Fraction | null;
  readonly recall: Fraction | null;
};

type Annotators = Readonly<Record<SignalKind, Annotator>>;

/** Counts every kind over its labelled cases; kinds without a case are left out. */
export function measurePrecision(
  cases: readonly LabelledCase[],
  annotators: Annotators = ANNOTATORS,
): ReadonlyMap<SignalKind, KindPrecision> {
  const counted = countPrecision(casesOf(cases), findLabels(cases, annotators));
  return new Map(
    counted.map(({ kind, ...counts }) => {
      const { right, wrong, missed } = counts;
      return [kind, { ...counts, precision: share(right, wrong), recall: share(right, missed) }];
    }),
  );
}

/** The measurement as evidence: the cases, and what was found in each with the vocabulary of this digest. */
export function recordPrecision(
  cases: readonly LabelledCase[],
  vocabulary: Digest,
  annotators: Annotators = ANNOTATORS,
): { readonly cases: LabelledCases; readonly record: PrecisionRecord } {
  const labelled = casesOf(cases);
  const found = findLabels(cases, annotators);
  const record: PrecisionRecord = {
    schema: "canonic/precision/v1",
    vocabulary,
    cases: digestJson(labelled as JsonValue),
    found,
    counts: countPrecision(labelled, found),
  };
  return { cases: labelled, record };
}

function casesOf(cases: readonly LabelledCase[]): LabelledCases {
  return { schema: "canonic/labelled-cases/v1", cases: [...cases] };
}

/** What each annotator finds in its cases; a finding that stands twice stands once. */
function findLabels(cases: readonly LabelledCase[], annotators: Annotators): Label[][] {
  return cases.map(({ kind, language, text }) => {
    const found = new Map<string, Label>();
    for (const { pattern, start, end } of annotateText(annotators[kind], text, language)) {
      const label = { pattern, text: text.slice(start, end) };
      found.set(`${label.pattern} ${label.text}`, label);
    }
    return [...found.values()];
  });
}

function share(right: number, others: number): Fraction | null {
  return right + others === 0 ? null : { numerator: right, denominator: right + others };
}
