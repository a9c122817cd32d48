/**
 * Cosignatures: a witness says that, at a time, a checkpoint was the largest that it had seen of a log, and consistent
 * with all that it had seen before.
 *
 *     — <witness> <base64 of key id (4), POSIX seconds (8, big-endian), Ed25519 signature (64)>
 *
 *     signed:  cosignature/v1
 *              time <seconds, decimal>
 *              <the checkpoint's text>
 *
 * Invariants:
 *   C1. The key id is made with type 0x04: a log's signature is never a cosignature, nor the other way round.
 *   C2. A line of a known witness that does not verify refuses the note, whatever other lines say.
 *   C3. A key counts once, by its latest line. Who counts witnesses counts their names.
 *
 * @see C2SP tlog-cosignature (https://c2sp.org/tlog-cosignature).
 * @module
 */
import { AuditError } from "./errors.ts";
import { isEd25519Signature, type NoteKey, type NoteSigner } from "./keys.ts";
import {
  KEY_NAME,
  keyIdOf,
  keyOf,
  type NoteSignature,
  parseNote,
  printNote,
  SIGNATURE_TYPE,
  type SignedNote,
} from "./signed-note.ts";

const TIME_BYTES = 8;
const SIGNATURE_BYTES = 64;

/** Who cosigned, and when by the witness's own clock, in POSIX seconds. */
export interface Cosignature {
  readonly witness: string;
  /** The one of the given keys that verified it. */
  readonly key: NoteKey;
  readonly time: number;
}

/**
 * A witness's signature line for a checkpoint's text, with its line feed.
 *
 * @throws {AuditError} `audit.note-invalid` for a name that cannot stand in a note or a time that is no whole second.
 */
export function cosign(text: string, time: number, witness: NoteSigner): string {
  if (!KEY_NAME.test(witness.name)) throw invalid("a witness without spaces, plus signs and control characters");
  if (!Number.isSafeInteger(time) || time < 0) throw invalid("a time in whole seconds");
  const seconds = Buffer.alloc(TIME_BYTES);
  seconds.writeBigUInt64BE(BigInt(time));
  const signature = Buffer.concat([seconds, witness.sign(messageOf(text, time))]);
  const line = { name: witness.name, keyId: keyIdOf(witness, SIGNATURE_TYPE.cosignature), signature };
  return printNote({ text: "", signatures: [line] }).slice(1);
}

/**
 * Whom of these witnesses a note has cosignatures of; the latest of each key, in the order of the note.
 *
 * @throws {AuditError} `audit.note-invalid` when it is no note or a known witness's line is wrong (C2).
 */
export function cosignaturesOf(note: Uint8Array, witnesses: readonly NoteKey[]): Cosignature[] {
  return knownCosignatures(parseNote(note), witnesses).map(({ witness, key, time }) => ({ witness, key, time }));
}

/**
 * Puts the lines of these witnesses under a note; the lines of others are left out, and of each key the latest stays.
 *
 * @param lines - What a witness answered: signature lines, each ended by a line feed.
 * @throws {AuditError} `audit.note-invalid` when they are no lines, a known witness's is wrong, or they are too many.
 */
export function withCosignatures(note: Uint8Array, lines: string, witnesses: readonly NoteKey[]): Uint8Array {
  const given = parseNote(note);
  const answered = parseNote(Buffer.from(printNote({ text: given.text, signatures: [] }) + lines, "utf8"));
  if (answered.text !== given.text) throw invalid("followed by signature lines alone");
  const both = { text: given.text, signatures: [...given.signatures, ...answered.signatures] };
  const latest = knownCosignatures(both, witnesses);
  const others = given.signatures.filter((line) => keyOf(line, witnesses, SIGNATURE_TYPE.cosignature) === undefined);
  const printed = Buffer.from(
    printNote({ text: given.text, signatures: [...others, ...latest.map(({ line }) => line)] }),
    "utf8",
  );
  parseNote(printed);
  return printed;
}

interface KnownCosignature extends Cosignature {
  readonly line: NoteSignature;
}

function knownCosignatures(note: SignedNote, witnesses: readonly NoteKey[]): KnownCosignature[] {
  const latest = new Map<NoteKey, KnownCosignature>();
  for (const line of note.signatures) {
    const key = keyOf(line, witnesses, SIGNATURE_TYPE.cosignature);
    if (key === undefined) continue;
    const time = timeOf(line.signature);
    const isGenuine =
      time !== undefined &&
      isEd25519Signature(key, messageOf(note.text, time), Buffer.from(line.signature.subarray(TIME_BYTES)));
    if (!isGenuine) throw invalid("cosigned correctly by its known witness");
    if ((latest.get(key)?.time ?? -1) < time) latest.set(key, { witness: line.name, key, time, line });
  }
  return [...latest.values()];
}

/** Undefined for what is no time and signature, and for times past 2^53 seconds. */
function timeOf(signature: Uint8Array): number | undefined {
  if (signature.length !== TIME_BYTES + SIGNATURE_BYTES) return undefined;
  const time = Number(Buffer.from(signature).readBigUInt64BE());
  return Number.isSafeInteger(time) ? time : undefined;
}

function messageOf(text: string, time: number): Uint8Array {
  return Buffer.from(`cosignature/v1\ntime ${time}\n${text}`, "utf8");
}

function invalid(fault: string): AuditError<"audit.note-invalid"> {
  return new AuditError("audit.note-invalid", `a signed note is not ${fault}`, { fault });
}
