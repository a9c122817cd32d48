/**
 * Units: what a document is cut into, and the closed vocabularies of their kinds and sections.
 *
 * Invariants:
 *   U1. `anchor` is a half-open span of UTF-8 bytes of the source, and `body` is exactly those bytes.
 *   U2. Units follow one another in the source and never overlap; `order` counts them from 0.
 *   U3. An address names one unit of a version of a document: section, slash, letter of the kind, number within the
 *       section.
 *
 * @module
 */
import type { Digest } from "@canonic/contracts";

/** Each kind with the letter that its addresses have. */
export const UNIT_KINDS = {
  heading: "h",
  paragraph: "p",
  item: "i",
  table: "t",
  code: "c",
  quote: "q",
  html: "x",
  footnote: "f",
  definition: "d",
  matter: "m",
} as const;
export type UnitKind = keyof typeof UNIT_KINDS;

export const SECTION_TYPES = ["annex", "article", "chapter", "document", "part", "preamble", "section"] as const;
export type SectionType = (typeof SECTION_TYPES)[number];

/** The most units that one document is cut into. */
export const UNITS_MAX = 1000;

/** A unit without its body: what plans and outputs hold. */
export type UnitRow = {
  readonly address: string;
  readonly order: number;
  readonly kind: UnitKind;
  readonly sectionType: SectionType;
  readonly titlePath: readonly string[];
  readonly contentDigest: Digest;
  readonly anchor: { readonly start: number; readonly end: number };
};

export type Unit = UnitRow & { readonly body: string };

/** A document that was read: `digest` is of all its bytes, `version` what it says of itself or else its digest. */
export type SourceDocument = {
  readonly digest: Digest;
  readonly sizeBytes: number;
  readonly version: string;
  readonly units: readonly Unit[];
};
