/**
 * A store: one folder with a log, what authority remembers, the keys and the trust file.
 *
 * Invariants:
 *   S1. The authority store is shared by all processes; the log has one writer. What happened to authority stands in the
 *       outbox, and whoever holds the log brings it into the authority chain, when opening and when closing.
 *   S2. A log that has more events of authority than the outbox is a store whose revocations were lost: nothing opens it.
 *
 * @module
 */
import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { type Journal, type LogReader, type LogStorage, openJournal } from "@canonic/audit";
import { type AuthorityStorage, drainOutbox } from "@canonic/authority";
import { AUTHORITY_CHAIN } from "@canonic/contracts";
import {
  isStoreSqliteError,
  openSqliteAuthority,
  openSqliteReader,
  openSqliteStore,
  StoreSqliteError,
} from "@canonic/store-sqlite";
import { systemClock } from "./clock.ts";
import { OrchestratorError } from "./errors.ts";
import { hasLog, openWriterKeys, type WriterKeys } from "./keys.ts";
import { replaceLogKey } from "./log-key-files.ts";
import { policiesOf } from "./policies.ts";

/** Events that nobody waits for may wait this long for others: about as many fit in one commit as tasks end in it. */
const LINGER_MS = 20;
const linger = (callback: () => void): void => void setTimeout(callback, LINGER_MS);

export type WritableStore = {
  readonly folder: string;
  readonly journal: Journal;
  readonly storage: LogStorage;
  readonly authority: AuthorityStorage;
  readonly keys: WriterKeys;
  /** Brings what happened to authority so far into the log: what stands there before a validation was known to it. */
  readonly journalFacts: () => Promise<void>;
  /** The store's policies, opened when first asked for. */
  readonly policies: ReturnType<typeof policiesOf>;
};

/** The folder that a command works on: the option, else the configuration's, else `.canonic`; relative to `cwd`. */
export function storeFolder(cwd: string, option: string | undefined, configured: string | undefined): string {
  return resolve(cwd, option ?? configured ?? ".canonic");
}

/** Opens what authority remembers, makes it where there is none, uses it, and closes it. Other processes may use it too. */
export async function withAuthority<T>(folder: string, use: (authority: AuthorityStorage) => Promise<T>): Promise<T> {
  const authority = opened(folder, () => openSqliteAuthority({ directory: folder }));
  try {
    return await use(authority);
  } finally {
    authority.close();
  }
}

/** Opens the store for writing, makes it where there is none, uses it, and closes it whatever happens. */
export async function withStore<T>(
  folder: string,
  authority: AuthorityStorage,
  use: (store: WritableStore) => Promise<T>,
): Promise<T> {
  const found = openWriterKeys(folder);
  const storage = opened(folder, () => openSqliteStore({ directory: folder }));
  let journal: Journal;
  try {
    journal = await openJournal({ storage, clock: systemClock, identity: found.identity, linger });
  } catch (error) {
    storage.close();
    throw error;
  }
  let result: T;
  try {
    const keys = withKeyInForce(folder, found, journal);
    await assertOutbox(journal, authority);
    await drain(journal, authority);
    result = await use({
      folder,
      journal,
      storage,
      authority,
      keys,
      journalFacts: () => drain(journal, authority),
      policies: policiesOf(folder),
    });
    await drain(journal, authority);
  } catch (error) {
    await journal.close().catch(() => undefined);
    throw error;
  }
  await journal.close();
  return result;
}

/** Journals what authority did, when nobody else holds the log; whoever holds it does so later. */
export async function journalAuthority(folder: string, authority: AuthorityStorage): Promise<boolean> {
  try {
    await withStore(folder, authority, async () => undefined);
    return true;
  } catch (error) {
    if (isStoreSqliteError(error) && error.code === "store-sqlite.locked") return false;
    throw error;
  }
}

/** A rotation that a crash left before its key file was replaced comes to its end here. */
function withKeyInForce(folder: string, keys: WriterKeys, { key }: Journal): WriterKeys {
  const { origin, next } = keys.identity;
  if (next === undefined || key === null || Buffer.compare(key.publicKey, next.publicKey) !== 0) return keys;
  replaceLogKey(folder);
  return { ...keys, signer: next, identity: { origin, signer: next } };
}

async function drain(journal: Journal, authority: AuthorityStorage): Promise<void> {
  const before = journal.authorityLength;
  const after = await drainOutbox(authority, before, (event) => {
    journal.append(AUTHORITY_CHAIN, event);
  });
  if (after !== before) await journal.durable();
}

async function assertOutbox(journal: Journal, authority: AuthorityStorage): Promise<void> {
  const journaled = journal.authorityLength;
  if (journaled === 0 || (await authority.outbox(journaled - 1, 1)).length === 1) return;
  const message = `the log has ${journaled} events of authority that the authority store does not know`;
  throw new OrchestratorError("orchestrator.authority-behind", message, { journaled });
}

/** Opens an existing store for writing as it is: nothing is verified, repaired or journaled. */
export async function withStorage<T>(folder: string, use: (storage: LogStorage) => Promise<T>): Promise<T> {
  assertStore(folder);
  const storage = opened(folder, () => openSqliteStore({ directory: folder }));
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
  const reader = opened(folder, () => openSqliteReader({ directory: folder }));
  try {
    return await use(reader);
  } finally {
    reader.close();
  }
}

/** True where something of authority was ever written. */
export function hasAuthority(folder: string): boolean {
  return existsSync(join(folder, "authority.sqlite")) || existsSync(join(folder, "authority.begun"));
}

/** @throws {OrchestratorError} `orchestrator.store-missing` where there is none. */
export function assertStore(folder: string): void {
  if (hasLog(folder)) return;
  throw new OrchestratorError("orchestrator.store-missing", `there is no store at \`${folder}\``, {
    directory: folder,
  });
}

/** A store that cannot be opened, as one that may only be read, is named. */
function opened<T>(folder: string, open: () => T): T {
  try {
    return open();
  } catch (cause) {
    if (!isStoreSqliteError(cause) || cause.code !== "store-sqlite.open-failed") throw cause;
    const message = `${cause.message}: \`${folder}\` may not be written, or is damaged`;
    throw new StoreSqliteError(cause.code, message, cause.details, { cause });
  }
}
