/**
 * Opens a log in a schema of a PostgreSQL database.
 *
 * Invariants:
 *   O1. One writer, any number of readers. The writer holds a session-level advisory lock, which the server takes back when
 *       the session ends, and a fence, one more than the last writer's: a writer that was paused while its session ended
 *       finds another fence and writes nothing. It does not connect again by itself.
 *   O2. A checkpoint's folder with a mark or checkpoint, and no log in the schema, is an error: a missing log is never
 *       replaced by an empty one. Without such a folder nobody can tell a dropped log from one that never was.
 *   O3. A server that does not wait for its disk is refused.
 *
 * @see https://www.postgresql.org/docs/current/explicit-locking.html#ADVISORY-LOCKS
 * @module
 */
import { markLogBegun, wasLogBegun } from "./checkpoint-file.ts";
import { isStorePostgresError, StorePostgresError } from "./errors.ts";
import { LOG, logStatements } from "./log-part.ts";
import { findPart, makePart, quotedSchema, SCHEMA_DEFAULT, upgradePart } from "./part.ts";
import { readsOf } from "./read-log.ts";
import { connect, openOn, type Session } from "./session.ts";
import type { PostgresReader, PostgresStore } from "./types.ts";
import { readCheckpoint, writesOf } from "./write-log.ts";

/** Which log. `checkpointDirectory` is a folder outside the database for its checkpoint; without it a table keeps it. */
export interface PostgresLogOptions {
  readonly connectionString: string;
  readonly schema?: string;
  readonly checkpointDirectory?: string;
}

/**
 * Opens, or creates, a log for writing.
 *
 * @throws {StorePostgresError} `store-postgres.locked`, `store-postgres.log-missing`, `store-postgres.not-a-store`,
 *   `store-postgres.newer-schema`, `store-postgres.not-durable`, `store-postgres.bad-connection-string`,
 *   `store-postgres.bad-schema-name`, `store-postgres.open-failed`, `store-postgres.checkpoint-failed`.
 */
export async function openPostgresStore(options: PostgresLogOptions): Promise<PostgresStore> {
  const { connectionString, schema = SCHEMA_DEFAULT, checkpointDirectory: directory } = options;
  const statements = logStatements(quotedSchema(schema));
  const session = await connect(connectionString, "store-postgres.lock-lost");
  return openOn(session, async () => {
    const version = await findPart(session.query, schema, LOG);
    if (version === undefined) {
      if (directory !== undefined && wasLogBegun(directory)) throw logMissing(schema);
      await makePart(session, schema, LOG);
    }
    await takeWriterLock(session, schema);
    if (version !== undefined && version < LOG.version) await upgradePart(session, schema, LOG);
    await session.checkDurable();
    const fence = Number((await session.query(statements.takeFence))[0]?.["fence"]);
    if (directory !== undefined) markLogBegun(directory);
    return {
      ...readsOf(session.query, statements),
      ...writesOf(session, statements, fence, directory),
      checkpoint: () => readCheckpoint(session.query, statements, directory),
      close: session.close,
    };
  });
}

/**
 * Opens a log for reading; a writer may be at work.
 *
 * @throws {StorePostgresError} `store-postgres.not-found`, and as {@link openPostgresStore}.
 */
export async function openPostgresReader(options: PostgresLogOptions): Promise<PostgresReader> {
  const { connectionString, schema = SCHEMA_DEFAULT, checkpointDirectory: directory } = options;
  const statements = logStatements(quotedSchema(schema));
  const session = await connect(connectionString, "store-postgres.connection-lost", true);
  return openOn(session, async () => {
    const version = await findPart(session.query, schema, LOG);
    if (version === undefined) {
      if (directory !== undefined && wasLogBegun(directory)) throw logMissing(schema);
      throw new StorePostgresError("store-postgres.not-found", "there is no log here", { schema });
    }
    return {
      ...readsOf(session.query, statements),
      // No group of version 1 has a mark of its own.
      ...(version === 1 ? { mark: async () => undefined } : {}),
      checkpoint: () => readCheckpoint(session.query, statements, directory),
      close: session.close,
    };
  });
}

/** Waits a second: the server takes a moment to see that the last writer died. */
async function takeWriterLock(session: Session, schema: string): Promise<void> {
  const lock = { name: "writer-lock", text: "SELECT pg_advisory_lock(hashtextextended($1, 0))" };
  try {
    await session.transact("BEGIN; SET LOCAL lock_timeout = 1000", (query) => query(lock, [`canonic.log.${schema}`]));
  } catch (cause) {
    if (!isStorePostgresError(cause) || cause.code !== "store-postgres.busy") throw cause;
    throw new StorePostgresError("store-postgres.locked", "another session is writing to this log", { schema });
  }
}

function logMissing(schema: string): StorePostgresError {
  return new StorePostgresError("store-postgres.log-missing", "a log was begun here, and it is missing", { schema });
}
