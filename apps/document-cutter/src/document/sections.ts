/**
 * Sections: numbers, titles and types from headings, in one pass over a document.
 *
 * Invariants:
 *   S1. A heading opens a section within the nearest earlier heading of a lower level; skipped levels are not invented.
 *   S2. What stands before the first heading is section `0`, the preamble.
 *
 * @module
 */
import type { SectionType } from "./unit.ts";

export type Section = {
  /** `2.1`: the first section within the second. */
  readonly number: string;
  readonly type: SectionType;
  readonly titlePath: readonly string[];
};

const PREAMBLE: Section = { number: "0", type: "preamble", titlePath: [] };

/** The first word of a heading that says what it heads; a number or letter follows, but for annex and preamble. */
const WORDED: readonly (readonly [RegExp, SectionType])[] = [
  [/^(?:part|parte|title|título|book|libro)\s+(?:[ivxlcdm]+|\d+|[a-z])\b/iu, "part"],
  [/^(?:chapter|capítulo)\s+(?:[ivxlcdm]+|\d+|[a-z])\b/iu, "chapter"],
  [/^(?:(?:article|artículo|art\.)\s*(?:[ivxlcdm]+|\d+)\b|§\s*\d)/iu, "article"],
  [/^(?:annex|anexo|appendix|apéndice|schedule)\b/iu, "annex"],
  [/^(?:preamble|preámbulo|foreword|preface)\b/iu, "preamble"],
];

type Open = { readonly depth: number; readonly section: Section; children: number };

/** Follows the headings of one document. */
export class SectionTracker {
  #open: Open[] = [];
  #roots = 0;

  get current(): Section {
    return this.#open.at(-1)?.section ?? PREAMBLE;
  }

  /** @param depth - 1 to 6. @param isOnlyTitle - The heading is the document's only one of the first level. */
  enter(depth: number, title: string, isOnlyTitle: boolean): Section {
    while ((this.#open.at(-1)?.depth ?? 0) >= depth) this.#open.pop();
    const parent = this.#open.at(-1);
    const count = parent === undefined ? ++this.#roots : ++parent.children;
    const section: Section = {
      number: parent === undefined ? String(count) : `${parent.section.number}.${count}`,
      type: isOnlyTitle ? "document" : typeOf(title),
      titlePath: [...(parent?.section.titlePath ?? []), title],
    };
    this.#open.push({ depth, section, children: 0 });
    return section;
  }
}

function typeOf(title: string): SectionType {
  return WORDED.find(([pattern]) => pattern.test(title))?.[1] ?? "section";
}
