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

/** Slot, area, the elements met with spaces between them (empty: no evidence), passage. */
export type CaseRow = readonly [slot: string, area: string, elements: string, passage: string];

/** Gives rows their ids and their part, by position. */
export function casesOf(language: Language, rows: readonly CaseRow[]): readonly LabelledCase[] {
  return rows.map(([slot, area, elements, passage], index) => ({
    id: `${language}-${String(index + 1).padStart(2, "0")}`,
    language,
    slot,
    area: area as AreaId,
    passage,
    elements: elements === "" ? [] : elements.split(" "),
    isHeldOut: index % 3 === 2,
  }));
}
