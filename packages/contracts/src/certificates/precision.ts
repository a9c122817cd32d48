/**
 * What the annotators of a run found in labelled cases, kept whole, so that precision and recall are counted and not told.
 *
 * Invariants:
 *   P1. `found` holds, for each case in its order, all that was found in it; the counts of a kind follow from both.
 *   P2. Both are measured with the vocabulary that the run's signals name.
 *
 * @module
 */
import { z } from "zod";
import { canonicalJson, type JsonValue } from "../canonical-json.ts";
import { Digest } from "../digest.ts";
import { Language } from "../document.ts";
import { SignalKind } from "../signal.ts";
import { boundedText } from "../text.ts";

const Label = z.strictObject({ pattern: boundedText(64), text: boundedText(4096) });
export type Label = z.infer<typeof Label>;

/** Texts, and exactly what an annotator of the kind should find in each. */
export const LabelledCases = z.strictObject({
  schema: z.literal("canonic/labelled-cases/v1"),
  cases: z
    .array(
      z.strictObject({
        kind: SignalKind,
        language: Language,
        text: boundedText(4096),
        expected: z.array(Label),
      }),
    )
    .min(1),
});
export type LabelledCases = z.infer<typeof LabelledCases>;

const PrecisionCount = z.strictObject({
  kind: SignalKind,
  cases: z.int().min(1),
  right: z.int().min(0),
  wrong: z.int().min(0),
  missed: z.int().min(0),
});
export type PrecisionCount = z.infer<typeof PrecisionCount>;

export const PrecisionRecord = z.strictObject({
  schema: z.literal("canonic/precision/v1"),
  vocabulary: Digest,
  cases: Digest,
  found: z.array(z.array(Label)),
  counts: z.array(PrecisionCount),
});
export type PrecisionRecord = z.infer<typeof PrecisionRecord>;

/** Counts every kind that has a case, in the order of `SignalKind`; a label that stands twice in a case counts once. */
export function countPrecision({ cases }: LabelledCases, found: readonly (readonly Label[])[]): PrecisionCount[] {
  return SignalKind.options.flatMap((kind) => {
    const own = cases.flatMap(({ kind: of, expected }, at) =>
      of === kind ? [{ wanted: setOf(expected), given: setOf(found[at] ?? []) }] : [],
    );
    if (own.length === 0) return [];
    const total = (of: (row: (typeof own)[number]) => number) => own.reduce((sum, row) => sum + of(row), 0);
    return [
      {
        kind,
        cases: own.length,
        right: total(({ wanted, given }) => count(given, (label) => wanted.has(label))),
        wrong: total(({ wanted, given }) => count(given, (label) => !wanted.has(label))),
        missed: total(({ wanted, given }) => count(wanted, (label) => !given.has(label))),
      },
    ];
  });
}

function count(labels: ReadonlySet<string>, holds: (label: string) => boolean): number {
  return [...labels].filter(holds).length;
}

function setOf(labels: readonly Label[]): Set<string> {
  return new Set(labels.map((label) => canonicalJson(label as JsonValue)));
}
