/**
 * `runs` and `show`: what is in the store, read without locking a writer out.
 *
 * @module
 */
import { type LogReader, listRuns, readRun } from "@canonic/audit";
import { digestBytes, type Plan, parseCanonicalJson, type RunEvent, RunId } from "@canonic/contracts";
import type { Command } from "commander";
import { OrchestratorError } from "../errors.ts";
import { type CommandContext, printable } from "../invocation.ts";
import { labelOf, nextCommands } from "../next-commands.ts";
import type { Pack } from "../pack.ts";
import { neededOptions } from "../pack-options.ts";
import { type Standing, standingOf, standingText } from "../run-standing.ts";
import { storeFolder, withReader } from "../store.ts";

type StoreOption = { readonly store?: string };

export function addRuns(program: Command, { invocation, config }: CommandContext): void {
  program
    .command("runs")
    .description("list the runs of the store, first to last")
    .addHelpText("after", "\nExamples:\n  canonic runs\n  canonic runs --store /srv/canonic --json")
    .action(async (options: StoreOption) => {
      const { terminal, cwd } = invocation;
      const runs = await withReader(storeFolder(cwd, options.store, config.store), async (reader) => {
        const rows = [];
        for (const row of await listRuns(reader)) {
          const { events } = await readRun(reader, row.run);
          rows.push({ ...row, standing: standingText(standingOf(events)) });
        }
        return rows;
      });
      terminal.document({ runs });
      if (runs.length === 0) terminal.line("no runs yet");
      for (const run of runs) {
        const status = printable(run.standing).padEnd(12);
        const number = String(run.number).padStart(4);
        terminal.line(`${number}  ${run.run}  ${status}  ${run.startedAt}  ${run.events} events`);
      }
    });
}

export function addShow(program: Command, { invocation, config }: CommandContext): void {
  program
    .command("show")
    .description("show one run: its plan, its status, its contracts, and what failed")
    .argument("<run>", "the run's id, as `canonic runs` lists it")
    .addHelpText("after", "\nExample:\n  canonic show run_0123456789abcdef0123")
    .action(async (text: string, options: StoreOption) => {
      const { terminal, cwd } = invocation;
      const run = runIdOf(text);
      const { events, again } = await withReader(storeFolder(cwd, options.store, config.store), async (reader) => {
        const { events } = await readRun(reader, run);
        return { events, again: await optionsAgain(reader, events, config.packs) };
      });
      const summary = summaryOf(events);
      terminal.document({ run, ...summary });
      terminal.line(terminal.strong(run));
      terminal.line(`  status     ${summary.status}`);
      terminal.line(`  plan       ${summary.planDigest}`);
      terminal.line(`  started    ${summary.startedAt}`);
      terminal.line(`  events     ${summary.events}`);
      for (const [type, count] of Object.entries(summary.counts)) terminal.line(`    ${type.padEnd(26)} ${count}`);
      for (const verdict of summary.contracts) {
        const shown = verdict.verdict === "satisfied" ? terminal.good("satisfied") : terminal.bad("violated");
        terminal.line(`  ${verdict.contract.padEnd(16)} ${shown}, ${verdict.checked} checked`);
        for (const reason of verdict.reasons) terminal.line(printable(`    ${reason.message}`));
      }
      for (const line of standingLines(run, summary, again)) terminal.line(printable(line));
      for (const failure of summary.failures)
        terminal.line(printable(`  ${failure.type} ${failure.task}: ${failure.code}`));
      if (summary.skipped.length > 0) terminal.line(`  skipped    ${summary.skipped.join(" ")}`);
    });
}

/** What is asked, or why the run stands still, and what to type next; `again` is what a resume needs. */
function standingLines(run: RunId, { gate, stop }: Pick<Standing, "gate" | "stop">, again: string): string[] {
  const asked = gate === null ? null : { name: gate.gate, reviewDecision: gate.reviewDecision };
  const next = nextCommands({ run, gate: asked, stop: stop?.code ?? null }, again);
  return [
    ...(stop === null
      ? []
      : [`  stopped    ${stop.code} at ${stop.task ?? stop.gate ?? "the token"}, record ${stop.record}`]),
    ...(gate === null ? [] : [`  gate       ${gate.gate}, plan ${gate.plan}`, `             pins ${gate.pins}`]),
    ...next.map((command, index) => `  ${labelOf(command, index).padEnd(10)} ${command}`),
  ];
}

/** The options that a resume of the run needs; none where its plan is not there, for it is shown all the same. */
async function optionsAgain(reader: LogReader, [first]: readonly RunEvent[], packs: readonly Pack[]): Promise<string> {
  if (first?.type !== "PLAN_FROZEN") return "";
  const bytes = await reader.payload(first.data.plan);
  if (bytes === undefined || digestBytes(bytes) !== first.data.plan) return "";
  return neededOptions(parseCanonicalJson(bytes) as unknown as Plan, packs);
}

/** Reads a run id that a person typed. */
export function runIdOf(text: string): RunId {
  const parsed = RunId.safeParse(text);
  if (parsed.success) return parsed.data;
  const run = text.slice(0, 80);
  throw new OrchestratorError(
    "orchestrator.run-unknown",
    `\`${run}\` is no run id: \`run_\` and 20 hex digits, see \`canonic runs\``,
    { run },
  );
}

function summaryOf(events: readonly RunEvent[]) {
  const counts: Record<string, number> = {};
  for (const { type } of events) counts[type] = (counts[type] ?? 0) + 1;
  const [first] = events;
  const sealed = events.findLast((event) => event.type === "RUN_SEALED");
  const { status, gate, stop } = standingOf(events);
  return {
    status,
    gate,
    stop,
    number: first?.type === "PLAN_FROZEN" ? first.data.number : null,
    planDigest: first?.type === "PLAN_FROZEN" ? first.data.plan : null,
    outputsDigest: sealed?.data.outputs ?? null,
    startedAt: first?.at ?? null,
    events: events.length,
    counts: Object.fromEntries(Object.entries(counts).sort(([a], [b]) => (a < b ? -1 : 1))),
    contracts: events.flatMap((event) => (event.type === "CONTRACT_VERDICT" ? [event.data] : [])),
    failures: events.flatMap(failureOf),
    skipped: events.flatMap(({ type, subject }) => (type === "EXECUTION_SKIPPED" ? [subject] : [])),
  };
}

function failureOf(event: RunEvent): { type: string; task: string; code: string }[] {
  const { type, subject: task } = event;
  if (event.type === "OPERATION_ABORTED") return [{ type, task, code: event.data.code }];
  return event.type === "EXECUTION_DENIED"
    ? [{ type, task, code: event.data.reasons[0]?.code ?? event.data.stage }]
    : [];
}
