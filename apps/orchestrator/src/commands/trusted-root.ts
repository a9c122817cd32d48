/**
 * `keys trusted-root`: whom to trust, for other people's tools: a Sigstore trusted root, and the attestors' keys as PEM.
 *
 * Invariants:
 *   T1. The folder is written whole or not at all, and never over another.
 *   T2. With a trust file of one's own no store is needed: whoever only verifies makes the same files as the log's keeper.
 *
 * @module
 */
import { existsSync, renameSync, rmSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { attestorKeysOf, trustedRootOf } from "@canonic/audit";
import { canonicalJson, type TrustFile } from "@canonic/contracts";
import type { Command } from "commander";
import { OrchestratorError } from "../errors.ts";
import { syncFolder, writeWhole } from "../files.ts";
import { type CommandContext, printable } from "../invocation.ts";
import { readTrust, trustPathOf } from "../keys.ts";
import { storeFolder } from "../store.ts";

const ROOT = "trusted_root.json";

export function addTrustedRoot(keys: Command, { invocation, config }: CommandContext): void {
  keys
    .command("trusted-root")
    .description("write what other tools take for the trust file: a Sigstore trusted root, and who signs statements")
    .option("--trust <file>", "the trust file (default: the store's own)")
    .requiredOption("--out <folder>", "the folder; must not exist")
    .addHelpText("after", "\nExample:\n  canonic keys trusted-root --trust trust.json --out sigstore")
    .action((options: { readonly store?: string; readonly trust?: string; readonly out: string }) => {
      const { terminal, cwd } = invocation;
      const own = () => trustPathOf(storeFolder(cwd, options.store, config.store));
      const trust = readTrust(options.trust === undefined ? own() : resolve(cwd, options.trust));
      const folder = resolve(cwd, options.out);
      const attestors = writeTrustedRoot(trust, folder);
      terminal.document({ trustedRoot: join(folder, ROOT), attestors });
      terminal.line(`trusted root  ${join(folder, ROOT)}`);
      for (const { name, file } of attestors) terminal.line(printable(`attestor      ${file}  ${name}`));
    });
}

type WrittenKey = { readonly name: string; readonly hint: string; readonly file: string };

function writeTrustedRoot(trust: TrustFile, folder: string): readonly WrittenKey[] {
  if (existsSync(folder)) {
    const message = `\`${folder}\` exists already`;
    throw new OrchestratorError("orchestrator.out-not-empty", message, { directory: folder });
  }
  const part = `${folder}.part`;
  rmSync(part, { recursive: true, force: true });
  const keys = attestorKeysOf(trust).map((key, at) => ({ ...key, path: `attestor-${at + 1}.pem` }));
  writeWhole(join(part, ROOT), `${canonicalJson(trustedRootOf(trust))}\n`);
  for (const { path, pem } of keys) writeWhole(join(part, path), pem);
  renameSync(part, folder);
  syncFolder(dirname(folder));
  return keys.map(({ name, hint, path }) => ({ name, hint, file: join(folder, path) }));
}
