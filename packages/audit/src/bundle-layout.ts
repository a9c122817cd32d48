/**
 * The files of an evidence bundle and what is signed over them.
 *
 *     manifest.json     every other file by path, digest and size; canonical JSON
 *     manifest.note     signed note: format, origin, digest of manifest.json
 *     checkpoint        signed checkpoint of the log
 *     proof.json        where the run's leaves stand in the checkpoint's tree
 *     events.jsonl      the exact leaf bytes, one line each
 *     plan.json  registry.json  contracts.jsonl
 *     artifacts/<64 hex>.json   every artifact of the plan, and what events name: claims of tokens, approvals, STOP records,
 *                       evidence of verdicts; the outputs of a bound run that was not sealed with any; by digest
 *     outputs.jsonl     one canonical line per task, when the run completed; an empty one where the output was redacted
 *     document.txt      the normalised text that spans point into, for policy runs
 *     start-checkpoint  consistency.json    the checkpoint in force when the run began, and that the log only grew since
 *     seal.tlog-proof   RUN_SEALED under the checkpoint, as C2SP tlog-proof
 *     checkpoint.tsr    an RFC 3161 time stamp of the checkpoint's text
 *     log-events.jsonl  log-proof.json      what the log's own chain says of this run: key rotations, redactions
 *     authority.jsonl   authority-proof.json   the authority chain from the issue of the run's tokens to its seal
 *     certificates.jsonl   fifteen certificates, for sealed policy runs
 *     statements/<nn>-<kind>.sigstore.json   signed and logged statements about the run
 *     prov.json         the evidence graph as PROV-JSON
 *     index.html        for people; no evidence
 *
 * An archive of several runs has, beside its own manifest.json and manifest.note, one such bundle in each folder
 * `runs/<run id>/`, and nothing else. Both kinds are a folder, or one tar file with the same paths.
 *
 * @see C2SP signed-note. RFC 8785.
 * @module
 */
import type { Digest, RunId } from "@canonic/contracts";

export const MANIFEST = "manifest.json";
export const MANIFEST_NOTE = "manifest.note";
export const CHECKPOINT = "checkpoint";
export const PROOF = "proof.json";
export const EVENTS = "events.jsonl";
export const PLAN = "plan.json";
export const REGISTRY = "registry.json";
export const CONTRACTS = "contracts.jsonl";
export const OUTPUTS = "outputs.jsonl";
export const DOCUMENT = "document.txt";
export const START_CHECKPOINT = "start-checkpoint";
export const CONSISTENCY = "consistency.json";
export const SEAL_PROOF = "seal.tlog-proof";
export const CHECKPOINT_STAMP = "checkpoint.tsr";
export const LOG_EVENTS = "log-events.jsonl";
export const LOG_PROOF = "log-proof.json";
export const AUTHORITY = "authority.jsonl";
export const AUTHORITY_PROOF = "authority-proof.json";
export const CERTIFICATES = "certificates.jsonl";
export const PROV = "prov.json";
export const INDEX = "index.html";

/** Folders whose every path has a meaning. */
const FOLDERS = ["artifacts/", "statements/", "runs/"];
const FILES: ReadonlySet<string> = new Set([
  ...[MANIFEST, MANIFEST_NOTE, CHECKPOINT, PROOF, EVENTS, PLAN, REGISTRY, CONTRACTS, OUTPUTS, DOCUMENT],
  ...[START_CHECKPOINT, CONSISTENCY, SEAL_PROOF, CHECKPOINT_STAMP, LOG_EVENTS, LOG_PROOF, AUTHORITY, AUTHORITY_PROOF],
  ...[CERTIFICATES, PROV, INDEX],
]);

const ARTIFACT = /^artifacts\/([0-9a-f]{64})\.json$/;

export function artifactPath(digest: Digest): string {
  return `artifacts/${digest.slice(7)}.json`;
}

/** The digest that an artifact's path states; undefined for every other path. */
export function artifactDigestOf(path: string): Digest | undefined {
  const hex = ARTIFACT.exec(path)?.[1];
  return hex === undefined ? undefined : (`sha256:${hex}` as Digest);
}

/** True for paths that this format gives a meaning to; attachments take others. */
export function isReservedPath(path: string): boolean {
  return FILES.has(path) || FOLDERS.some((folder) => path.startsWith(folder));
}

/** The folder of a run in an archive of several: a bundle of its own. */
export const RUNS = "runs/";

export function runFolder(run: RunId): string {
  return `${RUNS}${run}/`;
}

/** What `manifest.note` of an archive signs. */
export function archiveNoteText(origin: string, manifest: Digest): string {
  return `canonic/archive-manifest/v1\n${origin}\n${manifest}\n`;
}

/** What `manifest.note` signs. The first line keeps it apart from a checkpoint, which the same key signs. */
export function manifestNoteText(origin: string, manifest: Digest): string {
  return `canonic/bundle-manifest/v1\n${origin}\n${manifest}\n`;
}
