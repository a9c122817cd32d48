/**
 * Backups: a dump of the units database, encrypted, and how to get it back.
 *
 * A file is `canonic-cutter-backup/v1`, a newline, 12 bytes of nonce, 16 bytes of tag, and the dump under AES-256-GCM; the
 * first line is authenticated with it. The key is a file of 32 bytes that only its owner can read.
 *
 * Invariants:
 *   B1. A backup is whole or not there: it is written beside its name, synced, read back and decrypted, then renamed.
 *   B2. Neither the dump nor the key ever stands unencrypted in the backup's folder after the phase is over.
 *
 * @see NIST SP 800-38D for GCM.
 * @module
 */
import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";
import { closeSync, fsyncSync, openSync, readFileSync, renameSync, rmSync, writeSync } from "node:fs";
import { join } from "node:path";
import { digestBytes } from "@canonic/contracts";
import { DocumentCutterError } from "./errors.ts";
import { onFirstUse } from "./keys.ts";
import { makeFolder } from "./make-folder.ts";
import type { BackupReceipt } from "./phases/world.ts";
import { demand } from "./stop.ts";

const HEADER = Buffer.from("canonic-cutter-backup/v1\n");
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const KEY_BYTES = 32;

export type BackupPlace = { readonly folder: string; readonly keyFile: string };

/** Encrypts a dump into the folder, under a name that follows from the effect's key. */
export function keepBackup({ folder, keyFile }: BackupPlace, key: string, dump: Uint8Array): BackupReceipt {
  makeFolder(folder);
  const secret = onFirstUse(keyFile, () => randomBytes(KEY_BYTES));
  demand(secret.length === KEY_BYTES, "cutter.backup-failed", "the key file");
  const name = `${key.replaceAll("/", "-")}.backup`;
  const [path, beside] = [join(folder, name), join(folder, `${name}.part`)];
  const sealed = seal(secret, dump);
  rmSync(beside, { force: true });
  const file = openSync(beside, "wx", 0o600);
  try {
    writeSync(file, sealed);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  const written = readFileSync(beside);
  demand(digestBytes(unseal(secret, written)) === digestBytes(dump), "cutter.backup-failed", "read back");
  renameSync(beside, path);
  syncFolder(folder);
  return { kind: "encrypted-dump", name, sizeBytes: sealed.length, digest: digestBytes(sealed) };
}

/**
 * The dump in a backup: for SQLite a database file, for PostgreSQL what `pg_restore` reads.
 *
 * @throws {DocumentCutterError} `document-cutter.backup-unreadable` for another file, another key, or any changed byte.
 */
export function readBackup(backup: Uint8Array, key: Uint8Array): Uint8Array {
  return unseal(key, Buffer.from(backup));
}

function seal(secret: Uint8Array, dump: Uint8Array): Buffer {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv("aes-256-gcm", secret, nonce).setAAD(HEADER);
  const body = Buffer.concat([cipher.update(dump), cipher.final()]);
  return Buffer.concat([HEADER, nonce, cipher.getAuthTag(), body]);
}

function unseal(secret: Uint8Array, sealed: Buffer): Uint8Array {
  const from = HEADER.length;
  const bodyFrom = from + NONCE_BYTES + TAG_BYTES;
  if (sealed.length < bodyFrom || !sealed.subarray(0, from).equals(HEADER)) {
    throw new DocumentCutterError("document-cutter.backup-unreadable", "the file is no backup of the cutter", {
      reason: "format",
    });
  }
  try {
    const nonce = sealed.subarray(from, from + NONCE_BYTES);
    const decipher = createDecipheriv("aes-256-gcm", secret, nonce).setAAD(HEADER);
    decipher.setAuthTag(sealed.subarray(from + NONCE_BYTES, bodyFrom));
    return Buffer.concat([decipher.update(sealed.subarray(bodyFrom)), decipher.final()]);
  } catch {
    const message = "the backup was encrypted with another key, or was changed";
    throw new DocumentCutterError("document-cutter.backup-unreadable", message, { reason: "key" });
  }
}

function syncFolder(folder: string): void {
  const handle = openSync(folder, "r");
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}
