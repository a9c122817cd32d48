/**
 * What authority remembers, read where nothing may be written: another person's store, a copy on a read-only disk.
 *
 * @module
 */
import { openSqliteAuthorityReader, type SqliteAuthorityReader } from "@canonic/store-sqlite";
import { hasAuthority } from "./store.ts";

/**
 * Asks the store something; undefined, and nothing is asked or made, where nothing of authority was ever written.
 *
 * @throws {StoreSqliteError} `store-sqlite.authority-missing` and what else keeps it from being read.
 */
export function readAuthority<T>(folder: string, ask: (authority: SqliteAuthorityReader) => T): T | undefined {
  if (!hasAuthority(folder)) return undefined;
  const authority = openSqliteAuthorityReader({ directory: folder });
  try {
    return ask(authority);
  } finally {
    authority.close();
  }
}
