/**
 * Finds a statement in the log: who signed it, where its entry stands, and the proof under a checkpoint.
 *
 * @module
 */
import { type Digest, digestBytes, type RunId } from "@canonic/contracts";
import { AuditError } from "../errors.ts";
import type { NoteKey } from "../keys.ts";
import { proveInclusion } from "../proof.ts";
import { keyOf, parseNote, SIGNATURE_TYPE } from "../signed-note.ts";
import { readStatements } from "../statement-chain.ts";
import type { LogReader } from "../storage.ts";
import { nodesOf } from "../tree-reader.ts";
import { preAuthEncoding } from "./dsse.ts";
import { readStatementEntry, type StatementEntry } from "./entry.ts";
import { type LoggedStatement, logIdOf } from "./sigstore-bundle.ts";
import type { RunStatement } from "./statements-of.ts";

/** An entry of the log and its leaf's index. */
type LoggedEntry = StatementEntry & { readonly index: number };

/** A checkpoint, its size, and the keys of which one signed it. */
export interface SignedTree {
  readonly note: Uint8Array;
  readonly size: number;
  readonly keys: readonly NoteKey[];
}

/**
 * The bundles' contents of these statements; undefined unless the log has all of them in the checkpoint's tree.
 *
 * @throws {AuditError} `audit.log-damaged`, `audit.note-invalid` when none of the keys signed the note.
 */
export async function findStatements(
  reader: LogReader,
  run: RunId,
  statements: readonly RunStatement[],
  tree: SignedTree,
): Promise<readonly LoggedStatement[] | undefined> {
  const entries = new Map<Digest, LoggedEntry>();
  for (const { bytes, index } of await readStatements(reader, run, tree.size)) {
    const entry = readStatementEntry(bytes);
    // The first that was entered, should a later key have signed the same again.
    if (!entries.has(entry.digest)) entries.set(entry.digest, { ...entry, index });
  }
  const found: LoggedStatement[] = [];
  for (const { payload } of statements) {
    const entry = entries.get(digestBytes(preAuthEncoding(payload)));
    if (entry === undefined) return undefined;
    found.push(await provenStatement(reader, payload, entry, tree));
  }
  return found;
}

async function provenStatement(
  reader: LogReader,
  payload: Uint8Array,
  { index, publicKey, signature }: LoggedEntry,
  { note, size, keys }: SignedTree,
): Promise<LoggedStatement> {
  const hashes = await proveInclusion(nodesOf(reader), index, size);
  return { payload, signature, publicKey, logId: logIdOf(signerOf(note, keys)), index, hashes, note };
}

/** The key whose signature a note has. */
function signerOf(note: Uint8Array, keys: readonly NoteKey[]): NoteKey {
  for (const signature of parseNote(note).signatures) {
    const key = keyOf(signature, keys, SIGNATURE_TYPE.ed25519);
    if (key !== undefined) return key;
  }
  const fault = "signed by a trusted key";
  throw new AuditError("audit.note-invalid", `a signed note is not ${fault}`, { fault });
}
