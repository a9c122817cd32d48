/**
 * Signed notes: a text and the Ed25519 signatures under it.
 *
 *     text, each line ended by "\n"
 *
 *     — <key name> <base64 of key id (4 bytes) and signature>
 *
 * Invariants:
 *   N1. Strict by printing again: a note is accepted only when its parts print exactly the bytes that were read.
 *   N2. A signature by a trusted key that does not verify refuses the note, whatever other signatures say.
 *   N3. Key id = first 4 bytes of SHA-256(name || 0x0A || signature type || public key); 0x01 is Ed25519 over the text.
 *   N4. Signatures of other keys are kept and mean nothing, of whatever length: a note can carry kinds that are unknown here.
 *
 * @see C2SP signed-note (https://c2sp.org/signed-note).
 * @module
 */
import { hash } from "node:crypto";
import { AuditError } from "./errors.ts";
import { isEd25519Signature, type NoteKey, type NoteSigner } from "./keys.ts";

const NOTE_BYTES_MAX = 64 * 1024;
const SIGNATURES_MAX = 16;
const KEY_ID_BYTES = 4;
/** The signature types that are known here: over the text itself, and a witness's over time and text. */
export const SIGNATURE_TYPE = { ed25519: 0x01, cosignature: 0x04 } as const;
export type SignatureType = (typeof SIGNATURE_TYPE)[keyof typeof SIGNATURE_TYPE];
/** A name has no white space and no plus: both separate fields in the format. */
export const KEY_NAME = /^[^\s+\p{Cc}]{1,128}$/u;

export interface NoteSignature {
  readonly name: string;
  readonly keyId: Uint8Array;
  readonly signature: Uint8Array;
}

export interface SignedNote {
  readonly text: string;
  readonly signatures: readonly NoteSignature[];
}

/** The 4 bytes that tell apart keys of one name. */
export function keyIdOf(key: NoteKey, type: SignatureType = SIGNATURE_TYPE.ed25519): Uint8Array {
  const input = Buffer.concat([Buffer.from(`${key.name}\n`, "utf8"), Buffer.of(type), key.publicKey]);
  return hash("sha256", input, "buffer").subarray(0, KEY_ID_BYTES);
}

/**
 * Signs a text.
 *
 * @param text - One or more lines, each ended by a line feed; no other control characters.
 * @throws {AuditError} `audit.note-invalid` when the text or the key name cannot stand in a note.
 */
export function signNote(text: string, signer: NoteSigner): Uint8Array {
  checkText(text);
  if (!KEY_NAME.test(signer.name)) throw invalid("a key name without spaces, plus signs and control characters");
  const signature = { name: signer.name, keyId: keyIdOf(signer), signature: signer.sign(Buffer.from(text, "utf8")) };
  return Buffer.from(printNote({ text, signatures: [signature] }), "utf8");
}

/**
 * Reads a note without deciding whom to trust.
 *
 * @throws {AuditError} `audit.note-invalid`.
 */
export function parseNote(bytes: Uint8Array): SignedNote {
  if (bytes.length > NOTE_BYTES_MAX) throw invalid(`at most ${NOTE_BYTES_MAX} bytes`);
  const note = decode(bytes);
  const split = note.lastIndexOf("\n\n");
  if (split < 0) throw invalid("a text, an empty line and signatures");
  const text = note.slice(0, split + 1);
  checkText(text);
  const lines = note.slice(split + 2).split("\n");
  if (lines.pop() !== "" || lines.length === 0) throw invalid("signature lines, each ended by a line feed");
  if (lines.length > SIGNATURES_MAX) throw invalid(`at most ${SIGNATURES_MAX} signatures`);
  const parsed = { text, signatures: lines.map(parseSignature) };
  if (printNote(parsed) !== note) throw invalid("written in the one canonical way");
  return parsed;
}

/**
 * Reads a note and keeps the names of the trusted keys that signed it.
 *
 * @returns The text, and at least one name.
 * @throws {AuditError} `audit.note-invalid` when no trusted key signed it or a trusted key's signature is wrong.
 */
export function openNote(
  bytes: Uint8Array,
  trusted: readonly NoteKey[],
): { readonly text: string; readonly signedBy: readonly string[] } {
  const note = parseNote(bytes);
  const message = Buffer.from(note.text, "utf8");
  const signedBy: string[] = [];
  for (const { name, keyId, signature } of note.signatures) {
    const key = keyOf({ name, keyId }, trusted, SIGNATURE_TYPE.ed25519);
    if (key === undefined) continue;
    if (!isEd25519Signature(key, message, signature)) throw invalid("signed correctly by its trusted key");
    signedBy.push(name);
  }
  if (signedBy.length === 0) throw invalid("signed by a trusted key");
  return { text: note.text, signedBy };
}

/** The key of a list that a signature line says it is of. */
export function keyOf(
  { name, keyId }: Pick<NoteSignature, "name" | "keyId">,
  keys: readonly NoteKey[],
  type: SignatureType,
): NoteKey | undefined {
  return keys.find((key) => key.name === name && Buffer.compare(keyIdOf(key, type), keyId) === 0);
}

/** Prints a note of its parts, whatever they are; {@link parseNote} says whether they make one. */
export function printNote(note: SignedNote): string {
  const lines = note.signatures.map(({ name, keyId, signature }) => {
    return `— ${name} ${Buffer.concat([keyId, signature]).toString("base64")}\n`;
  });
  return `${note.text}\n${lines.join("")}`;
}

function parseSignature(line: string): NoteSignature {
  const [dash, name, base64, ...rest] = line.split(" ");
  if (dash !== "—" || name === undefined || base64 === undefined || rest.length > 0 || !KEY_NAME.test(name)) {
    throw invalid("signature lines of a dash, a key name and base64");
  }
  const bytes = Buffer.from(base64, "base64");
  if (bytes.length <= KEY_ID_BYTES) throw invalid("signatures of a key id and at least one byte");
  return { name, keyId: bytes.subarray(0, KEY_ID_BYTES), signature: bytes.subarray(KEY_ID_BYTES) };
}

function checkText(text: string): void {
  if (!text.endsWith("\n") || text === "\n") throw invalid("a text of lines, each ended by a line feed");
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the format forbids exactly these
  if (!text.isWellFormed() || /[\x00-\x09\x0b-\x1f]/.test(text)) throw invalid("text without control characters");
}

function decode(bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw invalid("UTF-8");
  }
}

function invalid(fault: string): AuditError<"audit.note-invalid"> {
  return new AuditError("audit.note-invalid", `a signed note is not ${fault}`, { fault });
}
