/**
 * All answers, by area and dimension, and the form that narrows them where a script may run.
 *
 * @module
 */
import { answerDetails } from "./answer.ts";
import { type Html, html } from "./html.ts";
import { type Cell, pointsOf, type ReportData } from "./report-data.ts";
import type { Words } from "./words.ts";

export function answersSection(data: ReportData, cells: readonly Cell[], words: Words): Html {
  const count = data.questions.length;
  const areas = data.areas.map((area, index) => {
    const own = cells.filter((cell) => cell.area.id === area.id);
    const points = pointsOf(own.flatMap(({ answers }) => answers));
    return html`<details class="area" id="${area.id}"${index === 0 ? html` open` : html``}><summary><h3><span class="code">${area.id}</span> ${area.name}</h3><span class="tally">${words.answeredOf(points.answered, points.asked)}</span><span class="tally">${points.sum}<span class="whole">/${points.most}</span></span></summary>
${own.map((cell) => cellGroup(data, cell, words))}</details>
`;
  });
  return html`<section aria-labelledby="answers"><h2 id="answers">${words.answers}</h2>
<p class="note">${words.answersNote}</p>
${filterForm(words, count)}
<div id="answer-list">
${areas}</div></section>`;
}

function cellGroup(data: ReportData, cell: Cell, words: Words): Html {
  return html`<div class="group"><h4 id="${cell.id}" tabindex="-1"><span class="code">${cell.id}</span> ${cell.dimension.name} <span class="tally">${cell.score.sum}<span class="whole">/${cell.score.most}</span></span></h4>
${cell.answers.map((answer) => answerDetails(data, answer, words))}</div>
`;
}

/** Hidden until the script shows it: without one the browser's own search reaches every answer. */
function filterForm(words: Words, count: number): Html {
  const { filter } = words;
  const shown = filter.count.replace("{n}", String(count)).replace("{all}", String(count));
  return html`<form class="filter" role="search" aria-label="${filter.label}" hidden>
<label class="grow">${filter.text}<input type="search" name="text" autocomplete="off" spellcheck="false"></label>
<label>${filter.status}<select name="status"><option value="">${filter.any}</option><option value="answered">${words.answered}</option><option value="no_evidence">${words.noEvidence}</option></select></label>
<label>${filter.score}<select name="score"><option value="">${filter.any}</option>${[3, 2, 1, 0].map((score) => html`<option value="${score}">${score}</option>`)}</select></label>
<span class="buttons"><button type="reset">${filter.clear}</button><button type="button" name="open">${filter.open}</button><button type="button" name="close">${filter.close}</button></span>
<p class="shown" role="status" data-count="${filter.count}" data-none="${filter.none}">${shown}</p>
</form>`;
}
