/**
 * Documents by name: a plan knows the name, only the resources know the file.
 *
 * @module
 */
import { readFile } from "node:fs/promises";
import { CutterStop } from "../stop.ts";

/** A reader of exactly these files. */
export function fileReader(paths: Readonly<Record<string, string>>): (name: string) => Promise<Uint8Array> {
  return async (name) => {
    const path = Object.hasOwn(paths, name) ? paths[name] : undefined;
    const bytes = path === undefined ? undefined : await readFile(path).catch(() => undefined);
    if (bytes === undefined) throw new CutterStop("cutter.unknown-document");
    return bytes;
  };
}
