import { CASES_EN } from "./cases-en.ts";
import { CASES_ES } from "./cases-es.ts";
import type { LabelledCase } from "./labelled-case.ts";

export type { LabelledCase } from "./labelled-case.ts";
export type { CaseResult, Measurement, Tally } from "./measure.ts";
export { answerCases, measure, rates } from "./measure.ts";

/** All labelled cases, English first. */
export const LABELLED_CASES: readonly LabelledCase[] = [...CASES_EN, ...CASES_ES];
