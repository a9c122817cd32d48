/**
 * How large a bundle, or an archive of them, may be: as much as a verifier reads, and no more is exported.
 *
 * Invariants:
 *   L1. The limits are the reader's own, so nothing is written that no verifier would take.
 *
 * @module
 */
import { WHOLE_FILE_BYTES_MAX } from "./authentic-files.ts";
import {
  CERTIFICATES,
  CONTRACTS,
  EVENTS,
  INDEX,
  isReservedPath,
  LOG_EVENTS,
  LOG_PROOF,
  MANIFEST,
  OUTPUTS,
} from "./bundle-layout.ts";
import { ENTRIES_MAX } from "./bundle-source.ts";
import { AuditError } from "./errors.ts";
import { LOG_EVENTS_BYTES_MAX, LOG_PROOF_BYTES_MAX } from "./log-events.ts";
import { MANIFEST_BYTES_MAX } from "./signed-manifest.ts";

/** Read line by line, or for its digest alone. */
const IN_PIECES: readonly string[] = [EVENTS, OUTPUTS, CONTRACTS, CERTIFICATES, INDEX];

/** The bytes that a verifier reads of a file, at most; attachments have no limit. */
export function bytesMaxOf(path: string): number {
  if (path === MANIFEST) return MANIFEST_BYTES_MAX;
  if (path === LOG_EVENTS) return LOG_EVENTS_BYTES_MAX;
  if (path === LOG_PROOF) return LOG_PROOF_BYTES_MAX;
  return isReservedPath(path) && !IN_PIECES.includes(path) ? WHOLE_FILE_BYTES_MAX : Number.POSITIVE_INFINITY;
}

/**
 * Refuses files of which a verifier would refuse one, or the number.
 *
 * @throws {AuditError} `audit.bundle-too-large`.
 */
export function assertVerifiable(files: ReadonlyMap<string, { readonly length: number }>): void {
  assertFewEntries(files.size);
  for (const [path, { length }] of files) {
    const max = bytesMaxOf(path);
    if (length > max)
      throw tooLarge(path, `\`${path}\` would have ${length} bytes, and a verifier reads at most ${max}`);
  }
}

/** @throws {AuditError} `audit.bundle-too-large`. */
export function assertFewEntries(count: number): void {
  if (count > ENTRIES_MAX)
    throw tooLarge("", `there would be ${count} files, and a verifier reads at most ${ENTRIES_MAX}`);
}

function tooLarge(path: string, message: string): AuditError<"audit.bundle-too-large"> {
  return new AuditError("audit.bundle-too-large", message, { path });
}
