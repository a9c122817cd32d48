/**
 * The checkpoint's own file beside the database, and the marks of what was once begun here.
 *
 * Invariants:
 *   P1. It is replaced, never written in place: new file, fsync, rename, fsync of the directory. At any moment it holds
 *       one whole checkpoint or does not exist.
 *   P2. A mark is made once, when the database is there, and never taken away: a folder with the mark and without the
 *       database has lost it.
 *
 * @module
 */
import { closeSync, existsSync, fsyncSync, openSync, readFileSync, renameSync, writeSync } from "node:fs";
import { join } from "node:path";
import { causeOf, StoreSqliteError } from "./errors.ts";

const NAME = "checkpoint";
const begun = { log: "A log", authority: "An authority store", services: "A service store" } as const;
type Begun = keyof typeof begun;

/** True when a log was begun in this folder, whatever is left of it. */
export function wasLogBegun(directory: string): boolean {
  return isMarkedBegun(directory, "log") || readCheckpointFile(directory) !== undefined;
}

export function isMarkedBegun(directory: string, what: Begun): boolean {
  return existsSync(join(directory, `${what}.begun`));
}

/** Makes the mark where it is not. */
export function markBegun(directory: string, what: Begun): void {
  if (isMarkedBegun(directory, what)) return;
  writeDurably(join(directory, `${what}.begun`), Buffer.from(`${begun[what]} was begun in this folder.\n`));
  syncDirectory(directory);
}

export function readCheckpointFile(directory: string): Uint8Array | undefined {
  try {
    return readFileSync(join(directory, NAME));
  } catch (cause) {
    const details = causeOf(cause);
    if (details.system === "ENOENT") return undefined;
    throw new StoreSqliteError("store-sqlite.read-failed", "the checkpoint cannot be read", details, { cause });
  }
}

/** Replaces the file when it holds `expected`; false when it holds something else. The writer's lock is held. */
export function swapCheckpointFile(directory: string, expected: Uint8Array | undefined, next: Uint8Array): boolean {
  const found = readCheckpointFile(directory);
  const same =
    found === undefined ? expected === undefined : expected !== undefined && Buffer.compare(found, expected) === 0;
  if (!same) return false;
  try {
    const path = join(directory, NAME);
    writeDurably(`${path}.new`, next);
    renameSync(`${path}.new`, path);
    syncDirectory(directory);
  } catch (cause) {
    throw new StoreSqliteError("store-sqlite.write-failed", "the checkpoint cannot be written", causeOf(cause), {
      cause,
    });
  }
  return true;
}

function writeDurably(path: string, bytes: Uint8Array): void {
  const file = openSync(path, "w", 0o644);
  try {
    let written = 0;
    while (written < bytes.length) written += writeSync(file, bytes, written);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

/** A rename is durable only when its directory is. */
export function syncDirectory(directory: string): void {
  const handle = openSync(directory, "r");
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}
