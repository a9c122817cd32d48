/**
 * The report: one page that needs nothing but itself.
 *
 * Invariants:
 *   P1. Equal data give equal bytes; no time, place or run enters that the data do not hold.
 *   P2. The page asks nothing of any server: its policy forbids every request and every script and style but its own two,
 *       named by digest.
 *   P3. Whatever the document, questionnaire or run say is text (see `html.ts`); the page reads whole without its script.
 *
 * @see Content Security Policy Level 3. WCAG 2.2, level AA.
 * @module
 */
import { createHash } from "node:crypto";
import { answersSection } from "./answers.ts";
import { areaScores } from "./area-scores.ts";
import { coverageFunnel } from "./coverage-funnel.ts";
import { heatMap } from "./heat-map.ts";
import { Html, html, markupOf } from "./html.ts";
import { masthead, summaryTiles, titleOf } from "./masthead.ts";
import { provenance } from "./provenance.ts";
import { gridOf, joinAnswers, type ReportData } from "./report-data.ts";
import { script } from "./script.ts";
import { style } from "./style.ts";
import { type Words, wordsFor } from "./words.ts";

/** Prints the page in the document's language; UTF-8, HTML. */
export function renderReport(data: ReportData): string {
  const words = wordsFor(data.document.language);
  const answers = joinAnswers(data);
  const cells = gridOf(data, answers);
  return markupOf(html`${new Html("<!doctype html>")}
<html lang="${data.document.language}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>${titleOf(data, words)} · ${words.report}</title>
<link rel="icon" href="data:,">
<style>${new Html(style)}</style>
</head>
<body>
<a class="skip" href="#answers">${words.skip}</a>
${masthead(data, words)}
${contents(words)}
<main>
${summaryTiles(data, answers, words)}
${heatMap(data, cells, words)}
${areaScores(data, cells, words)}
${coverageFunnel(data, words)}
${answersSection(data, cells, words)}
${provenance(data, words)}
</main>
<script>${new Html(script)}</script>
</body>
</html>
`);
}

function contents(words: Words): Html {
  const entries: readonly (readonly [string, string])[] = [
    ["summary", words.summary],
    ["heat-map", words.heatMap],
    ["areas", words.areas],
    ["coverage", words.coverage],
    ["answers", words.answers],
    ["provenance", words.provenance],
  ];
  return html`<nav aria-label="${words.contents}"><ul>${entries.map(([id, name]) => html`<li><a href="#${id}">${name}</a></li>`)}</ul></nav>`;
}

function sourceOf(text: string): string {
  return `'sha256-${createHash("sha256").update(text, "utf8").digest("base64")}'`;
}

const policy = [
  "default-src 'none'",
  `style-src ${sourceOf(style)}`,
  `script-src ${sourceOf(script)}`,
  "img-src data:",
  "base-uri 'none'",
  "form-action 'none'",
].join("; ");
