/**
 * The result files for people: a page, a table and the outputs line by line.
 *
 * @module
 */

export { renderCsv } from "./csv.ts";
export { outputsJsonl } from "./outputs-jsonl.ts";
export { renderReport } from "./page.ts";

export type { ReportData } from "./report-data.ts";
