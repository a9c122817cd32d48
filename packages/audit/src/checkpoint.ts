/**
 * Checkpoints: the size and root of the log at one moment, signed.
 *
 *     <origin>
 *     <size, decimal>
 *     <base64 of the root>
 *
 *     — <key name> <base64 of key id and signature>
 *
 * Invariants:
 *   K1. Strict by printing again: `""`, `007`, `+1`, `1e3` and non-canonical base64 are no numbers and no roots.
 *   K2. Extension lines are refused: this log writes none, and what is not understood is not accepted.
 *
 * @see C2SP tlog-checkpoint (https://c2sp.org/tlog-checkpoint).
 * @module
 */
import { AuditError } from "./errors.ts";
import type { NoteKey, NoteSigner } from "./keys.ts";
import { openNote, parseNote, signNote } from "./signed-note.ts";
import { HASH_BYTES } from "./tree-hash.ts";

export interface Checkpoint {
  readonly origin: string;
  readonly size: number;
  readonly root: Uint8Array;
}

/** Prints and signs a checkpoint. */
export function signCheckpoint(checkpoint: Checkpoint, signer: NoteSigner): Uint8Array {
  return signNote(printCheckpoint(checkpoint), signer);
}

/**
 * Reads a checkpoint that a trusted key signed.
 *
 * @throws {AuditError} `audit.note-invalid`, `audit.checkpoint-invalid`.
 */
export function openCheckpoint(note: Uint8Array, trusted: readonly NoteKey[]): Checkpoint {
  return parseCheckpoint(openNote(note, trusted).text);
}

/**
 * Reads the three lines that every checkpoint has, and lets extension lines follow: a witness signs over those of any log.
 *
 * @throws {AuditError} `audit.checkpoint-invalid`.
 */
export function readCheckpointText(text: string): Checkpoint {
  const lines = text.split("\n");
  const extensions = lines.slice(3, -1);
  if (extensions.some((line) => line === "")) throw invalid("without empty extension lines");
  return parseCheckpoint(text.slice(0, text.length - extensions.reduce((sum, line) => sum + line.length + 1, 0)));
}

/** Reads what a checkpoint says without asking who signed it: for recovery of one's own log, never for trust. */
export function readCheckpoint(note: Uint8Array): Checkpoint {
  return parseCheckpoint(parseNote(note).text);
}

function parseCheckpoint(text: string): Checkpoint {
  const [origin = "", size = "", root = ""] = text.split("\n");
  const checkpoint = { origin, size: Number(size), root: Buffer.from(root, "base64") };
  if (origin === "" || !Number.isSafeInteger(checkpoint.size) || checkpoint.size < 0)
    throw invalid("an origin and a size");
  if (checkpoint.root.length !== HASH_BYTES) throw invalid("a root of 32 bytes");
  if (printCheckpoint(checkpoint) !== text) throw invalid("written in the one canonical way");
  return checkpoint;
}

function printCheckpoint({ origin, size, root }: Checkpoint): string {
  return `${origin}\n${size}\n${Buffer.from(root).toString("base64")}\n`;
}

function invalid(fault: string): AuditError<"audit.checkpoint-invalid"> {
  return new AuditError("audit.checkpoint-invalid", `a checkpoint is not ${fault}`, { fault });
}
