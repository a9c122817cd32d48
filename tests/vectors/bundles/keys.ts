/**
 * The fixed keys of the vectors: each private key is the SHA-256 of its name, so anybody can sign with them. Never trust them.
 *
 * @see RFC 8410 for the PKCS #8 form of an Ed25519 key.
 * @module
 */
import { hash } from "node:crypto";

const PKCS8_ED25519 = Buffer.from("302e020100300506032b657004220420", "hex");

/** The private key called `name`, PKCS #8 in PEM. */
export function testKey(name: string): string {
  const seed = hash("sha256", `canonic test key: ${name}`, "buffer");
  const base64 = Buffer.concat([PKCS8_ED25519, seed]).toString("base64");
  return `-----BEGIN PRIVATE KEY-----\n${base64}\n-----END PRIVATE KEY-----\n`;
}
