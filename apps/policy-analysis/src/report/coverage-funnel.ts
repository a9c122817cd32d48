/**
 * Signal coverage: the funnel from declared to decisive, the exact fractions, and every gap with its reason.
 *
 * Invariants:
 *   F1. What was not measured says so; it is never drawn as nothing or as everything.
 *
 * @module
 */
import type { Coverage, CoverageFunnel, Fraction, Language } from "@canonic/contracts";
import { bar } from "./bars.ts";
import { type Html, html } from "./html.ts";
import { percentOf } from "./numbers.ts";
import type { ReportData } from "./report-data.ts";
import type { Words } from "./words.ts";

const stages: readonly (keyof CoverageFunnel)[] = [
  "declared",
  "wired",
  "emitted",
  "valid",
  "fresh",
  "consumed",
  "decisive",
];

export function coverageFunnel(data: ReportData, words: Words): Html {
  const { coverage, document } = data;
  const { language } = document;
  return html`<section aria-labelledby="coverage"><h2 id="coverage">${words.coverage}</h2>
<p class="note">${words.coverageNote}</p>
<div class="pair">
<table class="bars funnel"><caption class="visually-hidden">${words.coverage}</caption>
<thead><tr><th scope="col">${words.stage}</th><td></td><th scope="col" class="number">${words.pairs}</th><th scope="col" class="number">${words.share}</th></tr></thead>
<tbody>
${stages.map((stage) => stageRow(stage, coverage.funnel, language, words))}</tbody></table>
${fractions(coverage, language, words)}
</div>
${gaps(coverage, words)}</section>`;
}

function stageRow(stage: keyof CoverageFunnel, funnel: CoverageFunnel, language: Language, words: Words): Html {
  const { name, meaning } = words.stages[stage];
  const head = html`<th scope="row">${name} <span class="meaning">${meaning}</span></th>`;
  const count = funnel[stage];
  if (count === null) return html`<tr>${head}<td class="drawn unmeasured" colspan="3">${words.notMeasured}</td></tr>\n`;
  const whole = funnel.declared;
  return html`<tr>${head}<td class="drawn">${bar(count, whole)}</td><td class="number">${count}<span class="whole">/${whole}</span></td><td class="number">${percentOf({ numerator: count, denominator: whole }, language)}</td></tr>
`;
}

function fractions(coverage: Coverage, language: Language, words: Words): Html {
  const rows: readonly (readonly [string, { readonly planned: Fraction; readonly consumed: Fraction }])[] = [
    [words.all, coverage],
    [words.lowestArea, coverage.minimumByArea],
    [words.lowestDimension, coverage.minimumByDimension],
  ];
  const cell = (fraction: Fraction): Html =>
    html`<td class="number">${fraction.numerator}<span class="whole">/${fraction.denominator}</span> <span class="meaning">${percentOf(fraction, language)}</span></td>`;
  return html`<table class="plain"><caption class="visually-hidden">${words.scope}</caption>
<thead><tr><th scope="col">${words.scope}</th><th scope="col" class="number">${words.planned}</th><th scope="col" class="number">${words.consumed}</th></tr></thead>
<tbody>
${rows.map(([name, { planned, consumed }]) => html`<tr><th scope="row">${name}</th>${cell(planned)}${cell(consumed)}</tr>\n`)}</tbody></table>`;
}

function gaps(coverage: Coverage, words: Words): Html {
  if (coverage.gaps.length === 0) return html`<p class="note after">${words.noGaps}</p>`;
  const rows = coverage.gaps.map(
    (gap) =>
      html`<tr><th scope="row"><a href="#${gap.question}">${gap.question}</a></th><td>${words.signalKinds[gap.kind]}</td><td>${words.stages[gap.stage].name}</td><td>${gap.reason}</td><td>${gap.owner}</td></tr>\n`,
  );
  const { signal, stage, reason, owner } = words.gap;
  return html`<details class="more"><summary>${words.gaps(coverage.gaps.length)}</summary>
<section class="scroll" aria-label="${words.gaps(coverage.gaps.length)}" tabindex="0"><table class="plain"><caption class="visually-hidden">${words.gaps(coverage.gaps.length)}</caption>
<thead><tr>${[words.question, signal, stage, reason, owner].map((name) => html`<th scope="col">${name}</th>`)}</tr></thead>
<tbody>
${rows}</tbody></table></section></details>`;
}
