/**
 * Ed25519 public keys as the platform takes them.
 *
 * Invariants:
 *   K1. A point of small order is no key: under it one signature verifies for many messages, so that whoever has it has signed nothing.
 *
 * @see RFC 8032 (EdDSA), RFC 8037 (its keys in JOSE).
 * @see Chalkias, Garillot, Nikolaenko: Taming the many EdDSAs, table 1 (2020).
 * @module
 */
import { createPublicKey, type KeyObject } from "node:crypto";

/** The key of 32 bytes; undefined for bytes that are no Ed25519 public key. */
export function ed25519KeyOf(bytes: Uint8Array): KeyObject | undefined {
  if (bytes.length !== 32 || hasSmallOrder(bytes)) return undefined;
  try {
    const x = Buffer.from(bytes).toString("base64url");
    return createPublicKey({ key: { kty: "OKP", crv: "Ed25519", x }, format: "jwk" });
  } catch {
    return undefined;
  }
}

/** The y coordinates of the points of order 1, 2, 4 and 8, also as y + p where that fits; little-endian. */
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
