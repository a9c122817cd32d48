/**
 * Which runs an export takes: by number, or by the days on which they began.
 *
 * @module
 */
import { numbersOfPeriod, type RunSummary } from "@canonic/audit";
import { OrchestratorError } from "./errors.ts";

export type RangeOptions = { readonly since?: string; readonly until?: string; readonly runs?: string };

/** True when runs are asked for by number or by time. */
export function isRange({ since, until, runs }: RangeOptions): boolean {
  return since !== undefined || until !== undefined || runs !== undefined;
}

/**
 * The numbers that the options name.
 *
 * @throws {OrchestratorError} `orchestrator.option-invalid` for a number or date that is none, for both kinds at once, for
 *   numbers that the store does not have yet, and for a period in which no run began.
 */
export function rangeOf(
  options: RangeOptions,
  listed: readonly RunSummary[],
): { readonly from: number; readonly to: number } {
  const { since, until, runs } = options;
  if (runs !== undefined) {
    if (since !== undefined || until !== undefined) throw invalid("--runs", "no --since or --until beside it");
    return storedNumbers(numbersOf(runs), listed);
  }
  const period = { since: momentOf("--since", since), until: momentOf("--until", until) };
  if (period.since !== null && period.until !== null && period.since >= period.until)
    throw invalid("--until", "a moment after --since");
  const found = numbersOfPeriod(listed, period);
  if (found === undefined)
    throw invalid(since === undefined ? "--until" : "--since", "a period in which a run of this store began");
  return found;
}

function numbersOf(text: string): { readonly from: number; readonly to: number } {
  const parts = /^([1-9][0-9]{0,8})\.\.([1-9][0-9]{0,8})$/.exec(text);
  const [from, to] = [Number(parts?.[1]), Number(parts?.[2])];
  if (parts === null || from > to) throw invalid("--runs", "two run numbers, like 3..17");
  return { from, to };
}

/** Less than was asked for is never given without a word. */
function storedNumbers<Range extends { readonly to: number }>(range: Range, listed: readonly RunSummary[]): Range {
  const last = Math.max(0, ...listed.map(({ number }) => number));
  if (range.to <= last) return range;
  throw invalid("--runs", last === 0 ? "runs, and this store has none" : `run numbers of this store, 1..${last}`);
}

/** As events spell moments; a day begins at midnight UTC. */
function momentOf(option: string, text: string | undefined): string | null {
  if (text === undefined) return null;
  const full = /^\d{4}-\d{2}-\d{2}$/.test(text) ? `${text}T00:00:00.000Z` : text.replace(/(:\d{2})Z$/, "$1.000Z");
  const time = Date.parse(full);
  if (!Number.isNaN(time) && new Date(time).toISOString() === full) return full;
  throw invalid(option, "a date like 2026-01-31, or a moment in UTC like 2026-01-31T12:00:00Z");
}

function invalid(option: string, expected: string): OrchestratorError<"orchestrator.option-invalid"> {
  return new OrchestratorError("orchestrator.option-invalid", `\`${option}\` takes ${expected}`, { option, expected });
}
