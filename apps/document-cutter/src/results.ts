/**
 * What is left for people when a cut is over: a report to read, the same as data, and its line of an index of runs.
 *
 * @module
 */
import { type JsonObject, type JsonValue, parseCanonicalJson } from "@canonic/contracts";
import type { ResultFile, SealedRun } from "@canonic/orchestrator";
import { CUT_PHASES } from "./plan-cut.ts";
import { REVERT_PHASES } from "./plan-revert.ts";

/** `report.md`, `report.json` and `runs-index.jsonl`; nothing when the run is neither a cut nor a revert. */
export function resultsOf(sealed: SealedRun): readonly ResultFile[] {
  const phases = sealed.plan.tasks.map(({ operation }) => operation.slice("cutter.".length));
  const isOurs = [CUT_PHASES, REVERT_PHASES].some((known) => known.join() === phases.join());
  if (!isOurs || sealed.outputs.length !== phases.length) return [];
  const outputs = sealed.outputs.map((output) => parseCanonicalJson(output) as JsonObject);
  const report = reportOf(sealed, phases, outputs);
  return [
    { path: "report.md", bytes: toMarkdown(report, phases, outputs) },
    { path: "report.json", bytes: `${JSON.stringify(report, null, 2)}\n` },
    { path: "runs-index.jsonl", bytes: `${JSON.stringify(indexLineOf(report))}\n` },
  ];
}

type Report = {
  readonly schema: "canonic-cutter/report/v1";
  readonly run: string;
  readonly plan: string;
  readonly mode: string;
  readonly adapter: JsonValue;
  readonly status: string;
  readonly state: string;
  readonly document: string;
  readonly changeSet: JsonValue;
  readonly units: JsonValue;
  /** By phase, without the rows. */
  readonly phases: JsonObject;
};

function reportOf(sealed: SealedRun, phases: readonly string[], outputs: readonly JsonObject[]): Report {
  const last = outputs.at(-1) as JsonObject;
  const isCut = phases.length === CUT_PHASES.length;
  const parameters = sealed.plan.tasks[0]?.parameters as JsonObject;
  const compensation = parameters["compensation"] as JsonObject | undefined;
  return {
    schema: "canonic-cutter/report/v1",
    run: sealed.run,
    plan: sealed.planDigest,
    mode: sealed.plan.mode,
    adapter: last["adapter"] ?? null,
    status: sealed.status,
    state: isCut ? String(last["state"]) : "reverted",
    document: String(parameters["document"] ?? compensation?.["document"]),
    changeSet: last["changeSet"] ?? null,
    units: last["enacted"] ?? compensation?.["count"] ?? null,
    phases: Object.fromEntries(phases.map((phase, at) => [phase, withoutRows(outputs[at] as JsonObject)])),
  };
}

function withoutRows({ rows: _rows, ...rest }: JsonObject): JsonObject {
  return rest;
}

function indexLineOf({ run, document, changeSet, units, state, mode, adapter }: Report): JsonObject {
  return { run, document, changeSet, units, state, mode, adapter };
}

function toMarkdown(report: Report, phases: readonly string[], outputs: readonly JsonObject[]): string {
  const { document, run, mode, adapter, status, state, changeSet, units, plan } = report;
  const title = phases.length === CUT_PHASES.length ? "Cut" : "Revert";
  const about: readonly (readonly [string, JsonValue])[] = [
    ["run", run],
    ["plan", plan],
    ["mode", `${mode}, ${String(adapter)}`],
    ["status", status],
    ["state", state],
    ["change set", changeSet],
    ["units", units],
  ];
  const rows = (outputs[CUT_PHASES.indexOf("cutplan")]?.["rows"] ?? []) as readonly JsonObject[];
  const listed = rows.map((row) => `| ${cell(row["address"])} | ${cell(row["kind"])} | ${cell(row["sectionType"])} |`);
  return [
    `# ${title} of ${cell(document)}`,
    "",
    ...about.map(([name, value]) => `- ${name}: ${cell(value)}`),
    "",
    "## Phases",
    "",
    ...phases.map((phase, at) => `- ${phase}: ${cell(JSON.stringify(withoutRows(outputs[at] as JsonObject)))}`),
    ...(listed.length === 0
      ? []
      : ["", "## Units", "", "| address | kind | section |", "| --- | --- | --- |", ...listed]),
    "",
  ].join("\n");
}

/** On one line, and no part of the table around it. */
function cell(value: JsonValue | undefined): string {
  return String(value)
    .replace(/[\p{Cc}\p{Zl}\p{Zp}]/gu, " ")
    .replace(/[|\\`*_<>[\]]/gu, "\\$&")
    .toWellFormed();
}
