/**
 * A statement entry: the leaf by which the log remembers one signed statement, as other people's tools read it.
 *
 *     {"apiVersion":"0.0.2","kind":"hashedrekord","spec":{"hashedRekordV002":{
 *       "data":{"algorithm":"SHA2_256","digest":<base64 of 32 bytes>},
 *       "signature":{"content":<base64 of 64 bytes>,
 *         "verifier":{"keyDetails":"PKIX_ED25519","publicKey":{"rawBytes":<base64 of 44 bytes>}}}}}}
 *
 * Invariants:
 *   Y1. `digest` is of the bytes that were signed: the pre-authentication encoding (PAE) of the DSSE envelope, not its
 *       payload alone. Those bytes are a payload of the log under this digest.
 *   Y2. `rawBytes` is a DER SubjectPublicKeyInfo (RFC 8410): the twelve bytes of {@link SPKI_ED25519} and the key.
 *   Y3. Strict by printing again: canonical JSON, nothing else, no other length.
 *
 * @see Rekor v2, `hashedrekord` 0.0.2 (protobuf-specs, rekor/v2/entry.proto); @sigstore/verify 4.1 reads exactly this.
 * @module
 */
import { canonicalBytes, type Digest, digestFromBytes, digestToBytes, type JsonValue } from "@canonic/contracts";
import { AuditError } from "../errors.ts";
import { textAt } from "./json-path.ts";

const SPKI_ED25519 = Buffer.from("302a300506032b6570032100", "hex");
const KEY_BYTES = 32;
const SIGNATURE_BYTES = 64;

export interface StatementEntry {
  /** Of the signed bytes (Y1). */
  readonly digest: Digest;
  /** Ed25519, 64 bytes. */
  readonly signature: Uint8Array;
  /** Raw Ed25519, 32 bytes. */
  readonly publicKey: Uint8Array;
}

/**
 * Prints an entry: the exact bytes of its leaf.
 *
 * @throws {AuditError} `audit.entry-invalid` for a key or signature of another length.
 */
export function writeStatementEntry({ digest, signature, publicKey }: StatementEntry): Uint8Array {
  if (signature.length !== SIGNATURE_BYTES) throw invalid(`a signature of ${SIGNATURE_BYTES} bytes`);
  if (publicKey.length !== KEY_BYTES) throw invalid(`a public key of ${KEY_BYTES} bytes`);
  return canonicalBytes({
    apiVersion: "0.0.2",
    kind: "hashedrekord",
    spec: {
      hashedRekordV002: {
        data: { algorithm: "SHA2_256", digest: base64(digestToBytes(digest)) },
        signature: {
          content: base64(signature),
          verifier: { keyDetails: "PKIX_ED25519", publicKey: { rawBytes: base64(spkiOf(publicKey)) } },
        },
      },
    },
  });
}

/**
 * Reads an entry strictly (Y3).
 *
 * @throws {AuditError} `audit.entry-invalid` when the bytes are not exactly what {@link writeStatementEntry} prints.
 */
export function readStatementEntry(bytes: Uint8Array): StatementEntry {
  const value = jsonOf(bytes);
  const digest = bytesAt(value, ["spec", "hashedRekordV002", "data", "digest"]);
  const signature = bytesAt(value, ["spec", "hashedRekordV002", "signature", "content"]);
  const spki = bytesAt(value, ["spec", "hashedRekordV002", "signature", "verifier", "publicKey", "rawBytes"]);
  if (digest.length !== 32) throw invalid("a digest of 32 bytes");
  const publicKey = spki.subarray(SPKI_ED25519.length);
  const entry = { digest: digestFromBytes(digest), signature, publicKey };
  if (Buffer.compare(writeStatementEntry(entry), bytes) !== 0) throw invalid("the canonical form of an entry");
  return entry;
}

/** A raw Ed25519 key as DER SubjectPublicKeyInfo (Y2). */
export function spkiOf(publicKey: Uint8Array): Uint8Array {
  return Buffer.concat([SPKI_ED25519, publicKey]);
}

/** Read loosely: the comparison with the bytes printed again is what decides. */
function jsonOf(bytes: Uint8Array): JsonValue {
  if (bytes.length > ENTRY_BYTES) throw invalid(`an entry of ${ENTRY_BYTES} bytes`);
  try {
    return JSON.parse(Buffer.from(bytes).toString("utf8")) as JsonValue;
  } catch {
    throw invalid("JSON");
  }
}

function bytesAt(value: JsonValue, path: readonly string[]): Uint8Array {
  const text = textAt(value, path);
  if (text === undefined) throw invalid(`\`/${path.join("/")}\` in base64`);
  return Buffer.from(text, "base64");
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("base64");
}

function invalid(expected: string): AuditError<"audit.entry-invalid"> {
  return new AuditError("audit.entry-invalid", `a statement entry is not valid: expected ${expected}`, { expected });
}

/** All its values have one length, so an entry has too. */
const ENTRY_BYTES = writeStatementEntry({
  digest: digestFromBytes(new Uint8Array(32)),
  signature: new Uint8Array(SIGNATURE_BYTES),
  publicKey: new Uint8Array(KEY_BYTES),
}).length;
