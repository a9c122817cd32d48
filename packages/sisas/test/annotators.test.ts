import { SignalKind } from "@canonic/contracts";
import { describe, expect, test } from "vitest";
import { ANNOTATORS, annotateText, type LabelledCase, measurePrecision } from "../src/index.ts";
import vectors from "../src/labelled-cases.json" with { type: "json" };

/** Language, text, then pattern, matched text and attributes of each finding; none for a text that must stay silent. */
type Row = readonly [
  language: "en" | "es",
  text: string,
  ...findings: (readonly [string, string, Readonly<Record<string, string>>])[],
];
const cases = vectors as unknown as Readonly<Record<SignalKind, readonly Row[]>>;

describe.each(SignalKind.options)("%s", (kind) => {
  const rows = cases[kind];

  test("has at least 30 labelled cases, with positives and negatives in both languages", () => {
    const count = (language: string, positive: boolean) =>
      rows.filter(([of, , ...findings]) => of === language && findings.length > 0 === positive).length;

    expect(rows.length).toBeGreaterThanOrEqual(30);
    expect(
      Math.min(count("en", true), count("es", true), count("en", false), count("es", false)),
    ).toBeGreaterThanOrEqual(6);
  });

  test.each(rows.map((row) => [row[0], row[1], row] as const))("[%s] %s", (language, text, [, , ...findings]) => {
    const found = annotateText(ANNOTATORS[kind], text, language);

    expect(found.map(({ pattern, start, end, attributes }) => [pattern, text.slice(start, end), attributes])).toEqual(
      findings,
    );
  });

  test("weighs every pattern it finds, with an integer 1..100", () => {
    const { weights, patterns } = ANNOTATORS[kind];
    const found = new Set(rows.flatMap(([, , ...findings]) => findings.map(([pattern]) => pattern)));

    expect(
      [...found, ...patterns.map(({ id }) => id)].filter((pattern) => !Number.isInteger(weights[pattern])),
    ).toEqual([]);
    expect(Object.values(weights).every((weight) => weight >= 1 && weight <= 100)).toBe(true);
  });
});

test("precision and recall are counted from the cases, and fall when an annotator is made blind or blunt", () => {
  const labelled: LabelledCase[] = SignalKind.options.flatMap((kind) =>
    cases[kind].map(([language, text, ...findings]) => ({
      kind,
      language,
      text,
      expected: findings.map(([pattern, matched]) => ({ pattern, text: matched })),
    })),
  );
  const blind = { ...ANNOTATORS, "causal-verbs": { ...ANNOTATORS["causal-verbs"], patterns: [] } };
  const blunt = {
    ...ANNOTATORS,
    "causal-verbs": {
      ...ANNOTATORS["causal-verbs"],
      refine: (_: unknown, { text }: { text: string }) => [
        { pattern: "change", start: 0, end: text.length, attributes: {} },
      ],
    },
  };

  const honest = measurePrecision(labelled);
  const blinded = measurePrecision(labelled, blind).get("causal-verbs");
  const blunted = measurePrecision(labelled, blunt).get("causal-verbs");

  expect([...honest.keys()]).toEqual(SignalKind.options);
  for (const measured of honest.values()) expect(measured).toMatchObject({ wrong: 0, missed: 0 });
  expect(blinded).toMatchObject({ right: 0, wrong: 0, precision: null });
  expect(blinded?.recall?.numerator).toBe(0);
  expect(blunted).toMatchObject({ right: 0, cases: cases["causal-verbs"].length });
});
