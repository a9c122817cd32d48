/**
 * The parts of a bundle's page, from top to bottom. Each says nothing where there is nothing to say.
 *
 * @module
 */
import type { Digest, RunEvent } from "@canonic/contracts";
import { type Markup, type MarkupValue, markup } from "./markup.ts";
import type { PageData } from "./page-data.ts";

const NOTHING = markup``;

/** Tables that stand alone under a heading of their name: it is not shown twice. */
const CAPTIONLESS = new Set([
  "Certificates",
  "Core contracts",
  "Files",
  "Gates and approvals",
  "Refusals and failures",
  "Tokens",
]);

export function runSection(data: PageData): Markup {
  const { plan, outputs, checkpoint } = data;
  const rows: [string, MarkupValue][] = [
    ["Run", markup`<code>${data.run}</code>, number ${data.number} of its log`],
    ["Log", markup`<code>${data.origin}</code>`],
    ["Plan", digest(plan.digest)],
    ["Tasks", `${plan.tasks}, ${plan.kind}, ${plan.mode}, for ${plan.user}`],
    ["Began", time(data.startedAt)],
    ["Sealed", data.sealedAt === null ? "not yet" : time(data.sealedAt)],
    ["Outputs", outputs.digest === null ? "none" : markup`${outputs.count}, ${digest(outputs.digest)}`],
    ["Events", String(data.events)],
    ["Checkpoint", markup`${checkpoint.size} leaves, root <code>${checkpoint.root}</code>`],
  ];
  return section(
    "run",
    "The run",
    markup`<dl class="facts">${rows.map(([name, value]) => markup`<dt>${name}</dt><dd>${value}</dd>`)}</dl>`,
  );
}

export function contractsSection({ verdicts }: PageData): Markup {
  if (verdicts.length === 0) return NOTHING;
  const hasReasons = verdicts.some(({ reasons }) => reasons.length > 0);
  const rows = verdicts.map(({ contract, verdict, checked, violations, reasons }) => [
    markup`<th scope="row">${contract}</th>`,
    cell(sign(verdict === "satisfied", verdict)),
    number(checked),
    number(violations),
    ...(hasReasons ? [words(reasons.map(({ message }) => message).join("; "))] : []),
  ]);
  const heads = ["Contract", "Verdict", "Checked", "Violated", ...(hasReasons ? ["Reasons"] : [])];
  return section("contracts", "Core contracts", table("Core contracts", heads, rows));
}

export function certificatesSection({ certificates }: PageData): Markup {
  if (certificates.length === 0) return NOTHING;
  const isMissing = certificates.some(({ missing }) => missing.length > 0);
  const rows = certificates.map(({ id, name, status, missing }) => [
    markup`<th scope="row"><code>${id}</code></th>`,
    words(name),
    cell(status === "PENDING" ? markup`<span class="sign open">○ ${status}</span>` : sign(status === "ACTIVE", status)),
    ...(isMissing ? [words(missing.join("; "))] : []),
  ]);
  const heads = ["Id", "Name", "Status", ...(isMissing ? ["What is missing"] : [])];
  return section("certificates", "Certificates", table("Certificates", heads, rows));
}

export function gatesSection({ plan, requests, approvals }: PageData): Markup {
  if (plan.gates.length === 0 && approvals.length === 0) return NOTHING;
  const asked = requests.map(({ at, data }) => [
    markup`<th scope="row">${data.gate}</th>`,
    cell("asked"),
    cell(""),
    when(at),
    cell(digest(data.pins)),
  ]);
  const answered = approvals.map(({ at, data }) => [
    markup`<th scope="row">${data.gate}</th>`,
    cell(sign(data.decision === "approve", data.decision)),
    words(data.signer),
    when(at),
    cell(digest(data.approval)),
  ]);
  const names = plan.gates.map(({ name }) => name).join(", ");
  return section(
    "gates",
    "Gates and approvals",
    markup`<p class="note">${plan.gates.length === 0 ? "The plan has no gate." : `Gates of the plan: ${names}.`}</p>${
      asked.length + answered.length === 0
        ? NOTHING
        : table(
            "Gates and approvals",
            ["Gate", "Decision", "By", "When", "Results shown, approval"],
            [...asked, ...answered],
          )
    }`,
  );
}

export function tokensSection({ tokens }: PageData): Markup {
  if (tokens.length === 0) return NOTHING;
  const rows = tokens.map(({ at, data }) => [
    markup`<th scope="row">${digest(data.token)}</th>`,
    cell(sign(data.decision === "allow", data.decision)),
    words(data.user),
    words(data.trigger),
    when(at),
  ]);
  return section(
    "tokens",
    "Tokens",
    markup`<p class="note">A token is named by its digest; its bytes never leave its holder.</p>${table(
      "Tokens",
      ["Token", "Decision", "User", "Trigger", "When"],
      rows,
    )}`,
  );
}

export function troublesSection({ troubles }: PageData): Markup {
  return troubles.length === 0
    ? NOTHING
    : section("troubles", "Refusals and failures", eventTable("Refusals and failures", troubles));
}

export function eventsSection({ counts, first, last, events }: PageData): Markup {
  const rows = counts.map(([type, count]) => [markup`<th scope="row"><code>${type}</code></th>`, number(count)]);
  return section(
    "events",
    "Events",
    markup`${table("Events by type", ["Type", "Count"], rows)}${eventTable(`The first of ${events} events`, first)}${
      last.length === 0 ? NOTHING : eventTable("The last events", last)
    }`,
  );
}

export function redactedSection({ redacted }: PageData): Markup {
  if (redacted.length === 0) return NOTHING;
  const rows = redacted.map((one) => [markup`<th scope="row">${digest(one)}</th>`]);
  return section(
    "redacted",
    "Removed on purpose",
    markup`<p class="note">The log names these payloads and says that they were removed. Proofs hold without them; what was
computed from them cannot be computed again.</p>${table("Removed payloads", ["Payload"], rows)}`,
  );
}

export function filesSection({ files, folders }: PageData): Markup {
  const rows = [
    ...files.map(({ path, digest: is, sizeBytes }) => [
      markup`<th scope="row"><code>${path}</code></th>`,
      number(sizeBytes),
      cell(digest(is)),
    ]),
    ...folders.map(({ name, files: count, sizeBytes }) => [
      markup`<th scope="row"><code>${name}</code></th>`,
      number(sizeBytes),
      cell(count === 1 ? "1 file" : `${count} files`),
    ]),
  ];
  return section("files", "Files", table("Files", ["File", "Bytes", "SHA-256"], rows));
}

export function verifySection({ origin }: PageData): Markup {
  return section(
    "verify",
    "How to verify",
    markup`<p class="note">Take the trust file from whom you trust, never from here: it must name the key of log
<code>${origin}</code>. The program needs Node, no network, and writes nothing.</p>
<pre>canonic-verify path/to/this/folder --trust trust.json</pre>
<p>It answers VALID, INVALID or INDETERMINATE, with every reason.</p>`,
  );
}

function eventTable(caption: string, events: readonly RunEvent[]): Markup {
  const rows = events.map(({ seq, at, type, subject }) => [
    number(seq),
    when(at),
    cell(markup`<code>${type}</code>`),
    cell(markup`<code>${subject}</code>`),
  ]);
  return table(caption, ["No.", "When", "Type", "Subject"], rows);
}

function section(id: string, title: string, body: Markup): Markup {
  return markup`<section aria-labelledby="${id}"><h2 id="${id}">${title}</h2>
${body}</section>
`;
}

/** Scrolls by keyboard too where it is wider than the page. */
function table(caption: string, heads: readonly string[], rows: readonly (readonly Markup[])[]): Markup {
  const numbers = ["Bytes", "Checked", "Count", "No.", "Violated"];
  const head = heads.map((name) =>
    numbers.includes(name) ? markup`<th scope="col" class="number">${name}</th>` : markup`<th scope="col">${name}</th>`,
  );
  return markup`<section class="scroll" tabindex="0" aria-label="${caption}: table"><table>${CAPTIONLESS.has(caption) ? markup`<caption class="hidden">${caption}</caption>` : markup`<caption>${caption}</caption>`}<thead><tr>${head}</tr></thead>
<tbody>${rows.map((cells) => markup`<tr>${cells}</tr>\n`)}</tbody></table></section>
`;
}

function cell(value: MarkupValue): Markup {
  return markup`<td>${value}</td>`;
}

function words(text: string): Markup {
  return text.length > 24 ? markup`<td class="words">${text}</td>` : cell(text);
}

function number(value: number): Markup {
  return markup`<td class="number">${value}</td>`;
}

function when(at: string): Markup {
  return markup`<td class="when">${time(at)}</td>`;
}

function time(at: string): Markup {
  return markup`<time datetime="${at}">${at.replace("T", " ").replace("Z", " UTC")}</time>`;
}

function digest(value: Digest): Markup {
  return markup`<code>${value.slice(7)}</code>`;
}

/** A word and a sign: colour says nothing that they do not. */
function sign(isGood: boolean, word: string): Markup {
  return isGood ? markup`<span class="sign good">✓ ${word}</span>` : markup`<span class="sign bad">✗ ${word}</span>`;
}
