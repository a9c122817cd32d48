/**
 * Precision and recall of annotators against labelled cases. No number here is a constant: all are counted.
 *
 * @module
 */
import { type Fraction, type Language, SignalKind } from "@canonic/contracts";
import { type Annotator, annotateText } from "./annotator.ts";
import { ANNOTATORS } from "./annotators.ts";

/** A text and exactly what an annotator of this kind should find in it, by pattern and matched text. */
export type LabelledCase = {
  readonly kind: SignalKind;
  readonly language: Language;
  readonly text: string;
  readonly expected: readonly { readonly pattern: string; readonly text: string }[];
};

/** Counts of findings; precision and recall are null when their denominator is 0, for nothing was asked or found. */
export type KindPrecision = {
  readonly cases: number;
  readonly right: number;
  readonly wrong: number;
  readonly missed: number;
  readonly precision: Fraction | null;
  readonly recall: Fraction | null;
};

/** Counts every kind over its labelled cases; kinds without a case are left out. */
export function measurePrecision(
  cases: readonly LabelledCase[],
  annotators: Readonly<Record<SignalKind, Annotator>> = ANNOTATORS,
): ReadonlyMap<SignalKind, KindPrecision> {
  const measured = new Map<SignalKind, KindPrecision>();
  for (const kind of SignalKind.options) {
    const own = cases.filter((labelled) => labelled.kind === kind);
    if (own.length === 0) continue;
    let [right, wrong, missed] = [0, 0, 0];
    for (const { language, text, expected } of own) {
      const found = new Set(
        annotateText(annotators[kind], text, language).map(
          ({ pattern, start, end }) => `${pattern} ${text.slice(start, end)}`,
        ),
      );
      const wanted = new Set(expected.map((label) => `${label.pattern} ${label.text}`));
      right += [...found].filter((finding) => wanted.has(finding)).length;
      wrong += [...found].filter((finding) => !wanted.has(finding)).length;
      missed += [...wanted].filter((label) => !found.has(label)).length;
    }
    measured.set(kind, {
      cases: own.length,
      right,
      wrong,
      missed,
      precision: share(right, wrong),
      recall: share(right, missed),
    });
  }
  return measured;
}

function share(right: number, others: number): Fraction | null {
  return right + others === 0 ? null : { numerator: right, denominator: right + others };
}
