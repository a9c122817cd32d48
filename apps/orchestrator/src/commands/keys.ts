/**
 * `keys`: the store's keys and trust file, and the keys of the people who approve.
 *
 * @module
 */
import { resolve } from "node:path";
import type { Command } from "commander";
import { type CommandContext, printable } from "../invocation.ts";
import { createApprover, openKeys, openWriterKeys, trustInForce } from "../keys.ts";
import { rotateLogKey } from "../rotate-key.ts";
import { assertStore, storeFolder, withAuthority, withReader } from "../store.ts";
import { addTrustedRoot } from "./trusted-root.ts";

export function addKeys(program: Command, { invocation, config }: CommandContext): void {
  const keys = program
    .command("keys")
    .description("the keys that sign the log and issue tokens, and the trust file that a verifier takes");
  keys
    .command("init")
    .description("make the store's keys and trust file, unless they are there; a key is never replaced")
    .addHelpText("after", "\nExample:\n  canonic keys init --store /srv/canonic")
    .action((options: { readonly store?: string }) => {
      const { terminal, cwd } = invocation;
      const keys = openWriterKeys(storeFolder(cwd, options.store, config.store));
      const { origin, trustFile, operator, attestor, trust } = keys;
      const approvers = (trust.approvers ?? []).map(({ name }) => name);
      terminal.document({ origin, trust: trustFile, issuer: operator.name, attestor: attestor.name, approvers });
      terminal.line(`origin  ${origin}`);
      terminal.line(`trust   ${trustFile}`);
      terminal.line("Hand the trust file to whoever verifies; keep the store's `keys` folder to yourself.");
    });
  keys
    .command("rotate")
    .description("give the log a new key; it stays one log, and trust files that name an old key verify what comes")
    .addHelpText("after", "\nExample:\n  canonic keys rotate --store /srv/canonic")
    .action(async (options: { readonly store?: string }) => {
      const { terminal, cwd } = invocation;
      const folder = storeFolder(cwd, options.store, config.store);
      assertStore(folder);
      const rotation = await withAuthority(folder, (authority) => rotateLogKey(folder, authority));
      terminal.document(rotation);
      terminal.line(`origin   ${rotation.origin}`);
      terminal.line(`new key  ${rotation.publicKey}, in force behind leaf ${rotation.index}`);
      terminal.line(printable(`old key  ${rotation.kept}: keep it from everybody, or destroy it; nothing needs it`));
      terminal.line(
        "Publish the new key. Trust files stay good: bundles bring the rotation with them, signed by both keys.",
      );
      terminal.line(
        "If the old key may be known to others, hand out `canonic keys trust` instead: it names the new key alone.",
      );
    });
  keys
    .command("trust")
    .description("write a trust file that names the log's key in force, and no key before it")
    .requiredOption("--out <file>", "the trust file; must not exist")
    .addHelpText("after", "\nExample:\n  canonic keys trust --out trust-2027.json")
    .action(async (options: { readonly store?: string; readonly out: string }) => {
      const { terminal, cwd } = invocation;
      const folder = storeFolder(cwd, options.store, config.store);
      const file = resolve(cwd, options.out);
      assertStore(folder);
      const { publicKey } = await withReader(folder, (reader) => trustInForce(reader, openKeys(folder), file));
      terminal.document({ trust: file, publicKey });
      terminal.line(printable(`trust  ${file}`));
      terminal.line("Bundles from before the key came verify with it once they are exported anew.");
    });
  addTrustedRoot(keys, { invocation, config });
  keys
    .command("approver")
    .description("make a person's key in a file of their own, and trust it to approve at gates")
    .argument("<name>", "the person; what executes by itself is refused")
    .requiredOption("--out <file>", "the private key; must not exist, is made with mode 600")
    .addHelpText("after", "\nExample:\n  canonic keys approver ada --out ada.pem")
    .action((name: string, options: { readonly store?: string; readonly out: string }) => {
      const { terminal, cwd } = invocation;
      const file = resolve(cwd, options.out);
      const { publicKey } = createApprover(storeFolder(cwd, options.store, config.store), name, file);
      terminal.document({ approver: name, publicKey, file });
      terminal.line(printable(`approver  ${name}`));
      terminal.line(printable(`key       ${file} (mode 600; only \`canonic approve\` reads it)`));
    });
}
