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
 *     outputs.jsonl     one canonical line per task, when the run completed
 *     document.txt      the normalised text that spans point into, for policy runs
 *
 * @see C2SP signed-note. RFC 8785.
 * @module
 */
import type { Digest } from "@canonic/contracts";

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
  return (
    [MANIFEST, MANIFEST_NOTE, CHECKPOINT, PROOF, EVENTS, PLAN, REGISTRY, CONTRACTS, OUTPUTS, DOCUMENT].includes(path) ||
    path.startsWith("artifacts/")
  );
}

/** What `manifest.note` signs. The first line keeps it apart from a checkpoint, which the same key signs. */
export function manifestNoteText(origin: string, manifest: Digest): string {
  return `canonic/bundle-manifest/v1\n${origin}\n${manifest}\n`;
}
