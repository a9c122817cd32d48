/**
 * `resume`: goes on with a run that a crash, a stop or a gate left unsealed, from the store alone.
 *
 * @module
 */
import type { Payload } from "@canonic/contracts";
import { type Command, Option } from "commander";
import type { CommandContext } from "../invocation.ts";
import { adaptersFor, ownerOf } from "../registry.ts";
import { addRunOptions, type RunOptions, readRunSettings } from "../run-options.ts";
import { runPlanned } from "../run-planned.ts";
import { withReader } from "../store.ts";
import { readStoredRun } from "../stored-run.ts";
import { runIdOf } from "./inspect.ts";

export function addResume(program: Command, context: CommandContext): void {
  const { packs } = context.config;
  const command = program
    .command("resume")
    .description("go on with an unsealed run; a sealed one is shown as it is and its results are written again")
    .argument("<run>", "the run's id, as `canonic runs` lists it")
    .addOption(new Option("--approval <file...>", "signed approvals, each presented once and in this order"))
    .addHelpText(
      "after",
      "\nExamples:\n  canonic resume run_0123456789abcdef0123\n  canonic resume run_0123456789abcdef0123 --approval approval.json",
    );
  addRunOptions(command, packs);
  command.action(async (text: string, options: RunOptions) => {
    const run = runIdOf(text);
    const settings = readRunSettings(options, context);
    const planned = await withReader(settings.folder, async (reader) => {
      const { plan, snapshot, artifacts } = await readStoredRun(reader, run);
      const adapters = adaptersFor(plan, packs);
      const owner = ownerOf(plan, artifacts, adapters);
      const payloads: Payload[] = [];
      for (const { digest } of owner?.attachments?.({ plan, artifacts }) ?? []) {
        const bytes = await reader.payload(digest);
        if (bytes !== undefined) payloads.push({ digest, bytes });
      }
      return { plan, snapshot, artifacts, payloads, adapters: () => adapters };
    });
    await runPlanned({ ...planned, run, about: run }, settings);
  });
}
