/**
 * The filter, the folded answers and what they unfold.
 *
 * @module
 */
export const answersStyle = `
.filter{display:flex;flex-wrap:wrap;align-items:end;gap:.8rem 1rem;padding:1rem 1.1rem;margin-bottom:1.2rem;background:var(--surface);border:1px solid var(--line);border-radius:.4rem}
.filter label{display:grid;gap:.2rem;font-size:.84rem;color:var(--muted)}
.filter .grow{flex:1 1 14rem}
.filter input,.filter select,.filter button{font:inherit;font-size:.95rem;color:var(--ink);background:var(--paper);border:1px solid var(--muted);border-radius:.25rem;padding:.4rem .6rem;min-height:2.4rem;max-width:100%}
.filter input{width:100%}
.filter button{cursor:pointer;border-color:var(--line);background:transparent;color:var(--accent)}
.filter button:hover{border-color:var(--accent)}
.buttons{display:flex;flex-wrap:wrap;gap:.5rem}
.shown{flex-basis:100%;font-size:.9rem;color:var(--muted)}

summary{cursor:pointer;list-style:none}
summary::-webkit-details-marker{display:none}
.area{border-top:1px solid var(--line)}
.area:last-of-type{border-bottom:1px solid var(--line)}
.area>summary{display:flex;align-items:baseline;gap:1.2rem;padding:.85rem 0}
.area>summary h3{flex:1;margin:0}
.area>summary::before,.answer>summary::before,.more>summary::before{content:"";flex:none;display:inline-block;width:.42rem;height:.42rem;border:solid var(--muted);border-width:0 .11rem .11rem 0;transform:rotate(-45deg);transition:transform .15s}
.area>summary::before{margin-inline-end:-.4rem;translate:0 -.15rem}
.answer>summary::before{translate:0 -.12rem}
.more>summary::before{margin-inline-end:.6rem;translate:0 -.1rem}
[open]>summary::before{transform:rotate(45deg)}
.tally{color:var(--muted);font-size:.9rem;white-space:nowrap;font-weight:500;font-family:system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans","Liberation Sans",sans-serif}
.group{padding-bottom:1.3rem}
.group h4{display:flex;align-items:baseline;gap:.6rem;font-size:1rem;font-weight:600;padding:.5rem 0}
.group h4 .tally{margin-inline-start:auto}
.answer{background:var(--surface);border:1px solid var(--line);margin-top:-1px}
.answer:first-of-type{border-start-start-radius:.35rem;border-start-end-radius:.35rem}
.answer:last-of-type{border-end-start-radius:.35rem;border-end-end-radius:.35rem}
.answer>summary{display:grid;grid-template-columns:auto 3rem 2.9rem minmax(0,1fr) auto;align-items:baseline;gap:.8rem;padding:.6rem .95rem}
.answer>summary:hover .text{text-decoration:underline;text-decoration-thickness:.06em;text-underline-offset:.2em}
.answer .id{font-size:.84rem;color:var(--muted)}
.chip{text-align:center;border-radius:.22rem;padding:.05rem .3rem;font-weight:600;font-size:.93rem}
.chip.empty{background:transparent;color:var(--muted);box-shadow:inset 0 0 0 1px var(--line);font-weight:400}
.answer .status{font-size:.86rem;color:var(--muted);white-space:nowrap}
.answer[open]>summary{border-bottom:1px solid var(--line)}
.answer[open] .text{font-weight:600}
.body{display:grid;grid-template-columns:minmax(0,1.85fr) minmax(0,1fr);gap:1.6rem 2.6rem;padding:1.15rem 1.3rem 1.4rem}
h5{font-size:.84rem;font-weight:600;color:var(--muted);margin-bottom:.55rem}
h5 .tally{font-size:1em}
.found figure+figure{margin-top:1.25rem}
blockquote{font-size:1.06rem;line-height:1.62;padding-inline-start:1rem;border-inline-start:.16rem solid var(--fill);white-space:pre-line;unicode-bidi:isolate}
mark{background:var(--mark);color:var(--on-mark);padding-block:.08em;box-decoration-break:clone;-webkit-box-decoration-break:clone}
figcaption{margin-top:.5rem;padding-inline-start:1.16rem;font-size:.86rem;color:var(--muted)}
figcaption strong{color:var(--ink)}
figcaption .line{display:block}
.elements{display:grid;gap:.3rem;margin-bottom:1.1rem;font-size:.93rem}
.elements li{display:grid;grid-template-columns:1.1rem minmax(0,1fr);gap:.2rem;align-items:baseline}
.elements .met .sign{color:var(--good);font-weight:700}
.elements .unmet{color:var(--muted)}
.record{display:grid;gap:.45rem;font-size:.9rem}
.record>div{display:grid;grid-template-columns:7.2rem minmax(0,1fr);gap:.8rem;align-items:baseline}
.record dt{color:var(--muted)}
.found .record{margin-top:.7rem}
.digests>div{grid-template-columns:12rem minmax(0,1fr)}
.terms{display:flex;flex-wrap:wrap;gap:.3rem}
.terms li{border:1px solid var(--line);border-radius:.22rem;padding:0 .4rem}

@media (max-width:52rem){
.body{grid-template-columns:minmax(0,1fr);padding-inline:.9rem}
}
@media (max-width:40rem){
.area>summary{flex-wrap:wrap;gap:.1rem .9rem}
.area>summary h3{flex:1 0 calc(100% - 2.5rem)}
.area>summary .tally:nth-of-type(1){margin-inline-start:1.3rem}
.area>summary::before{margin-inline-end:-.1rem}
.group h4{flex-wrap:wrap}
.answer>summary{grid-template-columns:auto auto auto minmax(0,1fr);gap:.35rem .6rem;padding:.65rem .75rem}
.answer .text{grid-column:1/-1;grid-row:2}
.answer .status{justify-self:end}
.chip{padding-inline:.5rem}
.record>div,.digests>div{grid-template-columns:minmax(0,1fr);gap:0}
}
`;
