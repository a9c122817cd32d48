/**
 * A pack's command on the command line: its options, and the host that it is given.
 *
 * @module
 */
import { availableParallelism } from "node:os";
import { resolve } from "node:path";
import { type Command, Option } from "commander";
import { systemClock } from "../clock.ts";
import { OrchestratorError } from "../errors.ts";
import { addExecutorOptions, type ExecutorOptions, readExecutorConfig } from "../executor-config.ts";
import { finishRun, prepareOut } from "../finish-run.ts";
import type { CommandContext } from "../invocation.ts";
import type { Pack, PackCommand, PackHost } from "../pack.ts";
import { freezeRegistry } from "../registry.ts";
import { executePlan } from "../run-plan.ts";
import { storeFolder, withStore } from "../store.ts";

/** Options that every command that runs a plan takes. */
export type RunOptions = ExecutorOptions & { readonly store?: string; readonly out?: string; readonly jobs?: string };

export function addPackCommand(program: Command, pack: Pack, command: PackCommand, context: CommandContext): void {
  const { invocation, config } = context;
  const added = program.command(command.name).description(`${command.summary} [${pack.name}]`);
  added.argument(command.arguments, command.argumentHelp);
  for (const { flags, description, choices } of command.options) {
    const option = new Option(flags, description);
    added.addOption(choices === undefined ? option : option.choices([...choices]));
  }
  added.addOption(new Option("--seed <n>", "seeds task ids and the replayed sample (default: 42)"));
  addRunOptions(added);
  added.addHelpText("after", `\nExamples:\n${command.examples.map((example) => `  ${example}`).join("\n")}`);
  added.action(
    async (argument: string | undefined, options: RunOptions & Record<string, string | boolean | undefined>) => {
      const startedMs = systemClock.monotonicMs();
      const registry = freezeRegistry([pack]);
      const folder = storeFolder(invocation.cwd, options.store, config.store);
      const out = options.out === undefined ? undefined : resolve(invocation.cwd, options.out);
      const jobs = jobsOf(options.jobs);
      const executor = readExecutorConfig(options, invocation.env, invocation.cwd);
      if (out !== undefined) prepareOut(out);
      const host: PackHost = {
        registry,
        seed: executor.values.seed,
        terminal: invocation.terminal,
        progress: invocation.terminal.progress,
        cwd: invocation.cwd,
        execute: (planned) =>
          withStore(folder, async (store) => {
            const request = {
              store,
              pack,
              snapshot: registry.snapshot,
              jobs,
              executor,
              progress: invocation.terminal.progress,
              ...planned,
            };
            const execution = await executePlan(request);
            await finishRun({ invocation, store, pack, execution, out, startedMs, about: planned.about });
          }),
      };
      await command.run({ arguments: [argument], options }, host);
    },
  );
}

/** `--out` and `--jobs`, as every command that runs a plan takes them. */
export function addRunOptions(command: Command): void {
  addExecutorOptions(command);
  command
    .addOption(new Option("--out <folder>", "where the results go (default: canonic-out/<run>)"))
    .addOption(
      new Option(
        "--jobs <n>",
        "worker threads, 1 to the number of cores (default: all cores); no output depends on it",
      ),
    );
}

/** @throws {OrchestratorError} `orchestrator.option-invalid` unless it is a whole number from 1 to the number of cores. */
export function jobsOf(text: string | undefined): number {
  const cores = availableParallelism();
  if (text === undefined) return cores;
  const jobs = /^[1-9][0-9]{0,3}$/.test(text) ? Number(text) : 0;
  if (jobs >= 1 && jobs <= cores) return jobs;
  const expected = `a whole number from 1 to ${cores}`;
  throw new OrchestratorError("orchestrator.option-invalid", `\`--jobs\` takes ${expected}`, {
    option: "--jobs",
    expected,
  });
}
