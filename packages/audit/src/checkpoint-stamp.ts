/**
 * The time stamp of a bundle's checkpoint: `checkpoint.tsr`, the answer of an RFC 3161 authority, as it came.
 *
 * Invariants:
 *   S1. Without anchors of the verifier's a stamp is told and is no evidence: it neither helps nor harms a verdict.
 *   S2. A file that is no stamp of this checkpoint is a lie, whatever the anchors.
 *
 * @module
 */
import { CHECKPOINT_STAMP } from "./bundle-layout.ts";
import type { ExportContext } from "./export-context.ts";
import { openStamp, type Stamp } from "./stamp.ts";
import { parseAnchors } from "./stamp-authority.ts";
import type { VerifyOpening, VerifyOptions } from "./verify-context.ts";

/** Adds the stamp that the exporter has, when it is of the checkpoint that the bundle is under. */
export function addStamp(context: ExportContext): void {
  const { stamp } = context.options;
  if (stamp !== undefined && opened(stamp, textOf(context.note)) !== undefined) context.add(CHECKPOINT_STAMP, stamp);
}

/**
 * Anchors are the verifier's own: a file that is none is an error, not a finding.
 *
 * @throws {AuditError} `audit.stamp-invalid`.
 */
export function checkAnchors({ stampAnchors }: VerifyOptions): void {
  if (stampAnchors !== undefined) parseAnchors(stampAnchors);
}

/** What the bundle's stamp says; undefined where there is none, or none that counts. */
export async function verifyStamp({ files, checkpoint, options, findings }: VerifyOpening): Promise<Stamp | undefined> {
  const bytes = files.has(CHECKPOINT_STAMP) ? await files.bytes(CHECKPOINT_STAMP) : undefined;
  if (bytes === undefined || checkpoint === undefined) return undefined;
  const { stampAnchors: anchors } = options;
  const stamp = opened(bytes, textOf(checkpoint.note), anchors);
  if (stamp === undefined)
    findings.invalid("stamp-wrong", CHECKPOINT_STAMP, "the file is no time stamp of the bundle's checkpoint");
  else if (anchors !== undefined && !stamp.isTrusted)
    findings.open("stamp-untrusted", CHECKPOINT_STAMP, "no authority that the verifier trusts made the time stamp");
  return stamp;
}

function opened(bytes: Uint8Array, text: string, anchors?: string): Stamp | undefined {
  try {
    return openStamp(bytes, text, anchors === undefined ? {} : { anchors });
  } catch {
    return undefined;
  }
}

/** The text of a checkpoint, which was opened before and has no empty line. */
function textOf(note: Uint8Array): string {
  const text = Buffer.from(note).toString("utf8");
  return text.slice(0, text.indexOf("\n\n") + 1);
}
