/**
 * The area by dimension table: points of each cell, in figures and in colour.
 *
 * Invariants:
 *   M1. Every cell prints its exact points; colour and columns only repeat them.
 *   M2. A cell for which the document says nothing looks and reads unlike one that scored nothing.
 *
 * @module
 */
import { scoreColumns } from "./bars.ts";
import { type Html, html, nothing } from "./html.ts";
import { SCALE_STEPS, scaleStep } from "./numbers.ts";
import { type Cell, pointsOf, type ReportData } from "./report-data.ts";
import type { Words } from "./words.ts";

export function heatMap(data: ReportData, cells: readonly Cell[], words: Words): Html {
  const empty = new Set<string>(data.chunks.filter(({ kind }) => kind === "empty").map(({ id }) => id));
  return html`<section aria-labelledby="heat-map"><h2 id="heat-map">${words.heatMap}</h2>
<p class="note">${words.heatMapNote}</p>
<table class="heat"><caption class="visually-hidden">${words.heatMapCaption}</caption>
<thead><tr><th scope="col">${words.area}</th>${data.dimensions.map(columnHead)}<th scope="col" class="sum">${words.total}</th></tr></thead>
<tbody>
${data.areas.map((area) => {
  const own = cells.filter((cell) => cell.area.id === area.id);
  return html`<tr><th scope="row"><a href="#${area.id}"><span class="code">${area.id}</span> <span class="name">${area.name}</span></a></th>${own.map((cell) => heatCell(cell, empty.has(cell.id), words))}${sumCell(own)}</tr>
`;
})}</tbody>
<tfoot><tr><th scope="row">${words.total}</th>${data.dimensions.map((dimension) => sumCell(cells.filter((cell) => cell.dimension.id === dimension.id)))}${sumCell(cells)}</tr></tfoot>
</table>
${columnNames(data)}
${legend(words)}</section>`;
}

function columnHead({ id, name }: ReportData["dimensions"][number]): Html {
  return html`<th scope="col"><abbr class="code" title="${id}">${columnCode(id)}</abbr> <span class="name">${name}</span></th>`;
}

/** For narrow paper alone, where the heads have room for their codes only; the heads keep the names for readers by ear. */
function columnNames({ dimensions }: ReportData): Html {
  return html`<ul class="names" aria-hidden="true">${dimensions.map(({ id, name }) => html`<li><span class="code">${columnCode(id)}</span>${name}</li>`)}</ul>`;
}

function columnCode(id: string): string {
  return id.replace("DIM0", "D");
}

function heatCell(cell: Cell, isEmpty: boolean, words: Words): Html {
  const { sum, most, answered, asked } = cell.score;
  const step = scaleStep(sum, most);
  const silent = isEmpty ? html`<span class="silent">${words.nothingFound}</span>` : nothing;
  const scores = cell.answers.map(({ output }) => output.score);
  return html`<td class="cell s${step}${isEmpty ? " empty" : ""}"><a href="#${cell.id}"><span class="points">${sum}<span class="whole">/${most}</span></span>${isEmpty ? silent : scoreColumns(scores)}<span class="visually-hidden">, ${words.answeredOf(answered, asked)}</span></a></td>`;
}

function sumCell(cells: readonly Cell[]): Html {
  const { sum, most } = pointsOf(cells.flatMap(({ answers }) => answers));
  return html`<td class="sum">${sum}<span class="whole">/${most}</span></td>`;
}

function legend(words: Words): Html {
  const swatches = Array.from({ length: SCALE_STEPS + 1 }, (_, step) => html`<span class="s${step}"></span>`);
  return html`<p class="legend"><span>${words.scale}</span><span class="ramp"><span>0&nbsp;%</span><span class="swatches" aria-hidden="true">${swatches}</span><span>100&nbsp;%</span></span><span class="key"><span class="swatch empty" aria-hidden="true"></span>${words.nothingFoundLegend}</span></p>`;
}
