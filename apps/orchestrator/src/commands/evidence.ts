/**
 * `export`, `verify` and `fsck`: evidence out of the store, evidence judged without it, and the store itself.
 *
 * @module
 */
import { existsSync } from "node:fs";
import { resolve } from "node:path";
import {
  type ExportedBundle,
  exportArchive,
  exportBundle,
  fsck,
  type LogReader,
  listRuns,
  parseLogPolicy,
  readRun,
  type VerifyOptions,
  verdictLines,
  verifyEvidence,
} from "@canonic/audit";
import { type RunId, routeDecisionDigestOf } from "@canonic/contracts";
import { type Command, Option } from "commander";
import { counted } from "../counted.ts";
import { OrchestratorError } from "../errors.ts";
import { EXIT } from "../exit.ts";
import { readNamedFile } from "../files.ts";
import { inFile } from "../in-file.ts";
import { type CommandContext, printable } from "../invocation.ts";
import { openKeys, readTrust } from "../keys.ts";
import { newOutput, writeOutput } from "../new-output.ts";
import { replayBy } from "../replay.ts";
import { openRecordedWorlds } from "../routing/planned-worlds.ts";
import { isRoutedFile, readRouted } from "../routing/routed-file.ts";
import { isRange, type RangeOptions, rangeOf } from "../run-range.ts";
import { storedStamp } from "../stamp-checkpoint.ts";
import { enterStatementsLate, isStated } from "../statements.ts";
import { storeFolder, withReader, withStorage } from "../store.ts";
import { runIdOf } from "./inspect.ts";

type Invocation = CommandContext["invocation"];
type StoreOption = { readonly store?: string };

type ExportOptions = StoreOption & RangeOptions & { readonly out: string };

export function addExport(program: Command, { invocation, config }: CommandContext): void {
  program
    .command("export")
    .description("write evidence of a run, or of many: everything that a stranger needs to verify it offline")
    .argument("[run]", "the run's id; without one, an archive of the runs that the options name")
    .requiredOption("--out <path>", "the folder, or the tar file when it ends in .tar; must not exist")
    .option("--since <date>", "the first day or moment of a period (UTC); all run numbers between are taken")
    .option("--until <date>", "the day or moment before which the period ends")
    .option("--runs <range>", "run numbers instead of a period, like 3..17")
    .addHelpText(
      "after",
      "\nExamples:\n  canonic export run_0123456789abcdef0123 --out evidence\n  canonic export --since 2026-01-01 --until 2026-02-01 --out january.tar",
    )
    .action(async (text: string | undefined, options: ExportOptions) => {
      const folder = storeFolder(invocation.cwd, options.store, config.store);
      const target = newOutput(invocation.cwd, options.out);
      if ((text === undefined) !== isRange(options)) {
        const expected = "a run's id, or --runs, --since or --until, and not both";
        throw new OrchestratorError("orchestrator.option-invalid", `export takes ${expected}`, {
          option: "run",
          expected,
        });
      }
      if (text === undefined) await exportMany(invocation, folder, target, options);
      else await exportOne(invocation, folder, target, runIdOf(text));
    });
}

async function exportOne({ terminal }: Invocation, folder: string, directory: string, run: RunId): Promise<void> {
  const write = (storage: LogReader) =>
    exportBundle({ storage, identity: openKeys(folder).identity, run, directory, ...stampIn(folder) });
  const isSealed = await withReader(folder, async (reader) => (await readRun(reader, run)).chain.sealed);
  const unstated = isSealed ? await enterMissingStatements(folder, run) : null;
  // A checkpoint that covers an unsealed run must be signed first, which needs the store for itself.
  const exported = await writeOutput(directory, () =>
    isSealed ? withReader(folder, write) : withStorage(folder, write),
  );
  terminal.document({ bundle: directory, ...exported });
  terminal.line(`bundle  ${directory}`);
  if (unstated !== null)
    terminal.note(`canonic: the bundle says nothing to other tools, its store cannot be written (${unstated})`);
  terminal.line(`        ${countsOf(exported)}`);
}

async function exportMany(
  { terminal }: Invocation,
  folder: string,
  directory: string,
  options: RangeOptions,
): Promise<void> {
  const listed = await withReader(folder, listRuns);
  const range = rangeOf(options, listed);
  const asked = listed.filter(({ number }) => number >= range.from && number <= range.to);
  const sealed = asked.filter(({ status }) => status !== null);
  let unstated: string | null = null;
  for (const { run } of sealed) unstated = (await enterMissingStatements(folder, run)) ?? unstated;
  const exporting = (done: number, all: number) => terminal.progress("exporting runs", done, all);
  const write = (storage: LogReader) =>
    exportArchive({ storage, identity: openKeys(folder).identity, directory, ...range, onRun: exporting });
  const exported = await writeOutput(directory, () =>
    sealed.length === asked.length ? withReader(folder, write) : withStorage(folder, write),
  );
  terminal.document({ archive: directory, ...exported });
  terminal.line(`archive  ${directory}`);
  if (unstated !== null)
    terminal.note(`canonic: some runs say nothing to other tools, their store cannot be written (${unstated})`);
  const { from, to } = exported;
  terminal.line(`         ${from === to ? `run ${from}` : `runs ${from} to ${to}`}, ${countsOf(exported)}`);
}

function countsOf({ files, events, sizeBytes }: Pick<ExportedBundle, "files" | "events" | "sizeBytes">): string {
  return [counted(files, "file"), counted(events, "event"), counted(sizeBytes, "byte")].join(", ");
}

/** The time stamp that the store keeps, for a bundle under the checkpoint that it is of. */
function stampIn(folder: string): { readonly stamp?: Uint8Array } {
  const stamp = storedStamp(folder);
  return stamp === undefined ? {} : { stamp };
}

/** Statements that a crash, or a version of before, left out; the code of what keeps them out, else null. */
async function enterMissingStatements(folder: string, run: RunId): Promise<string | null> {
  const isWhole = await withReader(folder, (reader) => isStated(reader, openKeys(folder), run));
  return isWhole ? null : enterStatementsLate(folder, run);
}

type VerifyCommand = {
  readonly trust?: string;
  readonly policy?: string;
  readonly tsaCa?: string;
  readonly at?: string;
  readonly replay?: boolean;
};

export function addVerify(program: Command, { invocation, config }: CommandContext): void {
  const command = program
    .command("verify")
    .description("judge evidence offline: VALID, INVALID or INDETERMINATE, with every reason")
    .argument("<bundle>", "a bundle or an archive: its folder or tar file; or what `canonic route --out` wrote")
    .option("--trust <file>", "the trust file; trust never comes from the bundle (a routed file needs none)")
    .option("--policy <file>", "a C2SP tlog-policy that the checkpoint must satisfy as well")
    .option("--tsa-ca <file>", "certificates in PEM under which a time stamp of the checkpoint counts")
    .option("--at <moment>", "judge as of this moment, like 2026-01-31T12:00:00.000Z, or the end of this day (UTC)")
    .option("--replay", "execute again what has no effect, by the loaded packs, and compare")
    .addHelpText(
      "after",
      "\nExamples:\n  canonic verify canonic-out/run_…/bundle --trust .canonic/trust.json\n  canonic verify routed.json",
    )
    .action(async (bundle: string, options: VerifyCommand) => {
      const { terminal, cwd } = invocation;
      const path = resolve(cwd, bundle);
      if (isRoutedFile(path)) return verifyRouted(invocation, path, bundle);
      if (options.trust === undefined) return command.error("error: required option '--trust <file>' not specified");
      const trust = readTrust(resolve(cwd, options.trust));
      if (!existsSync(path)) throw unreadable(bundle);
      const replay = options.replay === true ? replayBy(config.packs) : undefined;
      try {
        const verification = await verifyEvidence(path, {
          trust,
          ...judgesOf(cwd, options),
          ...(options.at === undefined ? {} : { at: options.at }),
          ...(replay === undefined ? {} : { replay }),
          routes: openRecordedWorlds,
          onRun: (judged, all) => terminal.progress("verifying runs", judged, all),
        });
        terminal.document(verification);
        const paint = (word: string) => (word === "VALID" ? terminal.good(word) : terminal.bad(word));
        for (const line of verdictLines(verification, paint)) terminal.line(line);
        if (verification.verdict !== "VALID") invocation.endWith(EXIT.refused);
      } finally {
        await replay?.close();
      }
    });
}

/** A routed file is no bundle: it is judged by deciding again. */
async function verifyRouted(invocation: Invocation, path: string, name: string): Promise<void> {
  const { terminal } = invocation;
  const routed = readRouted(path, name);
  const { rederive } = await import("../routing/rederive.ts");
  const { verdict, reasons } = await rederive(routed);
  const decision = routeDecisionDigestOf(routed.decision);
  terminal.document({ verdict, reasons, decision, outcome: routed.decision.outcome, root: routed.decision.root });
  terminal.line(verdict === "VALID" ? terminal.good(verdict) : terminal.bad(verdict));
  for (const { code, place, message } of reasons) terminal.line(printable(`  ${code}  ${place}  ${message}`));
  terminal.line(`decision  ${decision}`);
  if (verdict !== "VALID") invocation.endWith(EXIT.refused);
}

/** What a verifier demands beside the trust file. */
function judgesOf(
  cwd: string,
  { policy, tsaCa }: Pick<VerifyCommand, "policy" | "tsaCa">,
): Pick<VerifyOptions, "policy" | "stampAnchors"> {
  const bytesOf = (file: string) => readNamedFile(resolve(cwd, file));
  return {
    ...(policy === undefined ? {} : { policy: inFile(policy, () => parseLogPolicy(bytesOf(policy))) }),
    ...(tsaCa === undefined ? {} : { stampAnchors: Buffer.from(bytesOf(tsaCa)).toString("latin1") }),
  };
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
        const { origin, signer, identity } = openKeys(folder);
        const trust = { origin, keys: [signer] };
        return fsck(reader, { trust, keeper: identity, rebuildNodes: options.rebuildNodes === true });
      };
      const report = await (options.rebuildNodes === true ? withStorage(folder, check) : withReader(folder, check));
      terminal.document(report);
      const leaves = `${report.leaves} ${report.leaves === 1 ? "leaf" : "leaves"}`;
      const counts = [leaves, counted(report.runs, "run"), counted(report.payloads, "payload")].join(", ");
      const found = report.sound ? terminal.good("clean") : terminal.bad(counted(report.count, "finding"));
      terminal.line(`${found}: ${counts}`);
      for (const { code, place, message } of report.findings)
        terminal.line(printable(`  ${code}  ${place}  ${message}`));
      if (!report.sound) invocation.endWith(EXIT.refused);
    });
}

function unreadable(file: string): OrchestratorError<"orchestrator.file-unreadable"> {
  const details = { file, system: "ENOENT" };
  return new OrchestratorError("orchestrator.file-unreadable", `\`${file}\` does not exist`, details);
}
