/**
 * `export`, `verify` and `fsck`: evidence out of the store, evidence judged without it, and the store itself.
 *
 * @module
 */
import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { type Command, Option } from "commander";
import { checkStore, exportRun, verifyDirectory } from "../bundle.ts";
import type { CanonicConfig } from "../config.ts";
import { OrchestratorError } from "../errors.ts";
import { EXIT } from "../exit.ts";
import type { CommandContext } from "../invocation.ts";
import { openKeys, readTrust } from "../keys.ts";
import { storeFolder, withReader } from "../store.ts";
import { runIdOf } from "./inspect.ts";

type StoreOption = { readonly store?: string };

export function addExport(program: Command, { invocation, config }: CommandContext): void {
  program
    .command("export")
    .description("write a run's evidence bundle: everything that a stranger needs to verify it offline")
    .argument("<run>", "the run's id")
    .requiredOption("--out <folder>", "the bundle's folder; must not exist")
    .addHelpText("after", "\nExample:\n  canonic export run_0123456789abcdef0123 --out evidence")
    .action(async (text: string, options: StoreOption & { readonly out: string }) => {
      const { terminal, cwd } = invocation;
      const folder = storeFolder(cwd, options.store, config.store);
      const run = runIdOf(text);
      const directory = resolve(cwd, options.out);
      if (existsSync(directory)) {
        throw new OrchestratorError("orchestrator.out-not-empty", `\`${options.out}\` exists already`, { directory });
      }
      await withReader(folder, (reader) =>
        exportRun({ reader, keys: openKeys(folder), run, directory, packs: config.packs }),
      );
      terminal.document({ run, bundle: directory });
      terminal.line(`bundle  ${directory}`);
    });
}

export function addVerify(
  program: Command,
  { invocation }: { readonly invocation: CommandContext["invocation"]; readonly config: CanonicConfig },
): void {
  program
    .command("verify")
    .description("judge a bundle offline: VALID, INVALID or INDETERMINATE, with every reason")
    .argument("<bundle>", "the bundle's folder")
    .addOption(new Option("--trust <file>", "the trust file; trust never comes from the bundle").makeOptionMandatory())
    .addHelpText("after", "\nExample:\n  canonic verify canonic-out/run_…/bundle --trust .canonic/trust.json")
    .action(async (bundle: string, options: { readonly trust: string }) => {
      const { terminal, cwd } = invocation;
      const trust = readTrust(resolve(cwd, options.trust));
      const verification = await verifyDirectory(resolve(cwd, bundle), trust);
      terminal.document(verification);
      const { verdict, reasons } = verification;
      const [first] = reasons;
      const shown = verdict === "VALID" ? terminal.good(verdict) : terminal.bad(verdict);
      terminal.line(first === undefined ? shown : `${shown}: ${first.message}`);
      for (const reason of reasons) terminal.line(`  ${reason.code}  ${reason.place}  ${reason.message}`);
      if (verdict !== "VALID") invocation.endWith(EXIT.refused);
    });
}

export function addFsck(program: Command, { invocation, config }: CommandContext): void {
  program
    .command("fsck")
    .description("check the whole store: frames, chains, tree, checkpoint, payloads")
    .addHelpText("after", "\nExample:\n  canonic fsck --store /srv/canonic --json")
    .action(async (options: StoreOption) => {
      const { terminal, cwd } = invocation;
      const folder = storeFolder(cwd, options.store, config.store);
      const report = await withReader(folder, (reader) => checkStore(reader, openKeys(folder)));
      terminal.document(report);
      terminal.line(
        report.findings.length === 0 ? terminal.good("clean") : terminal.bad(`${report.findings.length} findings`),
      );
      for (const finding of report.findings) terminal.line(`  ${finding.code}  ${finding.place}  ${finding.message}`);
      if (report.findings.length > 0) invocation.endWith(EXIT.refused);
    });
}
