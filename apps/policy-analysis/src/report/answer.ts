/**
 * One answer, folded: its question, status and score; unfolded: what was expected, what the document says and where, or
 * what was searched.
 *
 * @module
 */
import type { Chunk, Evidence, Output, Question } from "@canonic/contracts";
import { shortDigest } from "./digest-text.ts";
import { type Html, html, nothing } from "./html.ts";
import { confidenceText, scaleStep } from "./numbers.ts";
import { type Quote, quoteOf } from "./quote.ts";
import type { Answer, ReportData } from "./report-data.ts";
import type { Words } from "./words.ts";

const SCORE_MAX = 3;

export function answerDetails(data: ReportData, answer: Answer, words: Words): Html {
  const { question, output } = answer;
  const status = output.status === "answered" ? words.answered : words.noEvidence;
  return html`<details class="answer" id="${question.id}" data-status="${output.status}" data-score="${output.score}"><summary><span class="id">${question.id}</span><span class="chip s${scaleStep(output.score, SCORE_MAX)}${output.status === "answered" ? "" : " empty"}"><span class="visually-hidden">${words.score} </span>${output.score}<span class="whole">/${SCORE_MAX}</span></span><span class="text">${question.text}</span><span class="status">${status}</span></summary>
<div class="body"><div class="found">${output.status === "answered" ? evidenceList(data, output, question, words) : searchRecord(output, answer.chunk, words)}</div>
<div class="judged">${elementList(question, output, words)}${facts(data, answer, words)}</div></div></details>
`;
}

function evidenceList(data: ReportData, output: Output, question: Question, words: Words): Html {
  const labels = new Map(question.elements.map(({ id, label }) => [id, label]));
  const figures = output.evidence.map((evidence) => {
    const quote = quoteOf(data.document, data.text, evidence);
    return html`<figure><blockquote dir="auto"><p><span class="context">${quote.before}</span><mark>${quote.text}</mark><span class="context">${quote.after}</span></p></blockquote>
<figcaption>${citation(evidence, quote, labels, words)}</figcaption></figure>`;
  });
  return html`<h5>${words.evidence(output.evidence.length)}</h5>${figures}`;
}

function citation(evidence: Evidence, quote: Quote, labels: ReadonlyMap<string, string>, words: Words): Html {
  const supported = evidence.elements.map((id) => labels.get(id) ?? id).join("; ");
  const page =
    quote.page === null
      ? nothing
      : html`<strong>${words.page(quote.page, quote.lastPage ?? quote.page)}</strong><span class="sep"> · </span>`;
  const intact = quote.intact
    ? html`<span class="good"><span aria-hidden="true">✓ </span>${words.intact}</span>`
    : html`<span class="bad"><span aria-hidden="true">✗ </span>${words.notIntact}</span>`;
  const supports = supported === "" ? nothing : html`<span class="line">${words.supports}: ${supported}</span>`;
  return html`${page}${words.bytes(evidence.span.start, evidence.span.end)}<span class="sep"> · </span>${words.relevance} ${evidence.relevance}/100<span class="sep"> · </span>${intact} ${shortDigest(evidence.digest)}${supports}`;
}

function searchRecord(output: Extract<Output, { status: "no_evidence" }>, chunk: Chunk, words: Words): Html {
  const { search } = output;
  const silent = chunk.kind === "found" ? html` ${words.passagesWithoutElement}` : nothing;
  return html`<h5>${words.search}</h5><p>${words.searchSentence(search.paragraphs, search.candidates, search.bestScore, search.threshold)}${silent}</p>
<dl class="record"><div><dt>${words.method}</dt><dd><code>${search.method}</code></dd></div><div><dt>${words.terms}</dt><dd><ul class="terms">${search.terms.map((term) => html`<li>${term}</li>`)}</ul></dd></div></dl>`;
}

function elementList(question: Question, output: Output, words: Words): Html {
  const expected = new Map(question.elements.map((element) => [element.id, element]));
  const items = output.elements.map(({ id, met }) => {
    const element = expected.get(id);
    const required = element?.required === true ? html` <span class="meaning">(${words.required})</span>` : nothing;
    return html`<li class="${met ? "met" : "unmet"}"><span class="sign" aria-hidden="true">${met ? "✓" : "–"}</span><span>${element?.label ?? id}${required}<span class="visually-hidden">: ${met ? words.met : words.notMet}</span></span></li>`;
  });
  return html`<h5>${words.elements} <span class="tally">${output.elements.filter(({ met }) => met).length}<span class="whole">/${output.elements.length}</span></span></h5><ul class="elements">${items}</ul>`;
}

function facts(data: ReportData, { question, output, chunk }: Answer, words: Words): Html {
  const passages = chunk.kind === "found" ? chunk.passages.length : 0;
  const signals = output.signals.map(
    ({ kind, links }) =>
      html`<li>${words.signalKinds[kind]} <span class="meaning">${words.links(links.length)}</span></li>`,
  );
  const rows: readonly (readonly [string, Html])[] = [
    [words.confidence, html`${confidenceText(output.confidence, data.document.language)}`],
    [words.modality, html`${words.modalities[output.modality]}`],
    [words.chunk, html`${output.chunk}, ${words.passages(passages)} ${shortDigest(output.chunkDigest)}`],
    [words.signals, signals.length === 0 ? html`0` : html`<ul class="signals">${signals}</ul>`],
    [words.baseQuestion, html`${question.slot}`],
  ];
  return html`<dl class="record">${rows.map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>`;
}
