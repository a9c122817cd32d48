/**
 * `void`: a person ends a run that nobody will go on with.
 *
 * @module
 */
import { LOCAL_USER } from "@canonic/planner";
import { voidRun } from "@canonic/runner";
import { type Command, Option } from "commander";
import { type CommandContext, printable } from "../invocation.ts";
import { withRunLock } from "../run-lock.ts";
import { assertStore, storeFolder, withAuthority, withReader, withStore } from "../store.ts";
import { readStoredRun } from "../stored-run.ts";
import { runIdOf } from "./inspect.ts";

type VoidOptions = { readonly store?: string; readonly reason: string; readonly by: string };

export function addVoid(program: Command, { invocation, config }: CommandContext): void {
  program
    .command("void")
    .description("end an unsealed run that nobody will go on with; what it has done stays on record")
    .argument("<run>", "the run's id, as `canonic runs` lists it")
    .requiredOption("--reason <text>", "why, in your own words")
    .addOption(new Option("--by <name>", "whose word it is").default(LOCAL_USER))
    .addHelpText("after", '\nExample:\n  canonic void run_0123456789abcdef0123 --reason "the source was withdrawn"')
    .action(async (text: string, { store, reason, by }: VoidOptions) => {
      const { terminal, cwd } = invocation;
      const run = runIdOf(text);
      const folder = storeFolder(cwd, store, config.store);
      assertStore(folder);
      const { planDigest } = await withReader(folder, (reader) => readStoredRun(reader, run));
      const result = await withAuthority(folder, (authority) =>
        withRunLock(authority, planDigest, () =>
          withStore(folder, authority, ({ journal }) => voidRun({ journal, run, reason, by })),
        ),
      );
      terminal.document({ run, status: result.status, reason, by, events: result.events });
      terminal.line(printable(`voided  ${run} by ${by}: ${reason}`));
    });
}
