/**
 * What the commands say, and where: results on standard output, everything else on standard error.
 *
 * Invariants:
 *   T1. With `--json`, standard output holds one JSON document and nothing else.
 *   T2. On a terminal one progress line is repainted at most ten times a second; elsewhere a plain line comes at most
 *       every two seconds and at each phase's end.
 *
 * @module
 */
import { stripVTControlCharacters } from "node:util";

export type Progress = (phase: string, completed: number, total: number) => void;

export interface Terminal {
  readonly json: boolean;
  /** A line of the result for people; silent with `--json`. */
  line(text?: string): void;
  /** The result for programs; silent without `--json`. */
  document(value: unknown): void;
  /** A line beside the result. */
  note(text: string): void;
  readonly progress: Progress;
  /** Bold, green, red: plain where colour is off. */
  strong(text: string): string;
  good(text: string): string;
  bad(text: string): string;
}

export type TerminalOptions = {
  readonly json: boolean;
  readonly colour: boolean;
  readonly out: NodeJS.WritableStream;
  readonly err: NodeJS.WritableStream & { readonly isTTY?: boolean; readonly columns?: number };
  readonly monotonicMs: () => number;
};

export function createTerminal(options: TerminalOptions): Terminal {
  const { json, colour, out, err } = options;
  const paint = (code: number) => (text: string) => (colour ? `\u001b[${code}m${text}\u001b[0m` : text);
  const progress = createProgress(options);
  return {
    json,
    line: (text = "") => {
      progress.clear();
      if (!json) out.write(`${text}\n`);
    },
    document: (value) => {
      progress.clear();
      if (json) out.write(`${JSON.stringify(value, null, 2)}\n`);
    },
    note: (text) => {
      progress.clear();
      err.write(`${text}\n`);
    },
    progress: progress.report,
    strong: paint(1),
    good: paint(32),
    bad: paint(31),
  };
}

function createProgress({ err, monotonicMs }: TerminalOptions): { report: Progress; clear: () => void } {
  const live = err.isTTY === true && (err.columns ?? 0) > 20;
  const intervalMs = live ? 100 : 2000;
  let painted = false;
  let lastMs = Number.NEGATIVE_INFINITY;
  let lastPhase = "";
  const clear = () => {
    if (painted) err.write("\r\u001b[2K");
    painted = false;
  };
  const report: Progress = (phase, completed, total) => {
    const now = monotonicMs();
    const ended = completed >= total;
    if (phase === lastPhase && !ended && now - lastMs < intervalMs) return;
    if (!live && phase === lastPhase && !ended && completed === 0) return;
    lastMs = now;
    lastPhase = phase;
    const percent = total === 0 ? 100 : Math.floor((100 * completed) / total);
    const text = stripVTControlCharacters(`${phase} ${completed}/${total} (${percent} %)`);
    if (live) {
      err.write(`\r\u001b[2K${text.slice(0, (err.columns ?? 80) - 1)}`);
      painted = true;
      if (ended) {
        err.write("\n");
        painted = false;
      }
    } else {
      err.write(`${text}\n`);
    }
  };
  return { report, clear };
}
