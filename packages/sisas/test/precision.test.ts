import {
  countPrecision,
  digestJson,
  type JsonValue,
  LabelledCases,
  PrecisionRecord,
  SignalKind,
} from "@canonic/contracts";
import { expect, test } from "vitest";
import { ANNOTATORS, LABELLED_CASES, measurePrecision, recordPrecision } from "../src/index.ts";
import { CURRENT } from "./support.ts";

test("the record of the shipped cases is of its schema, and counts again from what was found (M1)", () => {
  const { cases, record } = recordPrecision(LABELLED_CASES, CURRENT);

  expect(LabelledCases.parse(cases).cases.length).toBeGreaterThan(300);
  expect(PrecisionRecord.parse(record)).toMatchObject({ vocabulary: CURRENT, cases: digestJson(cases as JsonValue) });
  expect(record.found).toHaveLength(cases.cases.length);
  expect(record.counts.map(({ kind }) => kind)).toEqual(SignalKind.options);
  expect(countPrecision(cases, record.found)).toEqual(record.counts);
});

test("an annotator made blind shows in the record as all missed, and in precision as null", () => {
  const blind = { ...ANNOTATORS, "causal-verbs": { ...ANNOTATORS["causal-verbs"], patterns: [] } };
  const { record } = recordPrecision(LABELLED_CASES, CURRENT, blind);
  const blinded = record.counts.find(({ kind }) => kind === "causal-verbs");

  expect(blinded).toMatchObject({ right: 0, wrong: 0 });
  expect(blinded?.missed).toBeGreaterThan(0);
  expect(measurePrecision(LABELLED_CASES, blind).get("causal-verbs")?.precision).toBeNull();
});
