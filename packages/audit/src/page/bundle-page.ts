/**
 * `index.html` of a bundle: what is in it, for people. No evidence: the verifier checks that it is the file that was
 * signed, and believes nothing of it.
 *
 * Invariants:
 *   P1. Equal bundles give equal bytes; no time, place or chance enters that the bundle does not hold.
 *   P2. The page asks nothing of anybody: no script, no request; its policy forbids all but its own style, by digest.
 *   P3. Whatever the bundle says is text (see `markup.ts`).
 *   P4. Its size does not grow with the run: of events, refusals and files it shows a few and the counts.
 *
 * @see Content Security Policy Level 3. WCAG 2.2, level AA.
 * @module
 */
import { digestBytes } from "@canonic/contracts";
import { INDEX } from "../bundle-layout.ts";
import type { ExportContext } from "../export-context.ts";
import { Markup, markup } from "./markup.ts";
import { type PageData, pageDataOf } from "./page-data.ts";
import {
  certificatesSection,
  contractsSection,
  eventsSection,
  filesSection,
  gatesSection,
  redactedSection,
  runSection,
  tokensSection,
  troublesSection,
  verifySection,
} from "./page-sections.ts";
import { pageStyle } from "./page-style.ts";

/** An export part: behind all others, for the page lists their files. */
export function addPage(context: ExportContext): void {
  context.add(INDEX, Buffer.from(printPage(pageDataOf(context)), "utf8"));
}

/** The page, in English. */
export function printPage(data: PageData): string {
  const styleHash = Buffer.from(digestBytes(pageStyle).slice(7), "hex").toString("base64");
  const policy = `default-src 'none'; style-src 'sha256-${styleHash}'; base-uri 'none'; form-action 'none'`;
  return Markup.print(markup`${Markup.literal(["<!DOCTYPE html>"])}
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>Evidence of ${data.run}</title>
<style>${Markup.literal([pageStyle])}</style>
</head>
<body>
<header>
<p class="kicker">Canonic evidence bundle</p>
<h1>${title(data)}</h1>
${standing(data)}
<p class="banner open"><strong>This page is no evidence.</strong><span>It shows what the files beside it say, and anybody could have written
it. Run <code>canonic-verify</code> and believe its verdict: <a href="#verify">how to verify</a>.</span></p>
</header>
<main>
${runSection(data)}${contractsSection(data)}${certificatesSection(data)}${gatesSection(data)}${tokensSection(data)}${troublesSection(data)}${redactedSection(data)}${eventsSection(data)}${filesSection(data)}${verifySection(data)}</main>
<footer><p>Made from the bundle alone. Times are those that the log's keeper wrote.</p></footer>
</body>
</html>
`);
}

function title({ number, plan }: PageData): string {
  return `Evidence of run ${number}, ${plan.tasks === 1 ? "one task" : `${plan.tasks} tasks`}`;
}

function standing({ status, outputs, plan }: PageData): Markup {
  if (status === null)
    return markup`<p class="banner open"><strong>Not sealed.</strong><span>The run had not ended when the bundle was made: there may be more
to it than is here.</span></p>`;
  const kind = status === "completed" ? "good" : "bad";
  const said = `The log says that the run ended as ${status}, with ${outputs.count} outputs of ${plan.tasks} tasks.`;
  return markup`<p class="banner ${kind}"><strong>${status === "completed" ? "✓" : "✗"} ${status}</strong><span>${said}</span></p>`;
}
