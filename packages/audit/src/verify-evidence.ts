/**
 * Verifies whatever evidence is given: the bundle of a run, or an archive of several.
 *
 * @module
 */

import { RUNS } from "./bundle-layout.ts";
import type { BundleEntry, BundleSource } from "./bundle-source.ts";
import { Findings } from "./findings.ts";
import { sourceAt } from "./source-at.ts";
import { type ArchiveVerification, verifyArchive } from "./verify-archive.ts";
import { reportUnreadable, type Verification, verifyBundle } from "./verify-bundle.ts";
import type { VerifyOptions } from "./verify-context.ts";
import { momentOf } from "./verify-moment.ts";

/**
 * Verifies a directory, a tar file, or what `source` reads from; an archive is known by its folder of runs.
 *
 * @throws {AuditError} `audit.moment-invalid`; whatever is in the evidence is a finding.
 * @returns A verification with `runs` for an archive, with `run` for a bundle; never throws for what is in it.
 */
export async function verifyEvidence(
  source: string | BundleSource,
  options: VerifyOptions,
): Promise<Verification | ArchiveVerification> {
  momentOf(options);
  const from = typeof source === "string" ? sourceAt(source) : source;
  let entries: readonly BundleEntry[];
  try {
    entries = await from.list();
  } catch (cause) {
    const findings = new Findings();
    reportUnreadable(cause, findings);
    return { verdict: findings.verdict, reasons: findings.reasons, findings: findings.count, run: null };
  }
  if (entries.some(({ path }) => path.startsWith(RUNS))) return verifyArchive(from, entries, options);
  return verifyBundle(listed(from, entries), options);
}

/** What was listed is not listed again: a large directory takes its time. */
function listed(source: BundleSource, entries: readonly BundleEntry[]): BundleSource {
  return { list: async () => entries, read: (path, sizeBytesMax) => source.read(path, sizeBytesMax) };
}
