/**
 * The last part of the page: the core contracts with what they found, and every digest in full.
 *
 * @module
 */
import type { ContractVerdict } from "@canonic/contracts";
import { fullDigest, shortDigest } from "./digest-text.ts";
import { type Html, html, nothing } from "./html.ts";
import type { ReportData } from "./report-data.ts";
import type { Words } from "./words.ts";

export function provenance(data: ReportData, words: Words): Html {
  return html`<section aria-labelledby="provenance"><h2 id="provenance">${words.provenance}</h2>
<p class="note">${words.provenanceNote}</p>
<section class="scroll" aria-label="${words.contract}" tabindex="0"><table class="plain"><caption class="visually-hidden">${words.contract}</caption>
<thead><tr><th scope="col">${words.contract}</th><th scope="col">${words.verdict}</th><th scope="col" class="number">${words.checked}</th><th scope="col" class="number">${words.violations}</th><th scope="col">${words.evidenceDigest}</th></tr></thead>
<tbody>
${data.verdicts.map((verdict) => contractRow(verdict, words))}</tbody></table></section>
${data.verdicts.map((verdict) => reasonList(verdict, words))}
<details class="more" open><summary>${words.digests}</summary><dl class="record digests">${digestRows(data, words).map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl></details></section>`;
}

function contractRow(verdict: ContractVerdict, words: Words): Html {
  const good = verdict.verdict === "satisfied";
  return html`<tr><th scope="row">${words.contracts[verdict.contract]}</th><td class="${good ? "good" : "bad"}"><span aria-hidden="true">${good ? "✓" : "✗"} </span>${good ? words.satisfied : words.violated}</td><td class="number">${verdict.checked}</td><td class="number">${verdict.violations}</td><td>${shortDigest(verdict.evidence)}</td></tr>
`;
}

function reasonList(verdict: ContractVerdict, words: Words): Html {
  if (verdict.reasons.length === 0) return nothing;
  const items = verdict.reasons.map(
    ({ code, place, message }) => html`<li><code>${code}</code> ${message} <span class="meaning">${place}</span></li>`,
  );
  return html`<h3>${words.reasons}: ${words.contracts[verdict.contract]}</h3><ul class="reasons">${items}</ul>`;
}

function digestRows(data: ReportData, words: Words): (readonly [string, Html])[] {
  const { document, coverage, run } = data;
  const names = words.digestNames;
  const rows: (readonly [string, Html])[] = [
    [names.document, html`<code>${document.id}</code>`],
    [
      names.source,
      html`${fullDigest(document.source.digest)} <span class="meaning">${words.sizeBytes(document.source.sizeBytes)}</span>`,
    ],
    [
      names.text,
      html`${fullDigest(document.text.digest)} <span class="meaning">${words.sizeBytes(document.text.sizeBytes)}</span>`,
    ],
    [names.normaliser, html`<code>${document.normaliser.name}</code> ${document.normaliser.version}`],
    [names.denominator, fullDigest(coverage.denominator)],
  ];
  if (run === undefined) return rows;
  rows.push([names.run, html`<code>${run.id}</code>`], [names.plan, fullDigest(run.planDigest)]);
  if (run.outputsDigest !== null) rows.push([names.outputs, fullDigest(run.outputsDigest)]);
  return rows;
}
