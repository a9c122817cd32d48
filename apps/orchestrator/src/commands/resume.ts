/**
 * `resume`: goes on with a run that a crash left unsealed, from the store alone.
 *
 * @module
 */
import { resolve } from "node:path";
import { readRun } from "@canonic/runner";
import type { Command } from "commander";
import { systemClock } from "../clock.ts";
import { readExecutorConfig } from "../executor-config.ts";
import { finishRun, prepareOut } from "../finish-run.ts";
import type { CommandContext } from "../invocation.ts";
import { packFor } from "../registry.ts";
import { executePlan } from "../run-plan.ts";
import { assertStore, storeFolder, withStore } from "../store.ts";
import { runIdOf } from "./inspect.ts";
import { addRunOptions, jobsOf, type RunOptions } from "./pack-command.ts";

export function addResume(program: Command, { invocation, config }: CommandContext): void {
  const command = program
    .command("resume")
    .description("go on with an unsealed run; a sealed one is shown as it is and its results are written again")
    .argument("<run>", "the run's id, as `canonic runs` lists it")
    .addHelpText("after", "\nExample:\n  canonic resume run_0123456789abcdef0123");
  addRunOptions(command);
  command.action(async (text: string, options: RunOptions) => {
    const startedMs = systemClock.monotonicMs();
    const run = runIdOf(text);
    const jobs = jobsOf(options.jobs);
    const executor = readExecutorConfig(options, invocation.env, invocation.cwd);
    const out = options.out === undefined ? undefined : resolve(invocation.cwd, options.out);
    if (out !== undefined) prepareOut(out);
    const folder = storeFolder(invocation.cwd, options.store, config.store);
    assertStore(folder);
    await withStore(folder, async (store) => {
      const { plan, snapshot, artifacts } = await readRun(store.journal, run);
      const pack = packFor(plan, config.packs);
      const payloads = [];
      for (const { digest } of pack.attachments?.({ plan, artifacts }) ?? []) {
        const bytes = await store.journal.payload(digest);
        if (bytes !== undefined) payloads.push({ digest, bytes });
      }
      const { progress } = invocation.terminal;
      const execution = await executePlan({
        store,
        pack,
        snapshot,
        plan,
        artifacts,
        payloads,
        jobs,
        executor,
        progress,
        run,
      });
      await finishRun({ invocation, store, pack, execution, out, startedMs, about: run });
    });
  });
}
