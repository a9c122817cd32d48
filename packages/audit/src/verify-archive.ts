/**
 * Verifies an archive: each of its runs as a bundle of its own, and that together they are what the archive says.
 *
 * Invariants:
 *   A1. The numbers are gap-free, and each is the run's own: its id derives from plan and number, and its first event, which
 *       is checked with the run, says the same.
 *   A2. Every run is the one whose manifest the archive names, of the same log, under the same checkpoint.
 *   A3. Nothing lies in an archive beside its runs.
 *   A4. One run is in memory at a time.
 *
 * @module
 */
import { ArchiveManifest, digestBytes, runIdOf } from "@canonic/contracts";
import { archiveNoteText, CHECKPOINT, MANIFEST, MANIFEST_NOTE, RUNS, runFolder } from "./bundle-layout.ts";
import { type BundleEntry, type BundleSource, readWhole } from "./bundle-source.ts";
import { Findings } from "./findings.ts";
import { openLogKeys } from "./log-keys.ts";
import { readSignedManifest, type SignedManifest } from "./signed-manifest.ts";
import { sameBytes } from "./tree-hash.ts";
import { reportUnreadable, type Verification, type VerifiedRun, verifyRun } from "./verify-bundle.ts";
import type { VerifyOptions } from "./verify-context.ts";
import { openTrusted } from "./verify-place.ts";

export interface ArchiveVerification extends Omit<Verification, "run"> {
  /** By number; null for one whose manifest could not be trusted or whose plan not be read. Empty when the archive's own is not to be trusted. */
  readonly runs: readonly (VerifiedRun | null)[];
}

const NOTE_BYTES_MAX = 64 * 1024;
const MANIFEST_BYTES_MAX = 64 * 1024 * 1024;

type Folders = ReadonlyMap<string, readonly BundleEntry[]>;

export async function verifyArchive(
  source: BundleSource,
  entries: readonly BundleEntry[],
  options: VerifyOptions,
): Promise<ArchiveVerification> {
  const findings = new Findings();
  const runs: (VerifiedRun | null)[] = [];
  try {
    await verify(source, entries, options, findings, runs);
  } catch (cause) {
    reportUnreadable(cause, findings);
  }
  return { verdict: findings.verdict, reasons: findings.reasons, findings: findings.count, runs };
}

async function verify(
  source: BundleSource,
  entries: readonly BundleEntry[],
  options: VerifyOptions,
  findings: Findings,
  runs: (VerifiedRun | null)[],
): Promise<void> {
  const folders = foldersOf(entries);
  const signed = await openArchive(source, entries, folders, options, findings);
  if (signed === undefined) return;
  const { data: manifest } = ArchiveManifest.safeParse(signed.value);
  if (manifest === undefined) {
    findings.invalid("manifest-malformed", MANIFEST, "the archive's manifest is not of its schema");
    return;
  }
  checkListing(manifest, entries, findings);
  checkNumbers(manifest, findings);
  for (const listed of manifest.runs) {
    const folder = runFolder(listed.run);
    const own = new Findings();
    const run = await verifyRun(folderSource(source, folder, folders.get(folder) ?? []), options, own);
    findings.take(folder, own);
    runs.push(run);
    options.onRun?.(runs.length, manifest.runs.length);
    if (run === null) continue;
    if (run.run !== listed.run || run.origin !== manifest.origin || runIdOf(run.plan, listed.number) !== listed.run)
      findings.invalid("archive-run", folder, `the bundle is not of run ${listed.number} of the archive's log`);
    await checkPlace(source, folder, { manifest, listed, signed }, findings);
  }
}

/** Authenticates the archive's manifest; the log's keys are those that a run of it knows (A2). */
async function openArchive(
  source: BundleSource,
  entries: readonly BundleEntry[],
  folders: Folders,
  options: VerifyOptions,
  findings: Findings,
): Promise<SignedManifest | undefined> {
  const [folder = "", inside = []] = [...folders][0] ?? [];
  const first = new Map(inside.map((entry) => [entry.path, entry]));
  const openKeys = (origin: string) => openLogKeys(folderSource(source, folder, inside), first, options.trust, origin);
  const byPath = new Map(entries.map((entry) => [entry.path, entry]));
  return readSignedManifest({ source, entries: byPath, openKeys, textOf: archiveNoteText }, findings);
}

/** A3. */
function checkListing(manifest: ArchiveManifest, entries: readonly BundleEntry[], findings: Findings): void {
  const known = new Set(manifest.runs.map(({ run }) => runFolder(run)));
  for (const { path } of entries) {
    if (path === MANIFEST || path === MANIFEST_NOTE || known.has(folderOf(path) ?? "")) continue;
    findings.invalid("file-unlisted", path, `\`${path}\` is of no run of the archive`);
  }
}

/** A1. */
function checkNumbers({ from, to, runs }: ArchiveManifest, findings: Findings): void {
  const isWhole = runs.length === to - from + 1 && runs.every(({ number }, index) => number === from + index);
  if (!isWhole) findings.invalid("archive-gap", MANIFEST, `the runs are not all of those numbered ${from} to ${to}`);
  if (new Set(runs.map(({ run }) => run)).size !== runs.length)
    findings.invalid("archive-gap", MANIFEST, "a run stands twice in the archive");
}

/** A2: the run's manifest, its checkpoint, and that who signed the archive could. */
async function checkPlace(
  source: BundleSource,
  folder: string,
  {
    manifest,
    listed,
    signed,
  }: {
    readonly manifest: ArchiveManifest;
    readonly listed: ArchiveManifest["runs"][number];
    readonly signed: SignedManifest;
  },
  findings: Findings,
): Promise<void> {
  const own = await readWhole(source, `${folder}${MANIFEST}`, MANIFEST_BYTES_MAX);
  if (digestBytes(own) !== listed.manifest)
    findings.invalid("archive-run", `${folder}${MANIFEST}`, "the bundle is not the one that the archive names");
  const note = await readWhole(source, `${folder}${CHECKPOINT}`, NOTE_BYTES_MAX).catch(() => undefined);
  // That there is none is reported with the run.
  if (note === undefined) return;
  if (digestBytes(note) !== manifest.checkpoint)
    findings.invalid("archive-checkpoint", `${folder}${CHECKPOINT}`, "the run stands under another checkpoint");
  const checkpoint = openTrusted(note, signed.keys);
  if (checkpoint === undefined) return;
  const inForce = signed.keys.at(checkpoint.value.size);
  const isInForce = signed.signers.some((signer) =>
    inForce.some(({ publicKey }) => sameBytes(publicKey, signer.publicKey)),
  );
  if (!isInForce)
    findings.invalid("manifest-signature", MANIFEST_NOTE, "the archive is signed by a key that was handed over before");
}

function folderOf(path: string): string | undefined {
  const end = path.startsWith(RUNS) ? path.indexOf("/", RUNS.length) : -1;
  return end < 0 ? undefined : path.slice(0, end + 1);
}

/** The entries of each run's folder, by paths inside it. */
function foldersOf(entries: readonly BundleEntry[]): Folders {
  const folders = new Map<string, BundleEntry[]>();
  for (const entry of entries) {
    const folder = folderOf(entry.path);
    if (folder === undefined) continue;
    const inside = folders.get(folder) ?? [];
    folders.set(folder, inside);
    inside.push({ ...entry, path: entry.path.slice(folder.length) });
  }
  return folders;
}

function folderSource(source: BundleSource, folder: string, entries: readonly BundleEntry[]): BundleSource {
  return { list: async () => entries, read: (path, sizeBytesMax) => source.read(`${folder}${path}`, sizeBytesMax) };
}
