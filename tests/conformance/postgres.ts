/**
 * A PostgreSQL server for tests: `CANONIC_POSTGRES_URL`, else the one on loopback. Where there is none, tests
 * that need it are skipped, and standard error says so.
 *
 * @module
 */
import { randomBytes } from "node:crypto";
import pg from "pg";

const named = process.env["CANONIC_POSTGRES_URL"];
const url = named ?? "postgres://root@127.0.0.1:5432/test";

/** The server's URL; undefined where nothing answers. A server that was named and does not answer is an error. */
export const postgresUrl: string | undefined = await answers().then(
  () => url,
  (cause: unknown) => {
    if (named !== undefined) throw new Error("CANONIC_POSTGRES_URL names a server that does not answer", { cause });
    return undefined;
  },
);

async function answers(): Promise<void> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 3000 });
  await client.connect();
  await client.end();
}

if (postgresUrl === undefined)
  process.stderr.write("No PostgreSQL answers on loopback: its tests are skipped. CANONIC_POSTGRES_URL names one.\n");

const made: string[] = [];

/** A schema's name that nobody else has; {@link dropSchemas} takes it away again. */
export function freshSchema(): string {
  const schema = `canonic_test_${randomBytes(8).toString("hex")}`;
  made.push(schema);
  return schema;
}

/** Runs SQL in a session of its own. */
export async function onServer(sql: string, values: readonly unknown[] = []): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query({ text: sql, values: [...values] })).rows;
  } finally {
    await client.end();
  }
}

export async function dropSchemas(): Promise<void> {
  for (const schema of made.splice(0)) await onServer(`DROP SCHEMA IF EXISTS ${schema} CASCADE`);
}
