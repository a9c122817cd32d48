/**
 * Scores by area: one bar each, with its exact points.
 *
 * @module
 */
import { bar } from "./bars.ts";
import { type Html, html } from "./html.ts";
import { percentOf } from "./numbers.ts";
import { type Cell, pointsOf, type ReportData } from "./report-data.ts";
import type { Words } from "./words.ts";

export function areaScores(data: ReportData, cells: readonly Cell[], words: Words): Html {
  const rows = data.areas.map((area) => {
    const points = pointsOf(cells.filter((cell) => cell.area.id === area.id).flatMap(({ answers }) => answers));
    const share = percentOf({ numerator: points.sum, denominator: points.most }, data.document.language);
    return html`<tr><th scope="row"><span class="code">${area.id}</span> ${area.name}</th><td class="drawn">${bar(points.sum, points.most)}</td><td class="number">${points.sum}<span class="whole">/${points.most}</span></td><td class="number">${share}</td><td class="number wide">${points.answered}<span class="whole">/${points.asked}</span></td></tr>
`;
  });
  return html`<section aria-labelledby="areas"><h2 id="areas">${words.areas}</h2>
<p class="note">${words.areasNote}</p>
<table class="bars"><caption class="visually-hidden">${words.areas}</caption>
<thead><tr><th scope="col">${words.area}</th><td></td><th scope="col" class="number">${words.points}</th><th scope="col" class="number">${words.share}</th><th scope="col" class="number wide">${words.answered}</th></tr></thead>
<tbody>
${rows}</tbody></table></section>`;
}
