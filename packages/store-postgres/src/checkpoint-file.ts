/**
 * The checkpoint's file in a folder of the writer's, outside the database, and the mark that a log was once begun.
 *
 * Invariants:
 *   P1. It is replaced, never written in place: new file, fsync, rename, fsync of the directory. At any moment it holds
 *       one whole checkpoint or does not exist.
 *   P2. The mark is made once, when the log is there, and never taken away: where the mark is and no log, it was lost.
 *   P3. To make the folder ends, whatever the place.
 *
 * @module
 */
import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, writeSync } from "node:fs";
import { dirname, join } from "node:path";
import { foreignOf, StorePostgresError } from "./errors.ts";

const NAME = "checkpoint";
const MARK = "log.begun";

export function wasLogBegun(directory: string): boolean {
  return existsSync(join(directory, MARK)) || readCheckpointFile(directory) !== undefined;
}

/** Makes the folder and the mark where they are not. */
export function markLogBegun(directory: string): void {
  inCode(() => {
    makeFolder(directory);
    if (existsSync(join(directory, MARK))) return;
    writeDurably(join(directory, MARK), Buffer.from("A log was begun with its checkpoint in this folder.\n"));
    syncDirectory(directory);
  });
}

export function readCheckpointFile(directory: string): Uint8Array | undefined {
  return inCode(() => {
    const path = join(directory, NAME);
    return existsSync(path) ? readFileSync(path) : undefined;
  });
}

/** Replaces the file when it holds `expected`; false when it holds something else. The writer's row is held. */
export function swapCheckpointFile(directory: string, expected: Uint8Array | undefined, next: Uint8Array): boolean {
  const found = readCheckpointFile(directory);
  const same =
    found === undefined ? expected === undefined : expected !== undefined && Buffer.compare(found, expected) === 0;
  if (!same) return false;
  inCode(() => {
    const path = join(directory, NAME);
    writeDurably(`${path}.new`, next);
    renameSync(`${path}.new`, path);
    syncDirectory(directory);
  });
  return true;
}

/** Makes a folder and those above it, one by one: Node's own way never ends below one that takes none, as `/proc` is. */
function makeFolder(folder: string): void {
  if (existsSync(folder)) return;
  makeFolder(dirname(folder));
  try {
    mkdirSync(folder);
  } catch (cause) {
    if (!existsSync(folder)) throw cause;
  }
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
function syncDirectory(directory: string): void {
  const handle = openSync(directory, "r");
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

function inCode<T>(work: () => T): T {
  try {
    return work();
  } catch (cause) {
    const { system } = foreignOf(cause);
    throw new StorePostgresError("store-postgres.checkpoint-failed", "the checkpoint's folder cannot be used", {
      system,
    });
  }
}
