/**
 * Ed25519 keys. Key files are the caller's.
 *
 * @see RFC 8032 (EdDSA), RFC 8037 (its keys in JOSE).
 * @module
 */
import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject, sign, verify } from "node:crypto";
import type { TokenClaims } from "@canonic/contracts";
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
  const x = Buffer.from(bytes).toString("base64url");
  if (bytes.length === 32 && !hasSmallOrder(bytes)) {
    try {
      return createPublicKey({ key: { kty: "OKP", crv: "Ed25519", x }, format: "jwk" });
    } catch {
      // Said below, in our own words.
    }
  }
  throw new AuthorityError("authority.key-invalid", "not an Ed25519 public key", {
    fault: "not an Ed25519 public key",
  });
}

/** True when `signature` is this key's signature of exactly these bytes. */
export function isSignature(key: KeyObject, bytes: Uint8Array, signature: Uint8Array): boolean {
  return signature.length === 64 && verify(null, bytes, key, signature);
}

/**
 * The y coordinates of the points of order 1, 2, 4 and 8, also as y + p where that fits: under such a key one signature
 * verifies for many messages.
 *
 * @see Chalkias et al., Taming the many EdDSAs, table 1 (2020).
 */
const SMALL_ORDER = new Set([
  "0000000000000000000000000000000000000000000000000000000000000000",
  "0100000000000000000000000000000000000000000000000000000000000000",
  "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
  "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
  "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
  "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
  "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
]);

function hasSmallOrder(bytes: Uint8Array): boolean {
  const y = Buffer.from(bytes);
  y[31] = (y[31] ?? 0) & 0x7f;
  return SMALL_ORDER.has(y.toString("hex"));
}
