/**
 * A bundle by its place: a directory, or a tar file.
 *
 * @module
 */
import { lstat } from "node:fs/promises";
import { type BundleSource, directorySource } from "./bundle-source.ts";
import { tarSource } from "./tar-source.ts";

/** What it is is asked when it is listed; a link is neither. */
export function sourceAt(path: string): BundleSource {
  let opened: Promise<BundleSource> | undefined;
  const open = () => {
    opened ??= lstat(path).then(
      (found) => (found.isFile() ? tarSource(path) : directorySource(path)),
      () => directorySource(path),
    );
    return opened;
  };
  return {
    list: async () => (await open()).list(),
    async *read(file, sizeBytesMax) {
      yield* (await open()).read(file, sizeBytesMax);
    },
  };
}
