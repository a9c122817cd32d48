/**
 * The store's salt key: what keeps personal values from being guessed after they were redacted.
 *
 *     keys/salt.key   32 secret bytes, as 64 hexadecimal digits on one line
 *     keys/salt.id    which key that is, by digest; public, and never changed
 *
 * Invariants:
 *   S1. A salt key is made once and never replaced: salts under another would give equal runs unlike bytes, and bring back
 *       under a new digest what was erased under the old one. One that is missing, or is another, is an error.
 *   S2. The key leaves its file for salts alone; no message, journal or bundle holds it.
 *   S3. A store from before there were salt keys gets one when it is next opened to be written.
 *
 * @module
 */
import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { digestBytes, SALT_KEY_BYTES, type Salts, saltsOf } from "@canonic/contracts";
import { OrchestratorError } from "./errors.ts";
import { readNamedFile, writeOnce } from "./files.ts";

/**
 * The store's salts; makes the key where there never was one.
 *
 * @throws {OrchestratorError} `orchestrator.keys-invalid` when the key is missing though there was one, is no salt key, or is
 *   not the one that the store began with.
 */
export function openSalts(store: string): Salts {
  const file = join(store, "keys", "salt.key");
  const idFile = join(store, "keys", "salt.id");
  if (!existsSync(file)) {
    if (existsSync(idFile)) throw invalid(file, "is missing, and personal values are salted with it");
    writeOnce(file, `${randomBytes(SALT_KEY_BYTES).toString("hex")}\n`, 0o600);
  }
  const hex = /^([0-9a-f]{64})\n$/.exec(textOf(file))?.[1];
  if (hex === undefined) throw invalid(file, "holds no salt key");
  const key = Buffer.from(hex, "hex");
  if (!existsSync(idFile)) writeOnce(idFile, `${idOf(key)}\n`);
  if (textOf(idFile) !== `${idOf(key)}\n`) throw invalid(file, "is not the salt key that the store began with");
  return saltsOf(key);
}

/** Says nothing of the key: it is as long as the digest, and made by chance. */
function idOf(key: Uint8Array): string {
  return digestBytes(Buffer.concat([Buffer.from("canonic/salt-key-id/v1\n", "utf8"), key]));
}

function textOf(file: string): string {
  return Buffer.from(readNamedFile(file)).toString("latin1");
}

function invalid(file: string, why: string): OrchestratorError<"orchestrator.keys-invalid"> {
  return new OrchestratorError("orchestrator.keys-invalid", `\`${file}\` ${why}`, { file });
}
