/**
 * Finds statements in the log: who signed each, where its entry stands, and the proof under a checkpoint.
 *
 * @module
 */
import { type Digest, digestBytes, type RunId } from "@canonic/contracts";
import type { NoteKey } from "../keys.ts";
import { proveInclusion } from "../proof.ts";
import { readStatements } from "../statement-chain.ts";
import type { LogReader } from "../storage.ts";
import { nodesOf } from "../tree-reader.ts";
import { preAuthEncoding } from "./dsse.ts";
import { readStatementEntry, type StatementEntry } from "./entry.ts";
import { type LoggedStatement, logIdOf } from "./sigstore-bundle.ts";
import type { RunStatement } from "./statements-of.ts";

/** A checkpoint, its size, and the key that signed it. */
export interface SignedTree {
  readonly note: Uint8Array;
  readonly size: number;
  readonly signer: NoteKey;
}

/** An entry of the log and its leaf's index. */
type EntryInLog = StatementEntry & { readonly index: number };

/**
 * Those of the statements that the log has in the checkpoint's tree, in order.
 *
 * @throws {AuditError} `audit.log-damaged`.
 */
export async function findStatements(
  reader: LogReader,
  run: RunId,
  statements: readonly RunStatement[],
  tree: SignedTree,
): Promise<readonly { readonly path: string; readonly statement: LoggedStatement }[]> {
  const entries = await entriesOf(reader, run, tree.size);
  const found: { readonly path: string; readonly statement: LoggedStatement }[] = [];
  for (const { path, payload } of statements) {
    const entry = entries.get(digestBytes(preAuthEncoding(payload)));
    if (entry !== undefined) found.push({ path, statement: await proven(reader, payload, entry, tree) });
  }
  return found;
}

/** By what they sign; the first that was entered, should a later key have signed the same again. */
async function entriesOf(reader: LogReader, run: RunId, end: number): Promise<ReadonlyMap<Digest, EntryInLog>> {
  const entries = new Map<Digest, EntryInLog>();
  for (const { bytes, index } of await readStatements(reader, run, end)) {
    const entry = readStatementEntry(bytes);
    if (!entries.has(entry.digest)) entries.set(entry.digest, { ...entry, index });
  }
  return entries;
}

async function proven(
  reader: LogReader,
  payload: Uint8Array,
  { index, publicKey, signature }: EntryInLog,
  { note, size, signer }: SignedTree,
): Promise<LoggedStatement> {
  const hashes = await proveInclusion(nodesOf(reader), index, size);
  return { payload, signature, publicKey, logId: logIdOf(signer), index, hashes, note };
}
