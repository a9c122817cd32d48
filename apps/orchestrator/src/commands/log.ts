/**
 * `log`: what others need of the store's log, and what they say about it.
 *
 * @module
 */
import {
  cosignaturesOf,
  exportTiles,
  printVerifierKey,
  SIGNATURE_TYPE,
  trustedKeysOf,
  trustedWitnessesOf,
} from "@canonic/audit";
import { type Command, Option } from "commander";
import { cosignStored } from "../cosign-checkpoint.ts";
import { EXIT } from "../exit.ts";
import { type CommandContext, printable } from "../invocation.ts";
import { assertKeys, openKeys, originOf, readTrust, trustPathOf } from "../keys.ts";
import { newOutput, writeOutput } from "../new-output.ts";
import { stampStored } from "../stamp-checkpoint.ts";
import { assertStore, storeFolder, withReader, withStorage } from "../store.ts";
import { keyInForce, readStoredCheckpoint } from "../stored-checkpoint.ts";
import { trustWitness } from "../trust-witness.ts";
import { webAddressOf } from "../web-address.ts";

type StoreOption = { readonly store?: string };

export function addLog(program: Command, { invocation, config }: CommandContext): void {
  const log = program
    .command("log")
    .description("the store's log for others: its key, its files, and what witnesses say of it");
  const { terminal, cwd } = invocation;
  const folderOf = ({ store }: StoreOption) => storeFolder(cwd, store, config.store);
  addKey(log, invocation, folderOf);
  addTrustedWitness(log, invocation, folderOf);
  addCosign(log, invocation, folderOf);
  addStamp(log, invocation, folderOf);
  log
    .command("export")
    .description("write the log as static files that any client of tiled logs reads (C2SP tlog-tiles)")
    .requiredOption("--out <folder>", "the files' folder; must not exist")
    .addHelpText("after", "\nExample:\n  canonic log export --out tiles")
    .action(async (options: StoreOption & { readonly out: string }) => {
      const folder = folderOf(options);
      const directory = newOutput(cwd, options.out);
      assertStore(folder);
      const { origin, ...written } = await writeOutput(directory, () =>
        withReader(folder, async (storage) => {
          const origin = await originOf(folder, storage);
          const trusted = trustedKeysOf(readTrust(trustPathOf(folder)), origin);
          return exportTiles({ storage, trusted, directory });
        }),
      );
      const root = Buffer.from(written.root).toString("base64");
      terminal.document({ directory, origin, size: written.size, root, files: written.files });
      terminal.line(`log  ${directory}`);
      terminal.line(`     ${written.size} leaves, ${written.files} files, root ${root}`);
    });
}

function addStamp(log: Command, { terminal }: Invocation, folderOf: FolderOf): void {
  log
    .command("stamp")
    .description("have the last checkpoint time-stamped (RFC 3161), and keep the stamp for bundles under it")
    .requiredOption("--tsa <url>", "where a time stamping authority takes requests")
    .addHelpText("after", "\nExample:\n  canonic log stamp --tsa http://127.0.0.1:8318/tsa")
    .action(async (options: StoreOption & { readonly tsa: string }) => {
      const folder = folderOf(options);
      const url = webAddressOf("--tsa", options.tsa);
      assertStore(folder);
      const { origin, trust } = openKeys(folder);
      const stored = await withReader(folder, (reader) => readStoredCheckpoint(reader, trustedKeysOf(trust, origin)));
      const { at, authority, file } = await stampStored(folder, stored, url);
      terminal.document({ origin, size: stored.checkpoint.size, at, authority, file });
      terminal.line(printable(`stamped  ${origin}, ${stored.checkpoint.size} leaves, ${at}`));
      terminal.line(printable(`by       ${authority}`));
    });
}

type Invocation = CommandContext["invocation"];
type FolderOf = (options: StoreOption) => string;

function addKey(log: Command, { terminal }: Invocation, folderOf: FolderOf): void {
  log
    .command("key")
    .description("print the key that signs the log now, as other tools take it (a C2SP verifier key)")
    .addHelpText("after", "\nExample:\n  canonic log key")
    .action(async (options: StoreOption) => {
      const folder = folderOf(options);
      assertKeys(folder);
      const key = await keyInForce(folder);
      const text = printVerifierKey(key, SIGNATURE_TYPE.ed25519);
      terminal.document({ origin: key.name, key: text });
      terminal.line(text);
    });
}

function addTrustedWitness(log: Command, { terminal }: Invocation, folderOf: FolderOf): void {
  log
    .command("witness")
    .description("trust a witness: its cosignatures are kept, and a quorum asks verifiers to look for them")
    .argument("<vkey>", "the witness's key, as `canonic witness` prints it")
    .option("--quorum <n>", "how many of the trusted witnesses must have cosigned")
    .addHelpText("after", "\nExample:\n  canonic log witness witness.example/one+… --quorum 1")
    .action((vkey: string, options: StoreOption & { readonly quorum?: string }) => {
      const { trustFile, witnesses, quorum } = trustWitness(folderOf(options), vkey, options.quorum);
      terminal.document({ trust: trustFile, witnesses, quorum });
      terminal.line(printable(`trust    ${trustFile}`));
      terminal.line(printable(`         ${witnesses.join(", ")}; quorum ${quorum ?? "none"}`));
    });
}

function addCosign(log: Command, invocation: Invocation, folderOf: FolderOf): void {
  const { terminal } = invocation;
  log
    .command("cosign")
    .description("show the last checkpoint to witnesses, and keep their cosignatures with it")
    .addOption(new Option("--witness <url...>", "where a witness takes checkpoints").makeOptionMandatory())
    .addHelpText("after", "\nExample:\n  canonic log cosign --witness http://127.0.0.1:7380")
    .action(async (options: StoreOption & { readonly witness: readonly string[] }) => {
      const folder = folderOf(options);
      const urls = options.witness.map((text) => webAddressOf("--witness", text));
      assertStore(folder);
      const { origin, trust } = openKeys(folder);
      const witnesses = trustedWitnessesOf(trust);
      const log = { trusted: trustedKeysOf(trust, origin), witnesses };
      const { note, checkpoint, failures } = await withStorage(folder, (storage) => cosignStored(storage, log, urls));
      const cosigned = cosignaturesOf(note, witnesses).map(({ witness, time }) => ({ witness, time }));
      terminal.document({ origin, size: checkpoint.size, cosigned, failures });
      terminal.line(printable(`checkpoint  ${origin}, ${checkpoint.size} leaves`));
      for (const { witness, time } of cosigned) terminal.line(printable(`cosigned    ${witness} at ${momentOf(time)}`));
      for (const { code, message } of failures) terminal.note(printable(`canonic: ${message} (${code})`));
      if (failures.length > 0) invocation.endWith(EXIT.refused);
    });
}

/** POSIX seconds, as a witness signs them, for people. */
function momentOf(seconds: number): string {
  const time = new Date(seconds * 1000);
  return Number.isNaN(time.getTime()) ? `${seconds} s` : time.toISOString();
}
