/**
 * Connections to a units database in PostgreSQL. Each principal logs in as its own role.
 *
 * @module
 */
import type { Client } from "pg";
import { CutterStop } from "../stop.ts";
import type { Connection, Row, WriterName } from "./connection.ts";
import { postgresScript, SCHEMA } from "./postgres-schema.ts";

const CONNECT_TIMEOUT_MS = 10_000;
const STATEMENT_TIMEOUT_MS = 120_000;

/** @throws {CutterStop} `cutter.database-failed`, also when the session is not the principal's own. */
export async function openPostgres(url: string, principal: WriterName): Promise<Connection> {
  const client = await connect(url);
  const rows = (sql: string, values: readonly unknown[] = []) =>
    guarded(async () => (await client.query(sql, [...values])).rows as Row[]);
  const close = () => client.end().catch(() => undefined);
  const user = (await rows("SELECT session_user::text AS principal"))[0]?.["principal"];
  if (user !== principal) {
    await close();
    throw new CutterStop("cutter.database-failed", [`the session is not that of ${principal}`]);
  }
  return {
    principal,
    rows,
    close,
    async transaction(body) {
      await rows("BEGIN");
      try {
        const result = await body();
        await rows("COMMIT");
        return result;
      } catch (error) {
        await rows("ROLLBACK").catch(() => undefined);
        throw error;
      }
    },
  };
}

/** Roles that log in with a password get it here; null leaves a role as it is. */
export type RolePasswords = { readonly [Role in WriterName]: string | null };

/**
 * Creates schema, tables, triggers, roles and grants, or brings them back to what they should be.
 *
 * @param url - Of a user who may create roles and a schema.
 * @throws {CutterStop} `cutter.database-failed`.
 */
export async function preparePostgres(url: string, passwords?: RolePasswords): Promise<void> {
  const client = await connect(url);
  try {
    await guarded(() => client.query(postgresScript()));
    for (const [role, password] of Object.entries(passwords ?? {})) {
      if (password === null) continue;
      const statement = `ALTER ROLE ${client.escapeIdentifier(role)} PASSWORD ${client.escapeLiteral(password)}`;
      await guarded(() => client.query(statement));
    }
  } finally {
    await client.end().catch(() => undefined);
  }
}

/** The driver is loaded with the first connection; a cut into SQLite needs none of it. */
async function connect(url: string): Promise<Client> {
  const { default: pg } = await import("pg");
  return guarded(async () => {
    const client = new pg.Client({
      connectionString: url,
      application_name: "canonic-cutter",
      connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
      statement_timeout: STATEMENT_TIMEOUT_MS,
      options: `-c search_path=${SCHEMA},pg_catalog`,
    });
    // A connection that breaks while it is idle fails the next statement; without a listener it would end the process.
    client.on("error", () => undefined);
    await client.connect();
    return client;
  });
}

async function guarded<T>(body: () => Promise<T>): Promise<T> {
  try {
    return await body();
  } catch (error) {
    const state = (error as { readonly code?: unknown } | null)?.code;
    throw new CutterStop(
      "cutter.database-failed",
      [/^[0-9A-Z]{5}$/.test(String(state)) ? `SQLSTATE ${state}` : ""].filter(Boolean),
    );
  }
}
