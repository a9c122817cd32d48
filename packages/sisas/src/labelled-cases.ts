/**
 * The labelled cases that this package ships: texts of our own writing, and exactly what each annotator should find.
 *
 * A row is language, text, then pattern, matched text and attributes of each finding; a text that must stay silent has
 * none. Attributes are held to by the tests of the annotators; precision counts findings by pattern and text.
 *
 * @module
 */
import { freezeDeep, type Language, SignalKind } from "@canonic/contracts";
import rows from "./labelled-cases.json" with { type: "json" };
import type { LabelledCase } from "./precision.ts";

type Row = readonly [language: Language, text: string, ...findings: (readonly [string, string, unknown])[]];

/** By kind, in the order of the file. */
export const LABELLED_CASES: readonly LabelledCase[] = freezeDeep(
  SignalKind.options.flatMap((kind) =>
    (rows as unknown as Readonly<Record<SignalKind, readonly Row[]>>)[kind].map(([language, text, ...findings]) => ({
      kind,
      language,
      text,
      expected: findings.map(([pattern, matched]) => ({ pattern, text: matched })),
    })),
  ),
);
