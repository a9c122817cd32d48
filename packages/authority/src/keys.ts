/**
 * Ed25519 keys. Key files are the caller's.
 *
 * @see RFC 8032 (EdDSA), RFC 8037 (its keys in JOSE).
 * @module
 */
import { createPrivateKey, generateKeyPairSync, type KeyObject, sign, verify } from "node:crypto";
import { ed25519KeyOf, type TokenClaims } from "@canonic/contracts";
import { AuthorityError } from "./errors.ts";

/** Signs bytes under a name; the private key stays wherever it is. */
export interface Signer {
  readonly name: string;
  sign(bytes: Uint8Array): Uint8Array;
}

export type Confirmation = NonNullable<TokenClaims["cnf"]>;

/** A new key pair: the private half as PKCS #8 PEM, the public half as 32 bytes. */
export function createKeyPair(): { readonly privateKeyPem: string; readonly publicKey: Uint8Array } {
  const { privateKey, publicKey } = generateKeyPairSync("ed25519");
  return {
    privateKeyPem: privateKey.export({ type: "pkcs8", format: "pem" }) as string,
    publicKey: Buffer.from(publicKey.export({ format: "jwk" }).x as string, "base64url"),
  };
}

/**
 * Makes a signer of a private key.
 *
 * @throws {AuthorityError} `authority.key-invalid` unless the PEM holds an unencrypted Ed25519 private key.
 */
export function signerFromPem(name: string, privateKeyPem: string): Signer {
  let key: KeyObject;
  try {
    key = createPrivateKey(privateKeyPem);
  } catch {
    throw new AuthorityError("authority.key-invalid", "not a private key in PEM", {
      fault: "not a private key in PEM",
    });
  }
  if (key.asymmetricKeyType !== "ed25519") {
    throw new AuthorityError("authority.key-invalid", "not an Ed25519 private key", { fault: "not an Ed25519 key" });
  }
  return { name, sign: (bytes) => sign(null, bytes, key) };
}

/** The claim that lets the holder of a key attenuate a token (RFC 7800). */
export function confirmationOf(publicKey: Uint8Array): Confirmation {
  publicKeyOf(publicKey);
  return { jwk: { kty: "OKP", crv: "Ed25519", x: Buffer.from(publicKey).toString("base64url") } };
}

/**
 * The key of 32 bytes.
 *
 * @throws {AuthorityError} `authority.key-invalid` for bytes that are no Ed25519 public key.
 */
export function publicKeyOf(bytes: Uint8Array): KeyObject {
  const key = ed25519KeyOf(bytes);
  if (key !== undefined) return key;
  throw new AuthorityError("authority.key-invalid", "not an Ed25519 public key", {
    fault: "not an Ed25519 public key",
  });
}

/** True when `signature` is this key's signature of exactly these bytes. */
export function isSignature(key: KeyObject, bytes: Uint8Array, signature: Uint8Array): boolean {
  return signature.length === 64 && verify(null, bytes, key, signature);
}
