/**
 * Writes the evidence bundle of a run: all that a stranger needs, from the log alone.
 *
 * Invariants:
 *   X1. The folder or tar file appears whole: files are written beside it and renamed into place at the end.
 *   X2. What is exported was read strictly: leaves, chain, payload digests, and the proof recomputes the checkpoint's root.
 *   X3. No trust travels: the bundle holds signatures and no key.
 *
 * @module
 */
import {
  type BundleManifest,
  canonicalBytes,
  type Digest,
  digestBytes,
  Plan,
  parseCanonicalJson,
  RegistrySnapshot,
  type RunId,
} from "@canonic/contracts";
import { MANIFEST, MANIFEST_NOTE, manifestNoteText } from "./bundle-layout.ts";
import { assertVerifiable } from "./bundle-limits.ts";
import { AuditError } from "./errors.ts";
import { ExportContext, type ExportOptions, type RunToExport } from "./export-context.ts";
import { EXPORT_PARTS } from "./export-parts.ts";
import { checkpointOver } from "./export-proof.ts";
import { writeTarget } from "./export-target.ts";
import { readRun } from "./runs.ts";
import { signNote } from "./signed-note.ts";
import type { LogReader } from "./storage.ts";

export interface ExportedBundle {
  readonly run: RunId;
  readonly manifest: Digest;
  readonly files: number;
  readonly sizeBytes: number;
  readonly events: number;
}

/**
 * Exports a run into a folder, or into one tar file when the target's name ends in `.tar`.
 *
 * @throws {AuditError} `audit.bundle-exists`, `audit.bundle-path`, `audit.bundle-incomplete`, `audit.bundle-too-large` when no
 *   verifier would read it, `audit.run-unknown`,
 *   `audit.payload-missing`, `audit.log-damaged`, `audit.checkpoint-mismatch`, `audit.note-invalid`, `audit.write-failed`.
 */
export async function exportBundle(options: ExportOptions): Promise<ExportedBundle> {
  return writeTarget(options.directory, async (put) => {
    const { files, exported } = await bundleFiles(options);
    await put(files);
    return exported;
  });
}

/** All files of a bundle, manifest and note with them. */
export async function bundleFiles(
  options: RunToExport,
): Promise<{ readonly files: ReadonlyMap<string, Uint8Array>; readonly exported: ExportedBundle }> {
  const { identity, run } = options;
  const context = await openContext(options);
  for (const part of EXPORT_PARTS) await part(context);
  const files = new Map(context.files);
  const listed = [...files].map(([path, bytes]) => ({ path, digest: digestBytes(bytes), sizeBytes: bytes.length }));
  const { chain, events } = context.record;
  const manifest: BundleManifest = {
    schema: "canonic/bundle-manifest/v1",
    run,
    plan: chain.plan as Digest,
    origin: identity.origin,
    sealed: chain.sealed,
    files: listed.sort((a, b) => (a.path < b.path ? -1 : 1)),
  };
  const manifestBytes = canonicalBytes(manifest);
  const digest = digestBytes(manifestBytes);
  files.set(MANIFEST, manifestBytes);
  files.set(MANIFEST_NOTE, signNote(manifestNoteText(identity.origin, digest), context.signer));
  assertVerifiable(files);
  const sizeBytes = [...files.values()].reduce((sum, bytes) => sum + bytes.length, 0);
  return { files, exported: { run, manifest: digest, files: files.size, sizeBytes, events: events.length } };
}

/** Reads the run and takes the checkpoint over it. */
export async function openContext(options: RunToExport): Promise<ExportContext> {
  const { storage, run } = options;
  const record = await readRun(storage, run);
  const first = record.events[0];
  if (first?.type !== "PLAN_FROZEN") throw new Error("assertion failed: a run that was read starts with PLAN_FROZEN");
  const plan = Plan.parse(parseCanonicalJson(await payloadOf(storage, first.data.plan)));
  const registry = RegistrySnapshot.parse(parseCanonicalJson(await payloadOf(storage, first.data.registry)));
  const { note, checkpoint, signer } = await checkpointOver((record.leaves.at(-1)?.index ?? 0) + 1, options);
  return new ExportContext({ options, record, plan, registry, note, checkpoint, signer });
}

async function payloadOf(storage: LogReader, digest: Digest): Promise<Uint8Array> {
  const bytes = await storage.payload(digest);
  if (bytes !== undefined && digestBytes(bytes) === digest) return bytes;
  throw new AuditError("audit.payload-missing", `the log has no payload \`${digest}\``, { digest });
}
