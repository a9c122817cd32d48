/**
 * The head of the page: what was read, how the run ended, and the six numbers that a reader wants first.
 *
 * @module
 */

import { shortDigest } from "./digest-text.ts";
import { type Html, html, nothing } from "./html.ts";
import { percentOf } from "./numbers.ts";
import { type Answer, pointsOf, type ReportData } from "./report-data.ts";
import type { Words } from "./words.ts";

export function masthead(data: ReportData, words: Words): Html {
  const { document } = data;
  const facts = [
    html`${words.language}`,
    html`${words.media[document.mediaType]}`,
    html`${words.pages(document.pages.length)}`,
    html`${words.paragraphs(document.paragraphs)}`,
    html`${words.digestNames.text} ${shortDigest(document.text.digest)}`,
    ...(data.run === undefined ? [] : [html`${words.digestNames.plan} ${shortDigest(data.run.planDigest)}`]),
  ];
  return html`<header class="masthead">
<p class="kicker">${words.report}</p>
<h1><bdi>${titleOf(data, words)}</bdi></h1>
<ul class="facts">${facts.map((fact) => html`<li>${fact}</li>`)}</ul>
${verdictLine(data, words)}
</header>`;
}

/** The document's title, or words that say that it has none. */
export function titleOf(data: ReportData, words: Words): string {
  return data.document.title.trim() === "" ? words.untitled : data.document.title;
}

export function summaryTiles(data: ReportData, answers: readonly Answer[], words: Words): Html {
  const { sum, most, answered, asked } = pointsOf(answers);
  const found = data.chunks.filter(({ kind }) => kind === "found").length;
  const { planned, consumed } = data.coverage;
  const tiles: readonly (readonly [string, number, number])[] = [
    [words.answered, answered, asked],
    [words.noEvidence, asked - answered, asked],
    [words.points, sum, most],
    [words.chunksFound, found, data.chunks.length],
    [words.coveragePlanned, planned.numerator, planned.denominator],
    [words.coverageConsumed, consumed.numerator, consumed.denominator],
  ];
  return html`<section aria-labelledby="summary"><h2 id="summary">${words.summary}</h2>
<dl class="tiles">${tiles.map(
    ([name, numerator, denominator]) =>
      html`<div><dt>${name}</dt><dd class="figure">${numerator}<span class="whole">/${denominator}</span></dd><dd class="percent">${percentOf({ numerator, denominator }, data.document.language)}</dd></div>`,
  )}</dl></section>`;
}

/** Good only when the run completed and at least one contract was judged and none violated: nothing judged is no success. */
function verdictLine(data: ReportData, words: Words): Html {
  const satisfied = data.verdicts.filter(({ verdict }) => verdict === "satisfied").length;
  const all = data.verdicts.length;
  const good = all > 0 && satisfied === all && (data.run === undefined || data.run.status === "completed");
  const status = data.run === undefined ? words.noRun : words.runStatus[data.run.status];
  const run = data.run === undefined ? nothing : html` <code class="run">${data.run.id}</code>`;
  return html`<p class="verdict ${good ? "good" : "bad"}"><span><span class="sign" aria-hidden="true">${good ? "✓" : "✗"}</span><strong>${status}</strong>${run}</span><span><a href="#provenance">${words.contractsSatisfied(satisfied, all)}</a></span></p>`;
}
