/**
 * How the page of a bundle looks: two schemes by preference, one column, tables that scroll in their own region, and paper.
 *
 * Invariants:
 *   Y1. Nothing is said by colour alone, and every text has AA contrast in both schemes.
 *   Y2. From 320 px up the page does not scroll sideways.
 *
 * @see WCAG 2.2, level AA.
 * @module
 */
const SANS = `system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans","Liberation Sans",sans-serif`;
const SERIF = `"Iowan Old Style",Palatino,"Book Antiqua",Georgia,"Liberation Serif",serif`;
const MONO = `ui-monospace,SFMono-Regular,Menlo,Consolas,"Liberation Mono",monospace`;

export const pageStyle = `
:root{color-scheme:light dark;--paper:#faf9f5;--surface:#fff;--ink:#1a242d;--muted:#55616c;--line:#dedbd1;--accent:#0d5a6c;--good:#1c683a;--good-tint:#e8f2ea;--bad:#9c2227;--bad-tint:#f9e9e7;--open:#7a4a00;--open-tint:#faf0dc}
@media (prefers-color-scheme:dark){:root{--paper:#11161b;--surface:#181f25;--ink:#e6eaed;--muted:#a3b0ba;--line:#2f3942;--accent:#82cbd8;--good:#86d3a0;--good-tint:#16291e;--bad:#ff9f98;--bad-tint:#331b1b;--open:#f0c479;--open-tint:#2e2412}}
*,*::before,*::after{box-sizing:border-box}
html{-webkit-text-size-adjust:100%;text-size-adjust:100%}
body{margin:0;background:var(--paper);color:var(--ink);font:400 1rem/1.55 ${SANS};overflow-wrap:anywhere;font-variant-numeric:tabular-nums lining-nums}
header,main,footer{max-width:64rem;margin-inline:auto;padding-inline:clamp(1rem,4vw,2.5rem)}
h1,h2{font-family:${SERIF};font-weight:600;line-height:1.2;margin:0;text-wrap:pretty}
h1{font-size:clamp(1.6rem,1.2rem + 1.8vw,2.3rem);margin-block:.3rem 1.1rem}
h2{font-size:1.4rem;margin-bottom:.6rem}
p,dl,dd,pre{margin:0}
header{padding-block:clamp(1.6rem,5vw,3.2rem) .5rem}
main>section{padding-top:2.2rem}
a{color:var(--accent);text-underline-offset:.18em}
.kicker{font-size:.82rem;font-weight:600;letter-spacing:.09em;text-transform:uppercase;color:var(--accent)}
.note{color:var(--muted);font-size:.93rem;max-width:46em;margin-bottom:.9rem}
.banner{border-inline-start:.25rem solid;border-radius:.2rem;padding:.7rem 1rem}
.banner+.banner{margin-top:.7rem}
.banner strong{margin-inline-end:.4rem}
.good{color:var(--good)}
.bad{color:var(--bad)}
.open{color:var(--open)}
.banner.good{background:var(--good-tint)}
.banner.bad{background:var(--bad-tint)}
.banner.open{background:var(--open-tint)}
.banner span{color:var(--ink)}
code{font-family:${MONO};font-size:.86em}
pre{font-family:${MONO};font-size:.86rem;line-height:1.6;background:var(--surface);border:1px solid var(--line);border-radius:.4rem;padding:.8rem 1rem;white-space:pre-wrap}
pre+p{margin-top:.8rem}
.facts{display:grid;gap:.1rem 1.6rem;grid-template-columns:minmax(7rem,max-content) minmax(0,1fr);background:var(--surface);border:1px solid var(--line);border-radius:.4rem;padding:.8rem 1.1rem}
.facts dt{color:var(--muted);padding-block:.25rem}
.facts dd{padding-block:.25rem}
.scroll{overflow-x:auto;border:1px solid var(--line);border-radius:.4rem;background:var(--surface)}
.scroll:focus-visible,a:focus-visible{outline:.18rem solid var(--accent);outline-offset:.15rem}
table{border-collapse:collapse;width:100%;font-size:.93rem}
caption{text-align:start;color:var(--muted);font-size:.86rem;padding:.6rem 1.1rem 0}
.hidden{position:absolute;width:1px;height:1px;margin:-1px;padding:0;overflow:hidden;clip-path:inset(50%)}
th,td{text-align:start;vertical-align:baseline;padding:.45rem 1.1rem .45rem 0;border-top:1px solid var(--line);overflow-wrap:normal}
thead th{border-top:0;font-size:.84rem;color:var(--muted);font-weight:600;white-space:nowrap}
th:first-child,td:first-child{padding-inline-start:1.1rem}
tbody th{font-weight:500}
td code,th code{white-space:nowrap}
.number{text-align:end;white-space:nowrap}
.when{white-space:nowrap;color:var(--muted)}
.words{min-width:14rem;overflow-wrap:anywhere}
.sign{font-weight:700;white-space:nowrap}
.scroll+.scroll,.scroll+p{margin-top:.9rem}
footer{padding-block:3rem 3.5rem;color:var(--muted);font-size:.86rem}
@media (max-width:34rem){.facts{grid-template-columns:minmax(0,1fr);gap:0}.facts dt{padding-bottom:0}.facts dd{padding-top:0}}
@media print{body{background:#fff}.scroll{overflow:visible;border:0}td code,th code{white-space:normal}main>section{break-inside:avoid-page}}
`;
