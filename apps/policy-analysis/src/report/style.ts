/**
 * How the page looks: colours by scheme, then the page from top to bottom, then narrow paper, print and preferences.
 *
 * Invariants:
 *   Y1. Nothing is said by colour alone; every text has AA contrast in both schemes.
 *   Y2. From 320 px up the page never scrolls sideways; wide tables scroll in their own region.
 *
 * @module
 */
import { darkScale, lightScale, scaleClasses, scaleVariables } from "./scale-colours.ts";
import { answersStyle } from "./style-answers.ts";
import { chartsStyle } from "./style-charts.ts";

const light = `color-scheme:light;--paper:#faf9f5;--surface:#ffffff;--ink:#1a242d;--muted:#55616c;--line:#dedbd1;--accent:#0d5a6c;--track:#e9e6dc;--fill:#2b7a86;--good:#1c683a;--good-tint:#e8f2ea;--bad:#9c2227;--bad-tint:#f9e9e7;--mark:#fbeebb;--on-mark:#1a242d;${scaleVariables(lightScale)}`;
const dark = `color-scheme:dark;--paper:#11161b;--surface:#181f25;--ink:#e6eaed;--muted:#a3b0ba;--line:#2f3942;--accent:#82cbd8;--track:#2a343c;--fill:#5fafb0;--good:#86d3a0;--good-tint:#16291e;--bad:#ff9f98;--bad-tint:#331b1b;--mark:#4b4016;--on-mark:#fff4cb;${scaleVariables(darkScale)}`;

const page = `
*,*::before,*::after{box-sizing:border-box}
html{font-size:clamp(100%,0.7rem + 0.35vw,150%);scroll-padding-top:4.4rem;-webkit-text-size-adjust:100%;text-size-adjust:100%;scroll-behavior:smooth}
body{margin:0;background:var(--paper);color:var(--ink);font-family:system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans","Liberation Sans",sans-serif;line-height:1.55;overflow-wrap:anywhere;font-variant-numeric:tabular-nums lining-nums}
.masthead,nav ul,main{max-width:76rem;margin-inline:auto;padding-inline:clamp(1rem,4vw,2.5rem)}
h1,h2,h3,blockquote,.figure{font-family:"Iowan Old Style","Palatino Linotype",Palatino,"Book Antiqua",Georgia,"Liberation Serif",serif}
h1,h2,h3,h4,h5,p,ul,dl,dd,figure,blockquote{margin:0}
ul{padding:0;list-style:none}
a{color:var(--accent);text-underline-offset:.18em;text-decoration-thickness:.06em}
a:hover{text-decoration-thickness:.12em}
:focus-visible{outline:.18rem solid var(--accent);outline-offset:.15rem;border-radius:.15rem}
code{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,"Liberation Mono",monospace;font-size:.86em}
.visually-hidden{position:absolute;width:1px;height:1px;margin:-1px;padding:0;overflow:hidden;clip-path:inset(50%);white-space:nowrap;border:0}
.skip{position:absolute;inset-inline-start:1rem;top:-4rem;padding:.5rem 1rem;background:var(--surface);z-index:2}
.skip:focus{top:.5rem}
.whole{opacity:1;color:inherit;font-weight:400;font-size:.78em;letter-spacing:.01em}
.meaning,.note,.context{color:var(--muted)}
.meaning{font-weight:400;font-size:.86em}
.code{font-size:.78em;font-weight:600;letter-spacing:.04em;color:var(--muted);font-family:system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans","Liberation Sans",sans-serif}
.good{color:var(--good)}
.bad{color:var(--bad)}
[hidden]{display:none!important}

.masthead{padding-block:clamp(2rem,6vw,4rem) 1.75rem}
.kicker{font-size:.82rem;font-weight:600;letter-spacing:.09em;text-transform:uppercase;color:var(--accent)}
h1{font-size:clamp(1.7rem,1.2rem + 2vw,2.6rem);line-height:1.14;font-weight:600;letter-spacing:-.012em;margin-block:.35rem .8rem;max-width:30em;text-wrap:pretty}
.facts{display:flex;flex-wrap:wrap;gap:.15rem 1.3rem;color:var(--muted);font-size:.9rem}
.verdict{display:flex;flex-wrap:wrap;align-items:baseline;gap:.2rem .9rem;margin-top:1.4rem;padding:.7rem 1rem;border-inline-start:.25rem solid;border-radius:.2rem;color:var(--ink)}
.verdict.good{background:var(--good-tint);border-color:var(--good)}
.verdict.bad{background:var(--bad-tint);border-color:var(--bad)}
.verdict .sign{font-weight:700;margin-inline-end:.5rem}
.verdict.good .sign{color:var(--good)}
.verdict.bad .sign{color:var(--bad)}
.verdict .run{color:var(--muted)}
.verdict a{color:inherit}

nav{position:sticky;top:0;z-index:1;background:var(--paper);border-block:1px solid var(--line)}
nav ul{display:flex;gap:.2rem 1.5rem;overflow-x:auto;padding-block:.55rem;font-size:.9rem;white-space:nowrap;scrollbar-width:none}
nav a{color:var(--ink);text-decoration:none;padding-block:.2rem;display:block}
nav a:hover{text-decoration:underline}

main{padding-block:.5rem 5rem}
main>section{padding-top:2.6rem}
h2{font-size:1.55rem;line-height:1.25;font-weight:600;margin-bottom:.5rem}
h3{font-size:1.15rem;line-height:1.35;font-weight:600}
.note{max-width:46em;margin-bottom:1.1rem;font-size:.93rem}
.note.after{margin-block:1.1rem 0}

.tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,10.4rem),1fr));border:1px solid var(--line);border-radius:.4rem;background:var(--line);gap:1px;overflow:hidden;margin-top:1rem}
.tiles>div{background:var(--surface);padding:1rem 1.1rem}
.tiles dt{color:var(--muted);font-size:.86rem}
.figure{font-size:1.95rem;line-height:1.25;font-weight:600}
.figure .whole{font-size:.55em;color:var(--muted)}
.percent{color:var(--muted);font-size:.9rem}
`;

const preferences = `
@media (max-width:40rem){
.tiles{grid-template-columns:1fr 1fr}
.tiles>div{padding:.75rem .8rem}
.figure{font-size:1.55rem}
}
@media (prefers-reduced-motion:reduce){html{scroll-behavior:auto}*{transition:none!important;animation:none!important}}
@media (forced-colors:active){.fill,.columns rect{fill:CanvasText}.track{fill:Canvas;stroke:CanvasText}.cell,.chip,.tiles>div{border:1px solid CanvasText}}
@media print{
html{font-size:9.5pt}
body{background:#fff}
nav,.filter,.skip{display:none!important}
main,.masthead{max-width:none;padding-inline:.3rem}
.cell,.chip,.swatches span,mark,.verdict{print-color-adjust:exact;-webkit-print-color-adjust:exact}
details::details-content{content-visibility:visible;block-size:auto}
.tiles,table.heat,figure,tr,.answer>summary{break-inside:avoid}
h2,h3,h4,summary{break-after:avoid}
.scroll{overflow:visible}
}
`;

export const style: string = `
:root{${light}}
@media screen and (prefers-color-scheme:dark){:root{${dark}}}
${page}${chartsStyle}${answersStyle}${scaleClasses}${preferences}`;
