/**
 * What every opener has in common: whatever goes wrong leaves as a coded error.
 *
 * @module
 */
import { existsSync, mkdirSync } from "node:fs";
import { dirname } from "node:path";
import { causeOf, failed, isStoreSqliteError, StoreSqliteError } from "./errors.ts";

const SQLITE_NOTADB = 26;

/** Runs `open`; `what` is the noun of the messages. */
export function opening<T>(directory: string, what: string, open: () => T): T {
  try {
    return open();
  } catch (cause) {
    if (isStoreSqliteError(cause)) throw cause;
    if (causeOf(cause).sqlite !== SQLITE_NOTADB)
      throw failed("store-sqlite.open-failed", `the ${what} cannot be opened`, cause);
    const details = { directory };
    throw new StoreSqliteError("store-sqlite.not-a-store", `the database is no ${what} of this kind`, details, {
      cause,
    });
  }
}

/** Makes a directory and those above it, one by one: Node's own way never ends below one that takes none, as `/proc` is. */
export function makeDirectory(directory: string): void {
  if (existsSync(directory)) return;
  makeDirectory(dirname(directory));
  try {
    mkdirSync(directory);
  } catch (cause) {
    if (!existsSync(directory)) throw cause;
  }
}
