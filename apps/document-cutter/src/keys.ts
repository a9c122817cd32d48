/**
 * The keys of the two principals: each signs what it did with its own Ed25519 key.
 *
 * Invariants:
 *   K1. A key file is made on first use, readable by its owner alone, and never leaves the process that signs.
 *   K2. A key's id is the SHA-256 of its public half; equal ids mean one principal.
 *
 * @see RFC 8032 for Ed25519; RFC 8410 for the encodings.
 * @module
 */
import {
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  randomUUID,
  sign,
  verify,
} from "node:crypto";
import { chmodSync, linkSync, readFileSync, unlinkSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { canonicalBytes, type Digest, digestBytes, type JsonValue } from "@canonic/contracts";
import { makeFolder } from "./make-folder.ts";

export type SigningKey = {
  readonly keyId: Digest;
  /** The public half, DER in base64. */
  readonly publicKey: string;
  /** A detached signature of a value's canonical JSON, in base64; the same for the same value. */
  readonly sign: (value: JsonValue) => string;
};

/** Reads a principal's key, or makes it. */
export function openSigningKey(path: string): SigningKey {
  const pem = onFirstUse(path, () =>
    generateKeyPairSync("ed25519").privateKey.export({ type: "pkcs8", format: "pem" }),
  );
  return toSigningKey(createPrivateKey(pem.toString()));
}

/** A key that is a function of a name: what a simulator signs with, and nobody else. */
export function simulatedKey(name: string): SigningKey {
  const seed = Buffer.from(digestBytes(`simulated key of ${name}`).slice(7), "hex");
  const der = Buffer.concat([Buffer.from("302e020100300506032b657004220420", "hex"), seed]);
  return toSigningKey(createPrivateKey({ key: der, format: "der", type: "pkcs8" }));
}

/** True when `signature` is of `value` by the key; never throws. */
export function isSignedBy(publicKey: string, value: JsonValue, signature: string): boolean {
  try {
    const key = createPublicKey({ key: Buffer.from(publicKey, "base64"), format: "der", type: "spki" });
    return verify(null, canonicalBytes(value), key, Buffer.from(signature, "base64"));
  } catch {
    return false;
  }
}

export function keyIdOf(publicKey: string): Digest {
  return digestBytes(Buffer.from(publicKey, "base64"));
}

/** What a file holds; the first who asks writes it, whole, and a second who asks at the same time reads that. */
export function onFirstUse(path: string, make: () => string | Uint8Array): Buffer {
  const found = readIfThere(path);
  if (found !== undefined) return found;
  makeFolder(dirname(path));
  const own = `${path}.${randomUUID()}`;
  writeFileSync(own, make(), { mode: 0o600, flag: "wx" });
  chmodSync(own, 0o600);
  try {
    linkSync(own, path);
  } catch (error) {
    if ((error as { readonly code?: unknown }).code !== "EEXIST") throw error;
  } finally {
    unlinkSync(own);
  }
  return readFileSync(path);
}

function readIfThere(path: string): Buffer | undefined {
  try {
    return readFileSync(path);
  } catch (error) {
    if ((error as { readonly code?: unknown }).code === "ENOENT") return undefined;
    throw error;
  }
}

function toSigningKey(key: KeyObject): SigningKey {
  const publicKey = createPublicKey(key).export({ type: "spki", format: "der" }).toString("base64");
  return {
    keyId: keyIdOf(publicKey),
    publicKey,
    sign: (value) => sign(null, canonicalBytes(value), key).toString("base64"),
  };
}
