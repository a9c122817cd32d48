/**
 * Ed25519 keys: who signs, and whom a verifier trusts. Key files are the caller's.
 *
 * @see RFC 8032. C2SP signed-note for the verifier key's text form.
 * @module
 */
import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject, sign, verify } from "node:crypto";
import { ed25519KeyOf } from "@canonic/contracts";
import { AuditError } from "./errors.ts";

/** A public key and the name that it signs under; `publicKey` is the raw 32 bytes. */
export interface NoteKey {
  readonly name: string;
  readonly publicKey: Uint8Array;
}

/** Signs bytes under a name; the private key stays wherever it is. */
export interface NoteSigner extends NoteKey {
  sign(bytes: Uint8Array): Uint8Array;
}

/** A new key pair: the private half as PKCS #8 PEM, the public half raw. */
export function createKeyPair(): { readonly privateKeyPem: string; readonly publicKey: Uint8Array } {
  const { privateKey, publicKey } = generateKeyPairSync("ed25519");
  return {
    privateKeyPem: privateKey.export({ type: "pkcs8", format: "pem" }) as string,
    publicKey: rawPublicKey(publicKey),
  };
}

/**
 * Makes a signer of a private key.
 *
 * @throws {AuditError} `audit.key-invalid` unless the PEM holds an unencrypted Ed25519 private key.
 */
export function signerFromPem(name: string, privateKeyPem: string): NoteSigner {
  let privateKey: KeyObject;
  try {
    privateKey = createPrivateKey(privateKeyPem);
  } catch {
    throw new AuditError("audit.key-invalid", "not a private key in PEM", { fault: "not a private key in PEM" });
  }
  if (privateKey.asymmetricKeyType !== "ed25519") {
    throw new AuditError("audit.key-invalid", "not an Ed25519 private key", { fault: "not an Ed25519 key" });
  }
  const publicKey = rawPublicKey(createPublicKey(privateKey));
  return { name, publicKey, sign: (bytes) => sign(null, bytes, privateKey) };
}

/** True when `signature` is this key's signature of exactly `message`. */
export function isEd25519Signature(key: NoteKey, message: Uint8Array, signature: Uint8Array): boolean {
  const publicKey = ed25519KeyOf(key.publicKey);
  return publicKey !== undefined && verify(null, message, publicKey, signature);
}

function rawPublicKey(key: KeyObject): Uint8Array {
  const { x } = key.export({ format: "jwk" });
  return Buffer.from(x as string, "base64url");
}
