/**
 * The result files of a sealed analysis: the table and the page for people.
 *
 * @module
 */
import type { ResultFile, SealedRun } from "@canonic/orchestrator";
import { DIMENSIONS, POLICY_AREAS } from "./areas/index.ts";
import { analysisRecordOf } from "./record.ts";
import { type ReportData, renderCsv, renderReport } from "./report/index.ts";

/** `answers.csv` and `report.html`; nothing of them depends on when or where they were written. */
export function resultsOf(sealed: SealedRun): readonly ResultFile[] {
  const record = analysisRecordOf(sealed);
  if (record === undefined) return [];
  const { language } = record.document;
  const data: ReportData = {
    document: record.document,
    text: record.text,
    questions: record.questions,
    areas: POLICY_AREAS.map(({ id, name }) => ({ id, name: name[language] })),
    dimensions: DIMENSIONS.map(({ id, name }) => ({ id, name: name[language] })),
    chunks: [...record.chunks.values()],
    outputs: record.values,
    coverage: record.coverage,
    verdicts: sealed.contracts,
    run: {
      id: sealed.run,
      planDigest: sealed.planDigest,
      outputsDigest: sealed.outputsDigest,
      status: "completed",
    },
  };
  return [
    { path: "answers.csv", bytes: renderCsv(data) },
    { path: "report.html", bytes: renderReport(data) },
  ];
}
