/**
 * Opens an authority store in a schema of a PostgreSQL database.
 *
 * Invariants:
 *   H1. Any number of processes work on one store at a time. Every change holds the store's one row from its first look
 *       on, so that changes come one after another, as A1 asks; each waits for the others' and no longer than 5 s.
 *   H2. What is a person's or a run's decision (tokens, revocations, approvals, mode, locks, and with them every event of
 *       the outbox) is on the server's disk when the method returns. Reservations and spendings outlive the client, but
 *       not a crash of the server; the next decision takes them to the disk with it. A run that ends releases its lock,
 *       so such a crash can only take the uses of runs that were under way, and those are in their journals.
 *   H3. A session that ended is not opened again: every method then fails, and the caller opens another store.
 *
 * @see https://www.postgresql.org/docs/current/wal-async-commit.html
 * @module
 */
import { recordsOf } from "./authority.ts";
import { ledgerOf } from "./authority-ledger.ts";
import { AUTHORITY, authorityStatements } from "./authority-part.ts";
import type { PostgresAuthority } from "./authority-types.ts";
import { findPart, makePart, quotedSchema, SCHEMA_DEFAULT } from "./part.ts";
import { connect, openOn } from "./session.ts";

export interface PostgresAuthorityOptions {
  readonly connectionString: string;
  readonly schema?: string;
}

/**
 * Opens, or creates, an authority store.
 *
 * @throws {StorePostgresError} `store-postgres.not-a-store`, `store-postgres.newer-schema`, `store-postgres.not-durable`,
 *   `store-postgres.bad-connection-string`, `store-postgres.bad-schema-name`, `store-postgres.open-failed`.
 */
export async function openPostgresAuthority(options: PostgresAuthorityOptions): Promise<PostgresAuthority> {
  const { connectionString, schema = SCHEMA_DEFAULT } = options;
  const quoted = quotedSchema(schema);
  const statements = authorityStatements(quoted);
  const session = await connect(connectionString, "store-postgres.connection-lost");
  return openOn(session, async () => {
    if ((await findPart(session.query, schema, AUTHORITY)) === undefined) await makePart(session, schema, AUTHORITY);
    await session.checkDurable();
    const alone = `SELECT FROM ${quoted}.authority_state FOR UPDATE`;
    return {
      ...recordsOf(session.query, statements, (work) => session.transact(`BEGIN; ${alone}`, work)),
      ...ledgerOf(statements, (work) => session.transact(`BEGIN; SET LOCAL synchronous_commit = off; ${alone}`, work)),
      close: session.close,
    };
  });
}
