/**
 * Labelled cases: a question, a passage of our own writing, and what a careful reader would answer.
 *
 * Invariants:
 *   L1. A case is written before the methods see it; every third case of a language, as listed, is held out: nothing is
 *       tuned on it, and it is measured apart.
 *   L2. Every method has cases that it must answer and cases that it must not, in both languages.
 *
 * @module
 */
import type { AreaId, Language } from "@canonic/contracts";
import english from "./cases-en.json" with { type: "json" };
import spanish from "./cases-es.json" with { type: "json" };

/** `elements` are the ids that the passage meets, in the question's order; none means that there is no evidence. */
export type LabelledCase = {
  readonly id: string;
  readonly language: Language;
  readonly slot: string;
  readonly area: AreaId;
  readonly passage: string;
  readonly elements: readonly string[];
  readonly isHeldOut: boolean;
};

/** All labelled cases, English first, with ids and parts by position. */
export const LABELLED_CASES: readonly LabelledCase[] = [...casesOf("en", english), ...casesOf("es", spanish)];

function casesOf(language: Language, rows: typeof english): readonly LabelledCase[] {
  return rows.map(({ slot, area, passage, elements }, index) => ({
    id: `${language}-${String(index + 1).padStart(2, "0")}`,
    language,
    slot,
    area: area as AreaId,
    passage,
    elements,
    isHeldOut: index % 3 === 2,
  }));
}
