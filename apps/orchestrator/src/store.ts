/**
 * A store: one folder with a log, its key and its trust file.
 *
 * @module
 */
import { resolve } from "node:path";
import { type Journal, type LogReader, type LogStorage, openJournal } from "@canonic/audit";
import { openSqliteReader, openSqliteStore } from "@canonic/store-sqlite";
import { systemClock } from "./clock.ts";
import { OrchestratorError } from "./errors.ts";
import { hasLog, type LogKeys, openKeys } from "./keys.ts";

/** Events that nobody waits for may wait this long for others: about as many fit in one commit as tasks end in it. */
const LINGER_MS = 20;
const linger = (callback: () => void): void => void setTimeout(callback, LINGER_MS);

export type WritableStore = { readonly journal: Journal; readonly storage: LogStorage; readonly keys: LogKeys };

/** The folder that a command works on: the option, else the configuration's, else `.canonic`; relative to `cwd`. */
export function storeFolder(cwd: string, option: string | undefined, configured: string | undefined): string {
  return resolve(cwd, option ?? configured ?? ".canonic");
}

/** Opens the store for writing, makes it where there is none, uses it, and closes it whatever happens. */
export async function withStore<T>(folder: string, use: (store: WritableStore) => Promise<T>): Promise<T> {
  const keys = openKeys(folder);
  const storage = openSqliteStore({ directory: folder });
  let journal: Journal;
  try {
    const identity = { origin: keys.origin, signer: keys.signer };
    journal = await openJournal({ storage, clock: systemClock, identity, linger });
  } catch (error) {
    storage.close();
    throw error;
  }
  let result: T;
  try {
    result = await use({ journal, storage, keys });
  } catch (error) {
    await journal.close().catch(() => undefined);
    throw error;
  }
  await journal.close();
  return result;
}

/** Opens an existing store for writing as it is: nothing is verified, repaired or journaled. */
export async function withStorage<T>(folder: string, use: (storage: LogStorage) => Promise<T>): Promise<T> {
  assertStore(folder);
  const storage = openSqliteStore({ directory: folder });
  try {
    return await use(storage);
  } finally {
    storage.close();
  }
}

/**
 * Opens an existing store for reading; a writer may be at work.
 *
 * @throws {OrchestratorError} `orchestrator.store-missing` where there is none.
 */
export async function withReader<T>(folder: string, use: (reader: LogReader) => Promise<T>): Promise<T> {
  assertStore(folder);
  const reader = openSqliteReader({ directory: folder });
  try {
    return await use(reader);
  } finally {
    reader.close();
  }
}

/** @throws {OrchestratorError} `orchestrator.store-missing` where there is none. */
export function assertStore(folder: string): void {
  if (hasLog(folder)) return;
  throw new OrchestratorError("orchestrator.store-missing", `there is no store at \`${folder}\``, {
    directory: folder,
  });
}
