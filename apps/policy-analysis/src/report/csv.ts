/**
 * The result file for spreadsheets: one row an answer.
 *
 * Invariants:
 *   S1. RFC 4180: comma, CRLF after every row, a header row, quotes doubled; UTF-8 without a byte order mark.
 *   S2. No cell that holds text can be taken for a formula: where a spreadsheet could read one, an apostrophe goes first.
 *       A reader of the file takes that one apostrophe off; numbers and digests never need it.
 *   S3. Column names are English in every language: programs read them.
 *
 * @see RFC 4180. OWASP, CSV Injection (prefix for `=`, `+`, `-`, `@`, tab, carriage return, line feed).
 * @module
 */
import { showHidden } from "./hidden-characters.ts";
import { quoteOf } from "./quote.ts";
import { type Answer, joinAnswers, type ReportData } from "./report-data.ts";

const columns = [
  "question_id",
  "area_id",
  "area_name",
  "dimension",
  "slot",
  "question",
  "status",
  "score",
  "confidence",
  "elements_met",
  "evidence_count",
  "quote",
  "page",
  "span_start",
  "span_end",
  "digest",
] as const;

/**
 * Prints all answers, in the order of the questions. `quote`, `page`, span and digest are those of the first evidence,
 * empty without one; `elements_met` are element ids between semicolons.
 */
export function renderCsv(data: ReportData): string {
  const areaNames = new Map<string, string>(data.areas.map(({ id, name }) => [id, name]));
  const rows = joinAnswers(data).map((answer) => cellsOf(data, answer, areaNames.get(answer.question.area) ?? ""));
  return [columns, ...rows].map((row) => `${row.map(printCell).join(",")}\r\n`).join("");
}

/**
 * Text that a spreadsheet shows as text. Full-width signs count, as some locales read them as formulas, and so does
 * white space before a sign, which some programs drop.
 */
export function guardFormula(text: string): string {
  return /^(\s*[=+\-@＝＋－＠]|[\t\r\n])/u.test(text) ? `'${text}` : text;
}

type CellValue = string | number | null;

function cellsOf(data: ReportData, { question, output }: Answer, areaName: string): CellValue[] {
  const [first] = output.evidence;
  const quote = first === undefined ? undefined : quoteOf(data.document, data.text, first);
  return [
    question.id,
    question.area,
    areaName,
    question.dimension,
    question.slot,
    question.text,
    output.status,
    output.score,
    output.confidence,
    output.elements
      .filter(({ met }) => met)
      .map(({ id }) => id)
      .join("; "),
    output.evidence.length,
    quote?.text ?? null,
    quote?.page ?? null,
    first?.span.start ?? null,
    first?.span.end ?? null,
    first?.digest ?? null,
  ];
}

function printCell(value: CellValue): string {
  if (value === null) return "";
  if (typeof value === "number") return String(value);
  return `"${guardFormula(showHidden(value)).replaceAll('"', '""')}"`;
}
