/** A changed bundle, listed and signed again, as one could who holds the log's key. */
import { canonicalBytes, digestBytes, type JsonValue } from "@canonic/contracts";
import { manifestNoteText } from "../src/bundle-layout.ts";
import { type LogIdentity, signNote } from "../src/index.ts";

export function resigned(files: ReadonlyMap<string, Uint8Array>, by: LogIdentity): Map<string, Uint8Array> {
  const manifest = JSON.parse(Buffer.from(files.get("manifest.json") as Uint8Array).toString()) as Record<
    string,
    JsonValue
  >;
  const paths = [...files.keys()].filter((path) => !path.startsWith("manifest.")).sort();
  manifest["files"] = paths.map((path) => {
    const bytes = files.get(path) as Uint8Array;
    return { path, digest: digestBytes(bytes), sizeBytes: bytes.length };
  });
  const bytes = canonicalBytes(manifest);
  const note = signNote(manifestNoteText(by.origin, digestBytes(bytes)), by.signer);
  return new Map([...files, ["manifest.json", bytes], ["manifest.note", note]]);
}
