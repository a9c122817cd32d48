/**
 * Writes several runs into one bundle: an archive, for retention or for who asks about a period.
 *
 * Invariants:
 *   R1. The runs are those of a range of run numbers, all of them: what is left out of a period shows as a gap.
 *   R2. All stand under one checkpoint, the one that was the log's last when the export began.
 *   R3. One run is in memory at a time.
 *
 * @module
 */
import { type ArchiveManifest, canonicalBytes, type Digest, digestBytes } from "@canonic/contracts";
import { archiveNoteText, MANIFEST, MANIFEST_NOTE, runFolder } from "./bundle-layout.ts";
import { assertFewEntries } from "./bundle-limits.ts";
import { lastLeafBefore } from "./chain-end.ts";
import { AuditError } from "./errors.ts";
import { bundleFiles } from "./export-bundle.ts";
import { type ExportOptions, incomplete } from "./export-context.ts";
import { checkpointOver } from "./export-proof.ts";
import { writeTarget } from "./export-target.ts";
import { listRuns, type RunSummary } from "./runs.ts";
import { signNote } from "./signed-note.ts";

export interface ArchiveOptions extends Pick<ExportOptions, "storage" | "identity" | "directory"> {
  /** Run numbers, both included. */
  readonly from: number;
  readonly to: number;
  /** Told after each run that was written. */
  readonly onRun?: (written: number, all: number) => void;
}

export interface ExportedArchive {
  readonly manifest: Digest;
  readonly from: number;
  readonly to: number;
  readonly runs: number;
  readonly files: number;
  readonly sizeBytes: number;
  readonly events: number;
}

/**
 * The numbers of the runs that began in a period, and of all between them; undefined when none did.
 *
 * @param since - A moment as events spell it, included; `until` is not. Null leaves that side open.
 */
export function numbersOfPeriod(
  runs: readonly Pick<RunSummary, "number" | "startedAt">[],
  { since, until }: { readonly since: string | null; readonly until: string | null },
): { readonly from: number; readonly to: number } | undefined {
  const numbers = runs
    .filter(({ startedAt }) => (since === null || startedAt >= since) && (until === null || startedAt < until))
    .map(({ number }) => number);
  return numbers.length === 0 ? undefined : { from: Math.min(...numbers), to: Math.max(...numbers) };
}

/**
 * Exports all runs of a range of numbers.
 *
 * @throws {AuditError} `audit.archive-empty` when the log has no run in the range, `audit.bundle-incomplete` when it has not
 *   all of them, and as `exportBundle`.
 */
export async function exportArchive(options: ArchiveOptions): Promise<ExportedArchive> {
  const { storage, identity, directory, from, to } = options;
  const asked = (await listRuns(storage)).filter(({ number }) => number >= from && number <= to);
  const [first, last] = [asked[0], asked.at(-1)];
  if (first === undefined || last === undefined)
    throw new AuditError("audit.archive-empty", `the log has no run ${from} to ${to}`, { from, to });
  for (const [index, { number }] of asked.entries())
    if (number !== first.number + index) throw incomplete(`run ${first.number + index}`);
  return writeTarget(directory, async (put) => {
    const { note, signer } = await checkpointOver(await endOf(asked, storage), options);
    const totals = { files: 2, sizeBytes: 0, events: 0 };
    const runs: ArchiveManifest["runs"] = [];
    for (const { run, number } of asked) {
      const { files, exported } = await bundleFiles({ storage, identity, run, under: note });
      await put(files, runFolder(run));
      runs.push({ run, number, manifest: exported.manifest });
      totals.files += exported.files;
      assertFewEntries(totals.files);
      totals.sizeBytes += exported.sizeBytes;
      totals.events += exported.events;
      options.onRun?.(runs.length, asked.length);
    }
    const range = { from: first.number, to: last.number };
    const manifest: ArchiveManifest = {
      schema: "canonic/archive-manifest/v1",
      origin: identity.origin,
      checkpoint: digestBytes(note),
      ...range,
      runs,
    };
    const bytes = canonicalBytes(manifest);
    const digest = digestBytes(bytes);
    const signed = signNote(archiveNoteText(identity.origin, digest), signer);
    await put(
      new Map([
        [MANIFEST, bytes],
        [MANIFEST_NOTE, signed],
      ]),
    );
    totals.sizeBytes += bytes.length + signed.length;
    return { manifest: digest, ...range, runs: runs.length, ...totals };
  });
}

/** How many leaves a checkpoint must cover for all of the runs to stand under it. */
async function endOf(runs: readonly RunSummary[], storage: ArchiveOptions["storage"]): Promise<number> {
  let end = 0;
  for (const { run } of runs) {
    const last = await lastLeafBefore(storage, run, Number.POSITIVE_INFINITY);
    end = Math.max(end, (last?.index ?? -1) + 1);
  }
  return end;
}
