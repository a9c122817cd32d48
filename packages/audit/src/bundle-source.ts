/**
 * Where a bundle is read from: a list of files, and the bytes of one.
 *
 * Invariants:
 *   B1. A directory is read without following links; what is not a plain file is listed as such and never opened.
 *   B2. A file gives at most the bytes that were asked for: a file that grows, or lies about its size, is cut.
 *
 * @module
 */
import { constants } from "node:fs";
import { lstat, open, readdir } from "node:fs/promises";
import { join } from "node:path";
import { AuditError } from "./errors.ts";

/** More entries than this are not listed: a bundle has about one file per artifact. */
export const ENTRIES_MAX = 200_000;

/** `isFile` is false for links, directories below the depth limit, devices and the like. */
export interface BundleEntry {
  readonly path: string;
  readonly sizeBytes: number;
  readonly isFile: boolean;
}

export interface BundleSource {
  list(): Promise<readonly BundleEntry[]>;
  /** The first `sizeBytesMax` bytes of a listed file, in pieces. */
  read(path: string, sizeBytesMax: number): AsyncIterable<Uint8Array>;
}

const DEPTH_MAX = 8;
const PIECE = 256 * 1024;

/**
 * A bundle in a directory.
 *
 * @throws {AuditError} `audit.bundle-path` from `list` and `read` when the directory cannot be read.
 */
export function directorySource(directory: string): BundleSource {
  return {
    async list() {
      const entries: BundleEntry[] = [];
      try {
        if (!(await lstat(directory)).isDirectory()) throw unreadable("");
        await listInto(entries, directory, "", 0);
      } catch (cause) {
        throw cause instanceof AuditError ? cause : unreadable("", cause);
      }
      return entries.sort((a, b) => (a.path < b.path ? -1 : 1));
    },
    async *read(path, sizeBytesMax) {
      const file = await open(join(directory, path), constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0)).catch(
        (cause: unknown) => {
          throw unreadable(path, cause);
        },
      );
      try {
        let left = sizeBytesMax;
        while (left > 0) {
          const piece = Buffer.allocUnsafe(Math.min(PIECE, left));
          const { bytesRead } = await file.read(piece, 0, piece.length, null);
          if (bytesRead === 0) return;
          left -= bytesRead;
          yield piece.subarray(0, bytesRead);
        }
      } catch (cause) {
        throw cause instanceof AuditError ? cause : unreadable(path, cause);
      } finally {
        await file.close();
      }
    },
  };
}

/** A bundle in memory, by path. */
export function memorySource(files: ReadonlyMap<string, Uint8Array>): BundleSource {
  return {
    list: async () =>
      [...files]
        .map(([path, bytes]) => ({ path, sizeBytes: bytes.length, isFile: true }))
        .sort((a, b) => (a.path < b.path ? -1 : 1)),
    async *read(path, sizeBytesMax) {
      const bytes = files.get(path);
      if (bytes === undefined) throw unreadable(path);
      yield bytes.subarray(0, sizeBytesMax);
    },
  };
}

/** All pieces of a file as one. */
export async function readWhole(source: BundleSource, path: string, sizeBytesMax: number): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  for await (const piece of source.read(path, sizeBytesMax)) pieces.push(piece);
  return Buffer.concat(pieces);
}

async function listInto(entries: BundleEntry[], directory: string, prefix: string, depth: number): Promise<void> {
  const here = await readdir(directory, { withFileTypes: true });
  // Asked before the first of them is looked at: a folder of a million files is refused as soon as it is listed.
  if (entries.length + here.length > ENTRIES_MAX) throw unreadable("");
  for (const entry of here) {
    const path = `${prefix}${entry.name}`;
    if (entry.isDirectory() && depth < DEPTH_MAX) {
      await listInto(entries, join(directory, entry.name), `${path}/`, depth + 1);
    } else {
      const { size } = await lstat(join(directory, entry.name));
      entries.push({ path, sizeBytes: size, isFile: entry.isFile() });
    }
  }
}

function unreadable(path: string, cause?: unknown): AuditError<"audit.bundle-path"> {
  const what = path === "" ? "the bundle" : `file \`${path.slice(0, 256)}\` of the bundle`;
  return new AuditError("audit.bundle-path", `${what} cannot be read`, { path: path.slice(0, 256) }, { cause });
}
