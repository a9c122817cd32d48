/**
 * Verifier keys: a public key as one word, as other tools of transparency logs take it.
 *
 *     <name>+<key id, 8 lower-case hex digits>+<base64 of type byte and public key>
 *
 * @see C2SP signed-note (https://c2sp.org/signed-note), "verifier keys".
 * @module
 */
import { AuditError } from "./errors.ts";
import type { NoteKey } from "./keys.ts";
import { KEY_NAME, keyIdOf, SIGNATURE_TYPE, type SignatureType } from "./signed-note.ts";

const KEY_BYTES = 32;

/** A public key and what its signatures are made over. */
export interface VerifierKey extends NoteKey {
  readonly type: SignatureType;
}

/** Prints a key as one word. */
export function printVerifierKey(key: NoteKey, type: SignatureType): string {
  const material = Buffer.concat([Buffer.of(type), key.publicKey]).toString("base64");
  return `${key.name}+${Buffer.from(keyIdOf(key, type)).toString("hex")}+${material}`;
}

/**
 * Reads a key in its one spelling.
 *
 * @throws {AuditError} `audit.key-invalid`, also for kinds of signature that are not known here.
 */
export function parseVerifierKey(text: string): VerifierKey {
  // Base64 has plus signs of its own; a name and an id have none.
  const [name = "", id = "", ...rest] = text.split("+");
  const material = Buffer.from(rest.join("+"), "base64");
  const type = Object.values(SIGNATURE_TYPE).find((known) => known === material[0]);
  if (!KEY_NAME.test(name) || !/^[0-9a-f]{8}$/.test(id))
    throw invalid("a name, a plus, 8 hex digits, a plus and base64");
  if (type === undefined) throw invalid("a key for Ed25519 signatures (0x01) or cosignatures (0x04)");
  const key = { name, publicKey: material.subarray(1), type };
  if (key.publicKey.length !== KEY_BYTES) throw invalid("a public key of 32 bytes");
  if (printVerifierKey(key, type) !== text) throw invalid("written in its one way, with the id of its key");
  return key;
}

function invalid(fault: string): AuditError<"audit.key-invalid"> {
  return new AuditError("audit.key-invalid", `a verifier key is not ${fault}`, { fault });
}
