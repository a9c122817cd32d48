/**
 * The heat map, the bars and the tables.
 *
 * @module
 */
export const chartsStyle = `
table{border-collapse:collapse;width:100%}
th{text-align:start;font-weight:600}
thead th{font-size:.84rem;color:var(--muted);vertical-align:bottom}
.number{text-align:end;white-space:nowrap}
.number .whole,.sum .whole,.tally .whole{color:var(--muted)}

.heat{border-collapse:separate;border-spacing:.2rem;table-layout:fixed;margin-inline:-.2rem;width:calc(100% + .4rem)}
.heat thead th{padding:.2rem .15rem .35rem;text-align:center;line-height:1.25;vertical-align:top}
.heat thead th:first-child{width:24%;text-align:start;padding-inline-start:0}
.heat thead .code{display:block;text-decoration:none}
.heat tbody th,.heat tfoot th{padding:.2rem .6rem .2rem 0;font-weight:500;font-size:.93rem;line-height:1.3}
.heat tbody th a{color:inherit;text-decoration:none;display:block}
.heat tbody th a:hover .name{text-decoration:underline}
.heat tbody th .code{display:block}
.heat .cell{padding:0;border-radius:.25rem;height:3.5rem}
.heat .cell a{display:flex;flex-direction:column;align-items:center;justify-content:center;gap:.22rem;height:100%;min-height:3.5rem;color:inherit;text-decoration:none;border-radius:.25rem;line-height:1.1}
.heat .cell a:focus-visible{outline-color:currentColor;outline-offset:-.28rem}
.heat .cell a:hover{box-shadow:inset 0 0 0 .12rem currentColor}
.heat .points{font-weight:600;font-size:1.05rem}
.heat .columns{height:.62rem;width:auto;fill:currentColor;opacity:.62}
.heat .silent{font-size:.72rem}
.heat .empty{background:transparent;color:var(--muted);box-shadow:inset 0 0 0 1px var(--line)}
.empty .points{font-weight:400}
.heat .sum{text-align:center;font-size:.93rem;font-weight:600}
.heat thead .sum{font-size:.84rem}
.names{display:none}
.legend{display:flex;flex-wrap:wrap;align-items:center;gap:.4rem 1.4rem;margin-top:.9rem;color:var(--muted);font-size:.86rem}
.ramp,.key{display:inline-flex;align-items:center;gap:.55rem}
.swatches{display:inline-flex;border-radius:.15rem;overflow:hidden}
.swatches span{width:.85rem;height:.85rem}
.swatch{width:1.5rem;height:.95rem;flex:none;border-radius:.15rem;box-shadow:inset 0 0 0 1px var(--muted)}

.bars th,.bars td,.plain th,.plain td{padding:.45rem .9rem .45rem 0;border-bottom:1px solid var(--line);vertical-align:middle}
.bars td:last-child,.bars th:last-child,.plain td:last-child,.plain th:last-child{padding-inline-end:0}
.plain .number+td,.plain .number+th{padding-inline-start:1rem}
.bars tbody th,.plain tbody th{font-weight:500}
.bars tbody th{width:34%}
.bars .code{margin-inline-end:.35rem}
.bars .drawn{width:auto;min-width:4.5rem}
.bars .number{width:1%;padding-inline-start:.6rem}
.bar{display:block;width:100%;height:.72rem;border-radius:.15rem}
.track{fill:var(--track)}
.fill{fill:var(--fill)}
.unmeasured{color:var(--muted);font-style:italic}
.pair{display:grid;grid-template-columns:minmax(0,1.75fr) minmax(0,1fr);gap:2rem 3.2rem;align-items:start}
.funnel .meaning{display:block}
.plain .meaning{margin-inline-start:.3rem}
.scroll{overflow-x:auto;padding:.35rem;margin:-.35rem}
.scroll .plain{min-width:40rem}
.more{margin-top:1rem}
.more>summary{cursor:pointer;padding-block:.3rem;color:var(--accent);font-weight:500}
.reasons{margin-block:.4rem 1rem;display:grid;gap:.35rem}
main h3{margin-top:1.2rem}

@media (max-width:62rem){.pair{grid-template-columns:minmax(0,1fr)}}
@media (max-width:40rem){
.heat{border-spacing:.1rem;margin-inline:-.1rem;width:calc(100% + .2rem)}
.heat thead th:first-child{width:3rem;font-size:0}
.heat thead .name,.heat tbody .name{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
.heat .sum{display:none}
.heat tfoot{display:none}
.heat tbody th{padding-inline-end:.2rem}
.heat tbody th a{display:flex;align-items:center;min-height:2.3rem}
.heat tbody th .code,.heat thead .code{font-size:.75rem}
.heat .cell,.heat .cell a{height:2.7rem;min-height:2.7rem}
.heat .points{font-size:.88rem}
.heat .silent{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
.names{display:grid;gap:.25rem;margin-top:.9rem;font-size:.86rem}
.names li{display:grid;grid-template-columns:1.9rem minmax(0,1fr);align-items:baseline}
.swatches span{width:.5rem}
.bars .wide{display:none}
.bars .number:has(+.wide){padding-inline-end:0}
.bars th,.bars td{padding-inline-end:.4rem}
.bars tbody th{width:42%;font-size:.93rem}
.bars .drawn{min-width:2.5rem}
.bars .code{display:block}
}
`;
