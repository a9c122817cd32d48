/**
 * `graph`: how the evidence of a run hangs together, where it contradicts itself, and what is missing.
 *
 * @module
 */
import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { type EvidenceReading, type LineageRecord, readBundleLineage, readEvidence, readLineage } from "@canonic/audit";
import { byCodeUnit, RunId } from "@canonic/contracts";
import { type Command, Option } from "commander";
import { type CommandContext, printable } from "../invocation.ts";
import { originOf } from "../keys.ts";
import { storeFolder, withReader } from "../store.ts";
import { runIdOf } from "./inspect.ts";

/** How many of each kind of gap are printed; `--json` lists all. */
const SHOWN_MAX = 5;

type GraphOptions = { readonly store?: string; readonly full?: boolean };

export function addGraph(program: Command, { invocation, config }: CommandContext): void {
  program
    .command("graph")
    .description("show a run's evidence graph: its nodes and edges, what contradicts itself, and what is missing")
    .argument("<run>", "the run's id, or the folder or tar file of a bundle, which is read and not judged")
    .addOption(new Option("--full", "with --json: every node and edge too"))
    .addHelpText(
      "after",
      "\nExamples:\n  canonic graph run_0123456789abcdef0123\n  canonic graph canonic-out/run_…/bundle --json --full",
    )
    .action(async (text: string, options: GraphOptions) => {
      const { terminal, cwd } = invocation;
      const directory = resolve(cwd, text);
      const isBundle = !RunId.safeParse(text).success && existsSync(directory);
      const record = isBundle
        ? await readBundleLineage(directory)
        : await recordInStore(storeFolder(cwd, options.store, config.store), runIdOf(text));
      const reading = readEvidence(record);
      const { nodes, edges } = countsOf(reading);
      const { contradictions, gaps, graph } = reading;
      terminal.document({
        run: record.run,
        nodes,
        edges,
        contradictions: contradictions.map(({ code, place, message }) => ({ code, place, message })),
        gaps,
        ...(options.full === true ? { graph } : {}),
      });
      terminal.line(terminal.strong(record.run));
      terminal.line(`  nodes           ${graph.nodes.length}`);
      for (const [kind, count] of Object.entries(nodes)) terminal.line(`    ${kind.padEnd(13)} ${count}`);
      terminal.line(`  edges           ${graph.edges.length}`);
      for (const [type, count] of Object.entries(edges)) terminal.line(`    ${type.padEnd(13)} ${count}`);
      terminal.line(`  contradictions  ${contradictions.length}`);
      for (const line of shownLines(contradictions)) terminal.line(printable(line));
      terminal.line(`  gaps            ${gaps.length}`);
      for (const line of shownLines(gaps)) terminal.line(printable(line));
    });
}

function recordInStore(folder: string, run: RunId): Promise<LineageRecord> {
  return withReader(folder, async (reader) => readLineage(reader, run, await originOf(folder, reader)));
}

function countsOf({ graph }: EvidenceReading) {
  return { nodes: countBy(graph.nodes.map(({ kind }) => kind)), edges: countBy(graph.edges.map(({ type }) => type)) };
}

function countBy(words: readonly string[]): Readonly<Record<string, number>> {
  const counts = new Map<string, number>();
  for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
  return Object.fromEntries([...counts].sort(([a], [b]) => byCodeUnit(a, b)));
}

/** The first few of each code, and how many more there are. */
function shownLines(found: readonly { readonly code: string; readonly message: string }[]): string[] {
  const lines: string[] = [];
  for (const [code, count] of Object.entries(countBy(found.map((one) => one.code)))) {
    const some = found.filter((one) => one.code === code).slice(0, SHOWN_MAX);
    lines.push(`    ${code.padEnd(20)} ${count}`, ...some.map(({ message }) => `      ${message}`));
    if (count > some.length) lines.push(`      … ${count - some.length} more`);
  }
  return lines;
}
