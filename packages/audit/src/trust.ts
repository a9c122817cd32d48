/**
 * Whom a verifier trusts: the trust file, and the keys that it gives an origin.
 *
 * @module
 */
import { TrustFile } from "@canonic/contracts";
import { AuditError } from "./errors.ts";
import type { NoteKey } from "./keys.ts";

/**
 * Reads a trust file; any JSON layout will do, it is a person's own file.
 *
 * @throws {AuditError} `audit.trust-invalid`.
 */
export function parseTrustFile(bytes: Uint8Array): TrustFile {
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch {
    throw new AuditError("audit.trust-invalid", "the trust file is not JSON", {
      issues: [{ pointer: "", expected: "JSON" }],
    });
  }
  const parsed = TrustFile.safeParse(value);
  if (!parsed.success) {
    const issues = parsed.error.issues
      .slice(0, 20)
      .map(({ path, message }) => ({ pointer: path.map((step) => `/${String(step)}`).join(""), expected: message }));
    throw new AuditError("audit.trust-invalid", "the file is not a trust file", { issues });
  }
  for (const log of parsed.data.logs) for (const key of log.keys) decodeKey(key.publicKey);
  return parsed.data;
}

/** The keys that may sign for an origin; none for an origin that the file does not name. */
export function trustedKeysOf(trust: TrustFile, origin: string): NoteKey[] {
  return trust.logs
    .filter((log) => log.origin === origin)
    .flatMap((log) => log.keys.map(({ name, publicKey }) => ({ name, publicKey: decodeKey(publicKey) })));
}

/** The trust file that makes a verifier trust one log. */
export function trustFileOf(origin: string, keys: readonly NoteKey[]): TrustFile {
  const printed = keys.map(({ name, publicKey }) => ({ name, publicKey: Buffer.from(publicKey).toString("base64") }));
  return { schema: "canonic/trust/v1", logs: [{ origin, keys: printed }] };
}

function decodeKey(base64: string): Uint8Array {
  const key = Buffer.from(base64, "base64");
  if (key.length === 32 && key.toString("base64") === base64) return key;
  throw new AuditError("audit.trust-invalid", "a public key is not 32 bytes of base64", {
    issues: [{ pointer: "/logs", expected: "32 bytes of base64" }],
  });
}
