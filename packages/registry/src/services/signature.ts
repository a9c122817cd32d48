/**
 * Contracts that their owners sign: Ed25519 over `contractSigningBytes`, which cover all of the contract but the signature.
 *
 * Invariants:
 *   E1. A key signs for its owner alone: a contract of another owner is not signed by it, whatever the signature says.
 *   E2. A signature has one spelling: base64url that decodes to the same bytes and is spelled otherwise is none.
 *   E3. A key under which one signature verifies for many messages (a point of small order) is no key.
 *
 * @see RFC 8032.
 * @module
 */
import { createPrivateKey, createPublicKey, type KeyObject, sign, verify } from "node:crypto";
import { contractSigningBytes, digestBytes, ed25519KeyOf, type ServiceContract } from "@canonic/contracts";
import { RegistryError } from "../errors.ts";

/** A public key, as its raw 32 bytes, and the owner that it is bound to. */
export interface OwnerKey {
  readonly owner: string;
  readonly publicKey: Uint8Array;
}

export type SignatureVerdict =
  | { readonly kind: "valid"; readonly keyId: string; readonly owner: string }
  | { readonly kind: "unsigned" }
  | {
      readonly kind: "invalid";
      readonly keyId: string;
      readonly fault: "unknown-key" | "other-owner" | "wrong-signature";
    };

/** The SHA-256 of the raw public key, as signatures name it. */
export function keyIdOf(publicKey: Uint8Array): string {
  return digestBytes(publicKey);
}

/**
 * The contract with its owner's signature in place of whatever signature it had.
 *
 * @param privateKeyPem - An unencrypted Ed25519 private key, PKCS #8.
 * @throws {RegistryError} `registry.key-invalid`.
 */
export function signContract(contract: ServiceContract, privateKeyPem: string): ServiceContract {
  const key = privateKeyOf(privateKeyPem);
  const value = sign(null, contractSigningBytes(contract), key).toString("base64url");
  return { ...contract, signature: { keyId: keyIdOf(rawPublicKeyOf(key)), algorithm: "Ed25519", value } };
}

/**
 * What a contract's signature is worth to whoever trusts `keys`.
 *
 * @throws {RegistryError} `registry.key-invalid` when a key is no Ed25519 public key.
 */
export function verifyContractSignature(contract: ServiceContract, keys: readonly OwnerKey[]): SignatureVerdict {
  const { signature, owner } = contract;
  if (signature === null) return { kind: "unsigned" };
  const { keyId, value } = signature;
  const known = keys.filter(({ publicKey }) => keyIdOf(publicKey) === keyId);
  const [first] = known;
  if (first === undefined) return { kind: "invalid", keyId, fault: "unknown-key" };
  if (owner === null || !known.some((key) => key.owner === owner)) {
    return { kind: "invalid", keyId, fault: "other-owner" };
  }
  const bytes = Buffer.from(value, "base64url");
  const isSigned =
    bytes.toString("base64url") === value &&
    verify(null, contractSigningBytes(contract), publicKeyOf(first.publicKey), bytes);
  return isSigned ? { kind: "valid", keyId, owner } : { kind: "invalid", keyId, fault: "wrong-signature" };
}

/** @throws {RegistryError} `registry.key-invalid` for bytes that are no Ed25519 public key. */
export function publicKeyOf(bytes: Uint8Array): KeyObject {
  const key = ed25519KeyOf(bytes);
  if (key !== undefined) return key;
  throw keyInvalid("not an Ed25519 public key of 32 bytes");
}

function privateKeyOf(pem: string): KeyObject {
  let key: KeyObject;
  try {
    key = createPrivateKey(pem);
  } catch {
    throw keyInvalid("not a private key in PEM");
  }
  if (key.asymmetricKeyType !== "ed25519") throw keyInvalid("not an Ed25519 key");
  return key;
}

function rawPublicKeyOf(key: KeyObject): Uint8Array {
  return Buffer.from(createPublicKey(key).export({ format: "jwk" }).x as string, "base64url");
}

function keyInvalid(fault: string): RegistryError {
  return new RegistryError("registry.key-invalid", fault, { fault });
}
