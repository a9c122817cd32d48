/**
 * `keys init`: the store's key and trust file, made apart from a first run.
 *
 * @module
 */
import type { Command } from "commander";
import type { CommandContext } from "../invocation.ts";
import { openKeys } from "../keys.ts";
import { storeFolder } from "../store.ts";

export function addKeys(program: Command, { invocation, config }: CommandContext): void {
  const keys = program
    .command("keys")
    .description("the key that signs the log, and the trust file that a verifier takes");
  keys
    .command("init")
    .description("make the store's key and trust file, unless they are there; a key is never replaced")
    .addHelpText("after", "\nExample:\n  canonic keys init --store /srv/canonic")
    .action((options: { readonly store?: string }) => {
      const { terminal, cwd } = invocation;
      const { origin, trustFile } = openKeys(storeFolder(cwd, options.store, config.store));
      terminal.document({ origin, trust: trustFile });
      terminal.line(`origin  ${origin}`);
      terminal.line(`trust   ${trustFile}`);
      terminal.line("Hand the trust file to whoever verifies; keep the store's `keys` folder to yourself.");
    });
}
