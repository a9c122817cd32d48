/**
 * `events`: what happened in a run, as it stands in the log, or in the words of other systems.
 *
 * @module
 */
import { cloudEventOf, type LoggedEvent, type LogReader, openLineageOf, readLineage, readRun } from "@canonic/audit";
import { AUTHORITY_CHAIN, canonicalJson, EVENT_TYPES, type JsonObject, type RunId } from "@canonic/contracts";
import { type Command, Option } from "commander";
import { OrchestratorError } from "../errors.ts";
import type { CommandContext } from "../invocation.ts";
import { originOf } from "../keys.ts";
import { storeFolder, withReader } from "../store.ts";
import { runIdOf } from "./inspect.ts";

type EventsOptions = {
  readonly store?: string;
  readonly type?: string;
  readonly format?: "cloudevents" | "openlineage";
};

export function addEvents(program: Command, { invocation, config }: CommandContext): void {
  program
    .command("events")
    .description("print a run's events, one JSON document a line: the exact leaf bytes, or another format")
    .argument("<run>", "the run's id, or `authority` for the chain of tokens and modes")
    .addOption(new Option("--type <type>", "only events of this type, for example EXECUTION_DENIED"))
    .addOption(
      new Option("--format <format>", "CloudEvents 1.0, or OpenLineage run events").choices([
        "cloudevents",
        "openlineage",
      ]),
    )
    .addHelpText(
      "after",
      "\nExamples:\n  canonic events run_0123456789abcdef0123 --type CONTRACT_VERDICT\n  canonic events run_0123456789abcdef0123 --format cloudevents",
    )
    .action(async (run: string, options: EventsOptions) => {
      const { terminal, cwd } = invocation;
      const folder = storeFolder(cwd, options.store, config.store);
      assertType(options.type);
      const events = await withReader(folder, async (reader) => {
        const logged = run === AUTHORITY_CHAIN ? await readAuthority(reader) : await readLogged(reader, runIdOf(run));
        const shown = logged.filter(({ event }) => options.type === undefined || event.type === options.type);
        if (options.format === undefined) return shown.map(({ event }) => event as JsonObject);
        const origin = await originOf(folder, reader);
        if (options.format === "cloudevents") return shown.map((one) => cloudEventOf(one, origin));
        if (run === AUTHORITY_CHAIN) throw noRun();
        const lineage = openLineageOf(await readLineage(reader, runIdOf(run), origin), logged);
        const ofShown = new Set<unknown>(shown.map(({ leaf }) => leaf.index));
        return lineage.filter((one) => ofShown.has(leafIndexOf(one)));
      });
      terminal.document({ run, events });
      for (const event of events) terminal.line(canonicalJson(event));
    });
}

async function readLogged(reader: LogReader, run: RunId): Promise<readonly LoggedEvent[]> {
  const { events, leaves } = await readRun(reader, run);
  return events.flatMap((event, index) => {
    const leaf = leaves[index];
    return leaf === undefined ? [] : [{ event, leaf }];
  });
}

/** The authority chain; empty while nothing of authority was journaled. */
async function readAuthority(reader: LogReader): Promise<readonly LoggedEvent[]> {
  const [first] = await reader.readRun(AUTHORITY_CHAIN, 0, 1);
  return first === undefined ? [] : readLogged(reader, AUTHORITY_CHAIN as RunId);
}

function leafIndexOf(event: JsonObject): unknown {
  const { facets } = event["run"] as { readonly facets: { readonly canonic_evidence: { readonly leafIndex: number } } };
  return facets.canonic_evidence.leafIndex;
}

/** @throws {OrchestratorError} `orchestrator.option-invalid` for a type that no event has, and lists those that there are. */
function assertType(type: string | undefined): void {
  if (type === undefined || EVENT_TYPES.some((known) => known === type)) return;
  const expected = `one of ${EVENT_TYPES.join(", ")}`;
  throw new OrchestratorError("orchestrator.option-invalid", `\`--type\` takes ${expected}`, {
    option: "--type",
    expected,
  });
}

function noRun(): OrchestratorError<"orchestrator.option-invalid"> {
  const expected = "cloudevents for the chain of authority, which is no run";
  return new OrchestratorError("orchestrator.option-invalid", `\`--format\` must be ${expected}`, {
    option: "--format",
    expected,
  });
}
