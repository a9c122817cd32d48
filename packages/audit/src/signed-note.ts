/**
 * Signed notes: a text and the Ed25519 signatures under it.
 *
 *     text, each line ended by "\n"
 *
 *     — <key name> <base64 of key id (4 bytes) and signature (64 bytes)>
 *
 * Invariants:
 *   N1. Strict by printing again: a note is accepted only when its parts print exactly the bytes that were read.
 *   N2. A signature by a trusted key that does not verify refuses the note, whatever other signatures say.
 *   N3. Key id = first 4 bytes of SHA-256(name || 0x0A || 0x01 || public key).
 *
 * @see C2SP signed-note (https://c2sp.org/signed-note).
 * @module
 */
import { hash } from "node:crypto";
import { AuditError } from "./errors.ts";
import { isEd25519Signature, type NoteKey, type NoteSigner } from "./keys.ts";

const NOTE_BYTES_MAX = 64 * 1024;
const SIGNATURES_MAX = 16;
const SIGNATURE_BYTES = 4 + 64;
const ED25519 = 0x01;
/** A name has no white space and no plus: both separate fields in the format. */
const KEY_NAME = /^[^\s+\p{Cc}]{1,128}$/u;

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
export function keyIdOf(key: NoteKey): Uint8Array {
  const input = Buffer.concat([Buffer.from(`${key.name}\n`, "utf8"), Buffer.of(ED25519), key.publicKey]);
  return hash("sha256", input, "buffer").subarray(0, 4);
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
    const key = trusted.find((candidate) => candidate.name === name && Buffer.compare(keyIdOf(candidate), keyId) === 0);
    if (key === undefined) continue;
    if (!isEd25519Signature(key, message, signature)) throw invalid("signed correctly by its trusted key");
    signedBy.push(name);
  }
  if (signedBy.length === 0) throw invalid("signed by a trusted key");
  return { text: note.text, signedBy };
}

function printNote(note: SignedNote): string {
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
  if (bytes.length !== SIGNATURE_BYTES) throw invalid("signatures of 4 + 64 bytes");
  return { name, keyId: bytes.subarray(0, 4), signature: bytes.subarray(4) };
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
