/**
 * `export`, `verify` and `fsck`: evidence out of the store, evidence judged without it, and the store itself.
 *
 * @module
 */
import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { exportBundle, fsck, type LogReader, readRun, verdictLines, verifyBundle } from "@canonic/audit";
import type { RunId } from "@canonic/contracts";
import { type Command, Option } from "commander";
import { OrchestratorError } from "../errors.ts";
import { EXIT } from "../exit.ts";
import { type CommandContext, printable } from "../invocation.ts";
import { openKeys, readTrust } from "../keys.ts";
import { enterStatementsLate, isStated } from "../statements.ts";
import { storeFolder, withReader, withStorage } from "../store.ts";
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
      const write = (storage: LogReader) => {
        return exportBundle({ storage, identity: openKeys(folder).identity, run, directory });
      };
      const isSealed = await withReader(folder, async (reader) => (await readRun(reader, run)).chain.sealed);
      const unstated = isSealed ? await enterMissingStatements(folder, run) : null;
      // A checkpoint that covers an unsealed run must be signed first, which needs the store for itself.
      const exported = await (isSealed ? withReader(folder, write) : withStorage(folder, write));
      terminal.document({ bundle: directory, ...exported });
      terminal.line(`bundle  ${directory}`);
      if (unstated !== null)
        terminal.note(`canonic: the bundle says nothing to other tools, its store cannot be written (${unstated})`);
      terminal.line(`        ${exported.files} files, ${exported.events} events, ${exported.sizeBytes} bytes`);
    });
}

/** Statements that a crash, or a version of before, left out; the code of what keeps them out, else null. */
async function enterMissingStatements(folder: string, run: RunId): Promise<string | null> {
  const isWhole = await withReader(folder, (reader) => isStated(reader, openKeys(folder), run));
  return isWhole ? null : enterStatementsLate(folder, run);
}

export function addVerify(program: Command, { invocation }: Pick<CommandContext, "invocation">): void {
  program
    .command("verify")
    .description("judge a bundle offline: VALID, INVALID or INDETERMINATE, with every reason")
    .argument("<bundle>", "the bundle's folder")
    .addOption(new Option("--trust <file>", "the trust file; trust never comes from the bundle").makeOptionMandatory())
    .addHelpText("after", "\nExample:\n  canonic verify canonic-out/run_…/bundle --trust .canonic/trust.json")
    .action(async (bundle: string, options: { readonly trust: string }) => {
      const { terminal, cwd } = invocation;
      const trust = readTrust(resolve(cwd, options.trust));
      const directory = resolve(cwd, bundle);
      if (!existsSync(directory)) throw unreadable(bundle);
      const verification = await verifyBundle(directory, { trust });
      terminal.document(verification);
      const paint = (word: string) => (word === "VALID" ? terminal.good(word) : terminal.bad(word));
      for (const line of verdictLines(verification, paint)) terminal.line(line);
      if (verification.verdict !== "VALID") invocation.endWith(EXIT.refused);
    });
}

export function addFsck(program: Command, { invocation, config }: CommandContext): void {
  program
    .command("fsck")
    .description("check the whole store: frames, chains, tree, checkpoint, payloads")
    .addOption(new Option("--rebuild-nodes", "write the tree's nodes anew from the leaves; no writer may be at work"))
    .addHelpText("after", "\nExample:\n  canonic fsck --store /srv/canonic --json")
    .action(async (options: StoreOption & { readonly rebuildNodes?: boolean }) => {
      const { terminal, cwd } = invocation;
      const folder = storeFolder(cwd, options.store, config.store);
      const check = async (reader: LogReader) => {
        const { origin, signer } = openKeys(folder);
        return fsck(reader, { trust: { origin, keys: [signer] }, rebuildNodes: options.rebuildNodes === true });
      };
      const report = await (options.rebuildNodes === true ? withStorage(folder, check) : withReader(folder, check));
      terminal.document(report);
      const counted = `${report.leaves} leaves, ${report.runs} runs, ${report.payloads} payloads`;
      terminal.line(`${report.sound ? terminal.good("clean") : terminal.bad(`${report.count} findings`)}: ${counted}`);
      for (const { code, place, message } of report.findings)
        terminal.line(printable(`  ${code}  ${place}  ${message}`));
      if (!report.sound) invocation.endWith(EXIT.refused);
    });
}

function unreadable(file: string): OrchestratorError<"orchestrator.file-unreadable"> {
  const details = { file, system: "ENOENT" };
  return new OrchestratorError("orchestrator.file-unreadable", `\`${file}\` does not exist`, details);
}
