/**
 * The store's key: made once, kept in `keys/log.pem` (mode 600), its public half in `trust.json`.
 *
 * Invariants:
 *   K1. A key is never replaced: a log without its key is an error, not a reason for a new one, and of two processes
 *       that make one at the same time both use the first.
 *   K2. The private key leaves its file for the signer alone; no message, journal or bundle holds it.
 *
 * @module
 */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { createKeyPair, type NoteSigner, parseTrustFile, signerFromPem, trustFileOf } from "@canonic/audit";
import { canonicalJson, digestBytes, type TrustFile } from "@canonic/contracts";
import { OrchestratorError } from "./errors.ts";
import { readNamedFile, writeOnce, writeWhole } from "./files.ts";

export type LogKeys = {
  readonly origin: string;
  readonly signer: NoteSigner;
  readonly trust: TrustFile;
  readonly trustFile: string;
};

/** True where a log is, or a checkpoint says that there was one. */
export function hasLog(store: string): boolean {
  return existsSync(join(store, "log.sqlite")) || existsSync(join(store, "checkpoint"));
}

export function trustPathOf(store: string): string {
  return join(store, "trust.json");
}

/**
 * Reads the store's key, or makes one where there is neither key nor log.
 *
 * @throws {OrchestratorError} `orchestrator.keys-invalid` when the key file is missing beside a log, or is no key.
 */
export function openKeys(store: string): LogKeys {
  const file = join(store, "keys", "log.pem");
  if (!existsSync(file)) {
    if (hasLog(store)) {
      throw new OrchestratorError(
        "orchestrator.keys-invalid",
        `\`${file}\` is missing, and there is a log that it signs`,
        { file },
      );
    }
    writeOnce(file, createKeyPair().privateKeyPem, 0o600);
  }
  const { publicKey } = signerOf("canonic.local", file);
  const origin = `canonic.local/${digestBytes(publicKey).slice(7, 23)}`;
  const trust = trustFileOf(origin, [{ name: origin, publicKey }]);
  const trustFile = trustPathOf(store);
  if (!existsSync(trustFile)) writeWhole(trustFile, `${canonicalJson(trust)}\n`);
  return { origin, signer: signerOf(origin, file), trust, trustFile };
}

/**
 * Reads a trust file.
 *
 * @throws {OrchestratorError} `orchestrator.file-unreadable`, {@link AuditError} `audit.trust-invalid`.
 */
export function readTrust(file: string): TrustFile {
  return parseTrustFile(readNamedFile(file));
}

function signerOf(name: string, file: string): NoteSigner {
  try {
    return signerFromPem(name, readFileSync(file, "utf8"));
  } catch (cause) {
    throw new OrchestratorError(
      "orchestrator.keys-invalid",
      `\`${file}\` holds no Ed25519 private key`,
      { file },
      { cause },
    );
  }
}
