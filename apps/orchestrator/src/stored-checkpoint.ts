/**
 * The checkpoint of a store's log, read as its trust file has it, and the key that signs the next.
 *
 * @module
 */
import { type Checkpoint, currentKey, type LogReader, type NoteKey, openLogCheckpoint } from "@canonic/audit";
import { OrchestratorError } from "./errors.ts";
import { hasLog, openKeys } from "./keys.ts";
import { withReader } from "./store.ts";

export type StoredCheckpoint = { readonly note: Uint8Array; readonly checkpoint: Checkpoint };

/**
 * Reads the last checkpoint.
 *
 * @param trusted - The log's keys as the trust file names them; its rotations are followed from there.
 * @throws {OrchestratorError} `orchestrator.checkpoint-missing`; {@link AuditError} when no such key signed it.
 */
export async function readStoredCheckpoint(reader: LogReader, trusted: readonly NoteKey[]): Promise<StoredCheckpoint> {
  const note = await reader.checkpoint();
  if (note === undefined)
    throw new OrchestratorError("orchestrator.checkpoint-missing", "the log has no checkpoint yet: run something", {});
  return { note, checkpoint: await openLogCheckpoint(reader, note, trusted) };
}

/** The key that signs the store's log now; of a store without a log, the one that will. */
export async function keyInForce(folder: string): Promise<NoteKey> {
  const { identity } = openKeys(folder);
  return hasLog(folder) ? withReader(folder, (reader) => currentKey(reader, identity)) : identity.signer;
}
