/**
 * Precision and recall of the policy operations on the labelled cases, by method and language; what was held out
 * stands apart. Everything printed is counted in this run.
 *
 * @module
 */
import { fileURLToPath } from "node:url";
import { LABELLED_CASES } from "../test/labelled/labelled-case.ts";
import { answerCases, type Measurement, measure, rates, type Tally } from "../test/labelled/measure.ts";

export type PrecisionReport = {
  readonly cases: number;
  readonly measured: readonly Measurement[];
  readonly msPerCase: number;
};

/** Answers every labelled case, prints the table, and returns what it was made from. */
export async function run(): Promise<PrecisionReport> {
  const startedMs = performance.now();
  const results = answerCases(LABELLED_CASES);
  const msPerCase = (performance.now() - startedMs) / results.length;
  const measured = measure(results);
  console.log(`labelled cases: ${results.length}, ${msPerCase.toFixed(1)} ms each with questions and signals`);
  console.log("language part      method              cases  answered: precision recall  elements: precision recall");
  for (const { language, part, method, cases, verdicts, elements } of measured) {
    const head = `${language.padEnd(8)} ${part.padEnd(9)} ${method.padEnd(20)} ${String(cases).padStart(4)}`;
    console.log(`${head}  ${shown(verdicts)}  ${shown(elements)}`);
  }
  return { cases: results.length, measured, msPerCase };
}

/** Hundredths as 0.95, with the counts behind them. */
function shown(tally: Tally): string {
  const { precision, recall } = rates(tally);
  const share = (hundredths: number | null) => (hundredths === null ? "   -" : (hundredths / 100).toFixed(2));
  const { truePositives, falsePositives, falseNegatives } = tally;
  return `${share(precision)} ${share(recall)} (${truePositives} right, ${falsePositives} too many, ${falseNegatives} missed)`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await run();
