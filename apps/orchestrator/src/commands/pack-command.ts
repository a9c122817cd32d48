/**
 * A pack's command on the command line: its options, and the host that it is given.
 *
 * @module
 */
import { type Command, Option } from "commander";
import type { CommandContext } from "../invocation.ts";
import type { Pack, PackCommand, PackHost, PlannedRun } from "../pack.ts";
import { toOption } from "../pack-options.ts";
import { adaptersFor, freezeRegistry } from "../registry.ts";
import { addRunOptions, type RunOptions, type RunSettings, readRunSettings } from "../run-options.ts";
import { type Runnable, runBatch, runPlanned } from "../run-planned.ts";
import { withReader } from "../store.ts";
import { readStoredRun } from "../stored-run.ts";
import { runIdOf } from "./inspect.ts";

export function addPackCommand(program: Command, pack: Pack, command: PackCommand, context: CommandContext): void {
  const added = program.command(command.name).description(`${command.summary} [${pack.name}]`);
  if (command.arguments !== "") added.argument(command.arguments, command.argumentHelp);
  for (const option of command.options) added.addOption(toOption(option));
  if (command.startsRuns !== false) {
    added.addOption(new Option("--seed <n>", "seeds task ids and the replayed sample (default: 42)"));
    addRunOptions(added, [pack]);
  }
  added.addHelpText("after", `\nExamples:\n${command.examples.map((example) => `  ${example}`).join("\n")}`);
  added.action(async (...given: unknown[]) => {
    const options = added.opts<RunOptions & PackOptionValues>();
    const settings = readRunSettings(options, context);
    const names = command.arguments === "" ? [] : [given[0]].flat();
    await command.run({ arguments: names as (string | undefined)[], options }, hostOf(pack, settings));
  });
}

type PackOptionValues = Parameters<PackCommand["run"]>[0]["options"];

function hostOf(pack: Pack, settings: RunSettings): PackHost {
  const { context, folder, executor } = settings;
  const { invocation } = context;
  const registries = new Map<string, ReturnType<PackHost["registry"]>>();
  const registry: PackHost["registry"] = (mode) => {
    const frozen = registries.get(mode) ?? freezeRegistry([pack], mode);
    registries.set(mode, frozen);
    return frozen;
  };
  const runnable = (planned: PlannedRun): Runnable => {
    const { plan } = planned;
    return { ...planned, snapshot: registry(plan.mode).snapshot, adapters: () => adaptersFor(plan, [pack]) };
  };
  return {
    registry,
    seed: executor.values.seed,
    terminal: invocation.terminal,
    progress: invocation.terminal.progress,
    cwd: invocation.cwd,
    store: folder,
    env: invocation.env,
    execute: (planned) => runPlanned(runnable(planned), settings),
    executeAll: (planned, options = {}) => runBatch(planned.map(runnable), settings, options.lanes),
    readRun: (run) => withReader(folder, (reader) => readStoredRun(reader, runIdOf(run))),
  };
}
