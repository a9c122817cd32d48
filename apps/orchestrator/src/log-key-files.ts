/**
 * The files of the log's key, and what a rotation does with them.
 *
 *     keys/log.pem        signs the log
 *     keys/log-next.pem   will, once the log says so: a rotation was begun
 *     keys/log-<n>.pem    signed it before, the first one with n = 1
 *     keys/origin         the log's name, from the first rotation on; before it, the name follows from the key
 *
 * Invariants:
 *   F1. `log.pem` is there at every moment: the next key replaces it by one rename, after the log says that it is in force
 *       and a checkpoint under it is stored.
 *   F2. Which key is in force is the log's to say: files that a crash left half way are put right at the next opening.
 *   F3. The origin stays: approvals, checkpoints and trust files are bound to it.
 *
 * @module
 */
import { existsSync, readdirSync, readFileSync, renameSync } from "node:fs";
import { join } from "node:path";
import { createKeyPair } from "@canonic/audit";
import { readNamedFile, syncFolder, writeNew, writeOnce } from "./files.ts";

export function logKeyFile(store: string): string {
  return join(store, "keys", "log.pem");
}

export function nextKeyFile(store: string): string {
  return join(store, "keys", "log-next.pem");
}

/** The key that a rotation was begun to, in PEM; undefined without one, also when it takes its place this very moment. */
export function readNextKey(store: string): string | undefined {
  try {
    return readFileSync(nextKeyFile(store), "utf8");
  } catch (cause) {
    if (cause instanceof Error && "code" in cause && cause.code === "ENOENT") return undefined;
    return Buffer.from(readNamedFile(nextKeyFile(store))).toString("utf8");
  }
}

/** The origin as it was written down; undefined before the first rotation. */
export function writtenOrigin(store: string): string | undefined {
  const file = pathOfOrigin(store);
  return existsSync(file) ? Buffer.from(readNamedFile(file)).toString("utf8").trimEnd() : undefined;
}

/** Makes the next key, or goes on with the one that a rotation was begun to. */
export function makeNextKey(store: string, origin: string): string {
  writeOnce(pathOfOrigin(store), `${origin}\n`);
  const file = nextKeyFile(store);
  writeOnce(file, createKeyPair().privateKeyPem, 0o600);
  return file;
}

/** Puts the next key in the place of the one before, which is kept (F1). Doing it again after a crash gives the same files. */
export function replaceLogKey(store: string): { readonly kept: string } {
  const folder = join(store, "keys");
  const before = readFileSync(logKeyFile(store));
  const numbers = readdirSync(folder).flatMap((name) => /^log-([1-9][0-9]*)\.pem$/.exec(name)?.[1] ?? []);
  const last = Math.max(0, ...numbers.map(Number));
  const isKept = last > 0 && Buffer.compare(readFileSync(join(folder, `log-${last}.pem`)), before) === 0;
  const kept = join(folder, `log-${isKept ? last : last + 1}.pem`);
  if (!isKept) writeNew(kept, before, 0o600);
  renameSync(nextKeyFile(store), logKeyFile(store));
  syncFolder(folder);
  return { kept };
}

function pathOfOrigin(store: string): string {
  return join(store, "keys", "origin");
}
