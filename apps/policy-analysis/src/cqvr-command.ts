/**
 * `canonic cqvr`: the executor contracts of the 300 questions, judged by the rubric.
 *
 * @module
 */
import { Language } from "@canonic/contracts";
import type { PackCommand, PackHost, PackInput } from "@canonic/orchestrator";
import { type CqvrSummary, executorContracts, summarise } from "./cqvr/index.ts";

const LOWEST_SHOWN = 10;
const BAR_UNITS = 40;

export const cqvr: PackCommand = {
  name: "cqvr",
  arguments: "",
  argumentHelp: "",
  summary: "score the executor contracts of the 300 questions: points, what is lost and why, and the verdicts",
  options: [
    {
      flags: "--lang <language>",
      description: "the questionnaire's language (default: en)",
      choices: Language.options,
    },
  ],
  examples: ["canonic cqvr", "canonic cqvr --lang es --json"],
  startsRuns: false,
  run: runCqvr,
};

async function runCqvr({ options }: PackInput, { terminal }: PackHost): Promise<void> {
  const language = Language.parse(options["lang"] ?? "en");
  const summary = summarise(executorContracts(language));
  terminal.document({ language, ...summary });
  terminal.line(terminal.strong(`${summary.contracts} executor contracts, ${language}`));
  for (const line of linesOf(summary)) terminal.line(line);
}

function linesOf({ verdicts, histogram, criteria, lost, scores }: CqvrSummary): string[] {
  const most = Math.max(...histogram.map(({ contracts }) => contracts));
  const lowest = scores
    .toSorted((a, b) => a.total - b.total || (a.question < b.question ? -1 : 1))
    .slice(0, LOWEST_SHOWN);
  return [
    `  ${Object.entries(verdicts)
      .map(([verdict, count]) => `${verdict} ${count}`)
      .join(", ")}`,
    "",
    "  points  contracts",
    ...histogram.map(({ total, contracts }) => {
      const bar = "#".repeat(Math.ceil((BAR_UNITS * contracts) / most));
      return `  ${String(total).padStart(6)}  ${String(contracts).padStart(9)}  ${bar}`;
    }),
    "",
    "  criterion             least  most  of  full",
    ...criteria.map(({ id, max, least, most: best, full }) => {
      const numbers = [least, best, max].map((points, at) => String(points).padStart([7, 6, 4][at] as number)).join("");
      return `  ${id.padEnd(20)}${numbers}${String(full).padStart(6)}`;
    }),
    "",
    "  what is lost, by how many",
    ...lost.map(({ criterion, code, contracts }) => `  ${String(contracts).padStart(6)}  ${criterion}: ${code}`),
    "",
    "  lowest",
    ...lowest.map(
      ({ question, slot, operation, total, verdict }) =>
        `  ${question} ${slot}  ${String(total).padStart(3)} ${verdict}  ${operation}`,
    ),
  ];
}
