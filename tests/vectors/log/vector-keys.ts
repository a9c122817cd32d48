/**
 * The keys of the vectors: made of their names, so that anybody can make them again. They protect nothing.
 *
 *     seed = SHA-256("canonic test vector key\n" || name)
 *
 * @module
 */
import { createHash } from "node:crypto";
import { type NoteSigner, signerFromPem } from "@canonic/audit";

/** What stands before the 32 bytes of a seed in PKCS #8 (RFC 8410, section 7). */
const PKCS8 = Buffer.from("302e020100300506032b657004220420", "hex");

export function vectorSigner(name: string): NoteSigner {
  const seed = createHash("sha256").update(`canonic test vector key\n${name}`).digest();
  const der = Buffer.concat([PKCS8, seed]).toString("base64");
  return signerFromPem(name, `-----BEGIN PRIVATE KEY-----\n${der}\n-----END PRIVATE KEY-----\n`);
}
