/**
 * The result files for people: a page and a table.
 *
 * @module
 */

export { renderCsv } from "./csv.ts";
export { renderReport } from "./page.ts";

export type { ReportData } from "./report-data.ts";
