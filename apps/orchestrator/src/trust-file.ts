/**
 * Changes of the store's trust file.
 *
 * Invariants:
 *   T1. Changes follow one another: each is made to what the one before it wrote, also when processes make them at once.
 *   T2. What is written is a trust file that authority and verifier take, whole, or nothing is.
 *
 * @module
 */
import { parseTrustFile } from "@canonic/audit";
import { createTrust } from "@canonic/authority";
import { canonicalJson, type TrustFile } from "@canonic/contracts";
import { takeLock } from "@canonic/store-sqlite";
import { readNamedFile, writeWhole } from "./files.ts";
import { inFile } from "./in-file.ts";

const LOCK = "trust.lock";
const WAIT_MS = 5000;

/**
 * Reads the trust file, and writes what `change` makes of it; what that throws is thrown, and the file stays as it is.
 *
 * @throws {StoreSqliteError} `store-sqlite.locked` when others have kept it for too long; {@link AuditError}
 *   `audit.trust-invalid`; {@link AuthorityError} `authority.trust-invalid`.
 */
export function changeTrust(store: string, file: string, change: (trust: TrustFile) => TrustFile): TrustFile {
  const release = takeLock(store, LOCK, WAIT_MS);
  try {
    const trust = inFile(file, () => parseTrustFile(readNamedFile(file)));
    const next = change(trust);
    if (next === trust) return trust;
    const text = printedTrust(next);
    parseTrustFile(Buffer.from(text, "utf8"));
    createTrust(next);
    writeWhole(file, text);
    return next;
  } finally {
    release();
  }
}

/** A trust file's bytes. */
export function printedTrust(trust: TrustFile): string {
  return `${canonicalJson(trust)}\n`;
}
