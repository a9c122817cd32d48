/**
 * A bundle in memory, to be altered; and the seal of someone who holds the log's key.
 *
 * @module
 */
import { type NoteSigner, signNote } from "@canonic/audit";
import { BundleManifest, canonicalBytes, digestBytes } from "@canonic/contracts";

export type Bundle = ReadonlyMap<string, Uint8Array>;

/** The bundle with some files replaced or, where null, taken away. */
export function altered(bundle: Bundle, changes: Readonly<Record<string, Uint8Array | null>>): Bundle {
  const copy = new Map(bundle);
  for (const [path, bytes] of Object.entries(changes)) {
    if (bytes === null) copy.delete(path);
    else copy.set(path, bytes);
  }
  return copy;
}

export function flipped(bytes: Uint8Array, at: number, mask: number): Uint8Array {
  const copy = Uint8Array.from(bytes);
  copy[at] = (copy[at] ?? 0) ^ mask;
  return copy;
}

export function fileOf(bundle: Bundle, path: string): Uint8Array {
  const bytes = bundle.get(path);
  if (bytes === undefined) throw new Error(`the bundle has no ${path}`);
  return bytes;
}

/** Lists the files as they are now and signs that list with the log's own key: what a dishonest keeper of a log can do. */
export function resealed(bundle: Bundle, signer: NoteSigner): Bundle {
  const before = BundleManifest.parse(JSON.parse(Buffer.from(fileOf(bundle, "manifest.json")).toString()));
  const paths = [...bundle.keys()].filter((path) => !path.startsWith("manifest.")).sort((a, b) => (a < b ? -1 : 1));
  const files = paths.map((path) => {
    const bytes = fileOf(bundle, path);
    return { path, digest: digestBytes(bytes), sizeBytes: bytes.length };
  });
  const manifest = canonicalBytes({ ...before, files });
  const text = `canonic/bundle-manifest/v1\n${before.origin}\n${digestBytes(manifest)}\n`;
  return altered(bundle, { "manifest.json": manifest, "manifest.note": signNote(text, signer) });
}
