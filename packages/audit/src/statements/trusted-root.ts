/**
 * What other people's tools take instead of our trust file: a Sigstore trusted root that names our log, and the public keys
 * of those who sign statements.
 *
 * Invariants:
 *   R1. It says what the trust file says and no more: no certificate authority, no time-stamp authority, no other log.
 *   R2. A tool finds the log's key by name and key id, so `baseUrl` holds the key's name. Nothing has to answer there.
 *
 * @see protobuf-specs, sigstore_trustroot.proto. RFC 7468 for the PEM.
 * @module
 */
import type { JsonObject, TrustFile } from "@canonic/contracts";
import type { NoteKey } from "../keys.ts";
import { trustedAttestorsOf, trustedKeysOf } from "../trust.ts";
import { spkiOf } from "./entry.ts";
import { keyHintOf, logIdOf } from "./sigstore-bundle.ts";

/** A trust file has no dates, and some tools insist on a first one. */
const ALWAYS = { start: "1970-01-01T00:00:00Z" };

export interface AttestorKey {
  readonly name: string;
  /** How a Sigstore bundle names it. */
  readonly hint: string;
  readonly pem: string;
}

/** The trusted root of every log that a trust file names. */
export function trustedRootOf(trust: TrustFile): JsonObject {
  const origins = [...new Set(trust.logs.map(({ origin }) => origin))];
  return {
    mediaType: "application/vnd.dev.sigstore.trustedroot+json;version=0.1",
    tlogs: origins.flatMap((origin) => trustedKeysOf(trust, origin).map(logInstanceOf)),
    certificateAuthorities: [],
    ctlogs: [],
    timestampAuthorities: [],
  };
}

/** The keys of those who sign statements, as files that OpenSSL and others read. */
export function attestorKeysOf(trust: TrustFile): readonly AttestorKey[] {
  return trustedAttestorsOf(trust).map(({ name, publicKey }) => {
    const der = Buffer.from(spkiOf(publicKey)).toString("base64");
    const pem = `-----BEGIN PUBLIC KEY-----\n${der}\n-----END PUBLIC KEY-----\n`;
    return { name, hint: keyHintOf(publicKey), pem };
  });
}

function logInstanceOf(key: NoteKey): JsonObject {
  const rawBytes = Buffer.from(spkiOf(key.publicKey)).toString("base64");
  return {
    baseUrl: `https://${key.name}`,
    hashAlgorithm: "SHA2_256",
    publicKey: { rawBytes, keyDetails: "PKIX_ED25519", validFor: ALWAYS },
    logId: { keyId: Buffer.from(logIdOf(key)).toString("base64") },
  };
}
