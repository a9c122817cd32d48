/**
 * The live world: the document's file, a real database under two principals, key files, real backups.
 *
 * @module
 */
import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { keepBackup } from "./backup.ts";
import { EXECUTOR, identityOf, VERIFIER, type WriterName } from "./database/connection.ts";
import { dumpPostgres, dumpSqlite } from "./database/dump.ts";
import { openPostgres } from "./database/postgres.ts";
import { postgresGrantDeltas, postgresTriggerDeltas } from "./database/postgres-catalogue.ts";
import { openSqlite, toConnection } from "./database/sqlite.ts";
import { sqliteSchemaDeltas, sqliteTriggerDeltas } from "./database/sqlite-schema.ts";
import { fileReader } from "./document/file-reader.ts";
import { openSigningKey, type SigningKey } from "./keys.ts";
import { makeFolder } from "./make-folder.ts";
import type { World } from "./phases/world.ts";
import type { LiveResources } from "./resources.ts";

/** Makes the world; nothing is opened before a phase asks. */
export function createLiveWorld(resources: LiveResources): World {
  const { documents, keysFolder } = resources;
  const place = { folder: resources.backupsFolder, keyFile: join(keysFolder, "backup.key") };
  const keyFiles = { [EXECUTOR]: "cutter-executor.pem", [VERIFIER]: "cutter-verifier.pem" };
  const both = {
    identityOf,
    readDocument: fileReader(documents),
    keyOf: (principal: WriterName): SigningKey => openSigningKey(join(keysFolder, keyFiles[principal])),
  };
  const { database } = resources;
  if (database.kind === "sqlite") return { ...both, ...sqliteWorld(database.path, keysFolder, place) };
  const urls = { [EXECUTOR]: database.executorUrl, [VERIFIER]: database.verifierUrl };
  const open: World["open"] = async (principal, use) => {
    const connection = await openPostgres(urls[principal], principal);
    return use(connection).finally(() => connection.close());
  };
  return {
    ...both,
    adapter: "postgres",
    open,
    grantDeltas: () => open(EXECUTOR, postgresGrantDeltas),
    triggerDeltas: postgresTriggerDeltas,
    backup: async (key) => keepBackup(place, key, await dumpPostgres(urls[EXECUTOR], database.searchPath)),
  };
}

type Place = Parameters<typeof keepBackup>[0];

function sqliteWorld(
  path: string,
  keysFolder: string,
  place: Place,
): Omit<World, "identityOf" | "keyOf" | "readDocument"> {
  return {
    adapter: "sqlite",
    open: async (principal, use) => {
      const database = openSqlite(path);
      return use(toConnection(database, principal)).finally(() => database.close());
    },
    grantDeltas: async () => {
      const database = openSqlite(path);
      try {
        return [...sqliteSchemaDeltas(database), ...ownerOnlyDeltas([path], keysFolder)];
      } finally {
        database.close();
      }
    },
    triggerDeltas: sqliteTriggerDeltas,
    backup: async (key) => {
      makeFolder(place.folder);
      openSqlite(path).close();
      return keepBackup(place, key, dumpSqlite(path, place.folder));
    },
  };
}

/** SQLite's public is everyone on the machine: neither the database nor a key may be open to them. */
function ownerOnlyDeltas(paths: readonly string[], keysFolder: string): readonly string[] {
  const keys = ["cutter-executor.pem", "cutter-verifier.pem"].map((name) => join(keysFolder, name));
  for (const path of keys) openSigningKey(path);
  const open = [...paths, ...keys].filter((path) => (statSync(path).mode & 0o077) !== 0);
  const same = readFileSync(keys[0] as string).equals(readFileSync(keys[1] as string));
  const names = open.map((path) => `unexpected: PUBLIC ${path.slice(path.lastIndexOf("/") + 1)} FILE`);
  return [...names, ...(same ? ["unexpected: cutter_verify key cutter_exec"] : [])];
}
