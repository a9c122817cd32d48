/**
 * Opens a database for reading, also where nothing may be written: a read-only disk, or somebody else's folder.
 *
 * In WAL mode a reader needs the index beside the database, and makes it where it is not. Where it may not, and where no log
 * is there that the index would be of, the database holds all there is, and is read as it stands; a writer who begins
 * meanwhile is not seen.
 *
 * @see https://sqlite.org/wal.html#read_only_databases
 * @module
 */
import { statSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import { pathToFileURL } from "node:url";
import { causeOf } from "./errors.ts";

const WAIT_MS = 5000;
const SQLITE_READONLY = 8;
const SQLITE_CANTOPEN = 14;

/** @throws What `node:sqlite` throws, when the database cannot be read. */
export function openReadOnly(path: string): DatabaseSync {
  const database = new DatabaseSync(path, { readOnly: true, timeout: WAIT_MS });
  try {
    database.prepare("PRAGMA schema_version").get();
    return database;
  } catch (cause) {
    database.close();
    if (!needsToWrite(cause) || hasLog(path)) throw cause;
    const url = pathToFileURL(path);
    url.searchParams.set("immutable", "1");
    return new DatabaseSync(url, { readOnly: true });
  }
}

function needsToWrite(cause: unknown): boolean {
  const code = (causeOf(cause).sqlite ?? 0) % 256;
  return code === SQLITE_READONLY || code === SQLITE_CANTOPEN;
}

/** True when there are changes that are not in the database yet. */
function hasLog(path: string): boolean {
  return (statSync(`${path}-wal`, { throwIfNoEntry: false })?.size ?? 0) > 0;
}
