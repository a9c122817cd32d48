/**
 * The options that every command that runs a plan takes, read once and before anything is opened.
 *
 * @module
 */
import { resolve } from "node:path";
import { type ResolvedExecutorConfig, Trigger } from "@canonic/contracts";
import { type Command, Option } from "commander";
import { readApprovalFile } from "./approvals.ts";
import { systemClock } from "./clock.ts";
import { addExecutorOptions, type ExecutorOptions, readExecutorConfig } from "./executor-config.ts";
import { prepareOut } from "./finish-run.ts";
import type { CommandContext } from "./invocation.ts";
import type { Pack, PackOptions } from "./pack.ts";
import { toOption } from "./pack-options.ts";
import type { Start } from "./run-plan.ts";
import { readTokenFile } from "./run-token.ts";
import { storeFolder } from "./store.ts";
import { jobsOf } from "./whole-numbers.ts";

export type RunOptions = ExecutorOptions & {
  readonly store?: string;
  readonly out?: string;
  readonly jobs?: string;
  readonly token?: string;
  readonly user?: string;
  readonly trigger?: string;
  readonly approval?: readonly string[];
};

/** What a command line asks for, beside the plan. */
export type RunSettings = {
  readonly context: CommandContext;
  readonly folder: string;
  /** Undefined: `canonic-out/<run>` under the working folder. */
  readonly out: string | undefined;
  readonly jobs: number;
  readonly executor: ResolvedExecutorConfig;
  readonly start: Start;
  /** All options of the command, for the packs' own. */
  readonly options: PackOptions;
  readonly startedMs: number;
  /** True when `out` is the folder of many runs, each in one of its own. */
  readonly isBatch: boolean;
};

/** Adds them to a command, and those that packs have for their runs. */
export function addRunOptions(command: Command, packs: readonly Pack[]): void {
  addExecutorOptions(command);
  command
    .addOption(new Option("--out <folder>", "where the results go (default: canonic-out/<run>)"))
    .addOption(
      new Option(
        "--jobs <n>",
        "worker threads, 1 to the number of cores (default: all cores); no output depends on it",
      ),
    )
    .addOption(
      new Option(
        "--token <file>",
        "the token to run under (default: one that you issue yourself, for exactly this plan)",
      ),
    )
    .addOption(new Option("--user <name>", "who presents the token (default: the plan's user)"))
    .addOption(
      new Option("--trigger <how>", `how the run was started: ${Trigger.options.join(", ")}`).default("direct_command"),
    );
  const known = new Set(command.options.map(({ flags }) => flags));
  for (const option of packs.flatMap(({ runOptions = [] }) => runOptions)) {
    if (!known.has(option.flags)) command.addOption(toOption(option));
    known.add(option.flags);
  }
}

/** @throws {OrchestratorError} for the first option whose value cannot be used. */
export function readRunSettings(options: RunOptions, context: CommandContext): RunSettings {
  const { invocation, config } = context;
  const { cwd } = invocation;
  const startedMs = systemClock.monotonicMs();
  const out = options.out === undefined ? undefined : resolve(cwd, options.out);
  const jobs = jobsOf(options.jobs);
  const executor = readExecutorConfig(options, invocation.env, cwd);
  if (out !== undefined) prepareOut(out);
  return {
    context,
    folder: storeFolder(cwd, options.store, config.store),
    out,
    jobs,
    executor,
    start: {
      token: options.token === undefined ? undefined : readTokenFile(resolve(cwd, options.token)),
      user: options.user,
      trigger: options.trigger ?? "direct_command",
      approvals: [options.approval ?? []].flat().map((file) => readApprovalFile(resolve(cwd, file))),
    },
    options: options as PackOptions,
    startedMs,
    isBatch: false,
  };
}
