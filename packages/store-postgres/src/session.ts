/**
 * One session with a database: one statement or one transaction at a time, and never a second connection.
 *
 * Invariants:
 *   N1. Work on a session takes turns: nothing of another call comes between the statements of a transaction.
 *   N2. A session that ended stays ended. It is not opened again: what it held (a lock, a transaction) is gone.
 *   N3. Names are found by their schema alone: the search path is empty but for the system's own.
 *   N4. A commit is on the server's disk when it is answered, unless the transaction said otherwise.
 *
 * @module
 */
import pg from "pg";
import { foreignOf, isStorePostgresError, StorePostgresError } from "./errors.ts";

const CONNECT_MS = 10_000;
const SETTINGS = `
  SET search_path = pg_catalog; SET synchronous_commit = on; SET lock_timeout = 5000; SET bytea_output = hex;
  SET default_transaction_isolation = 'read committed'; SET client_min_messages = warning`;

/** `name` makes the server keep its plan. */
export interface Statement {
  readonly name: string;
  readonly text: string;
}

/** Each statement under its own name. */
export function named<Name extends string>(texts: Readonly<Record<Name, string>>): Record<Name, Statement> {
  const statements = Object.entries<string>(texts).map(([name, text]) => [name, { name, text }]);
  return Object.fromEntries(statements);
}

export type Row = Readonly<Record<string, unknown>>;
export type Query = (statement: Statement, values?: readonly unknown[]) => Promise<readonly Row[]>;

export interface Session {
  readonly query: Query;
  /** @throws {StorePostgresError} `store-postgres.not-durable` when the server does not wait for its disk. */
  checkDurable(): Promise<void>;
  /** `begin` is the statements that begin it, separated by semicolons. What `work` throws of its own is thrown as it is, after a rollback. */
  transact<T>(begin: string, work: (query: Query) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

/**
 * Connects.
 *
 * @param lost - The code of every call after the session ended.
 * @throws {StorePostgresError} `store-postgres.bad-connection-string`, `store-postgres.open-failed`.
 */
export async function connect(
  connectionString: string,
  lost: "store-postgres.connection-lost" | "store-postgres.lock-lost",
  readOnly = false,
): Promise<Session> {
  const client = makeClient(connectionString);
  let ended: StorePostgresError | undefined;
  const end = (cause: unknown): StorePostgresError => {
    ended ??= new StorePostgresError(lost, "the session with the database has ended", foreignOf(cause));
    return ended;
  };
  client.on("error", end);
  client.on("end", () => end(undefined));
  try {
    await client.connect();
    await client.query(`${SETTINGS}; SET default_transaction_read_only = ${readOnly ? "on" : "off"}`);
  } catch (cause) {
    client.end().catch(() => {});
    throw new StorePostgresError("store-postgres.open-failed", "the database cannot be opened", foreignOf(cause));
  }

  let last: Promise<unknown> = Promise.resolve();
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const turn = last.then(work);
    last = turn.catch(() => {});
    return turn;
  };
  const ask = async (query: pg.QueryConfig): Promise<readonly Row[]> => {
    if (ended !== undefined) throw ended;
    try {
      return (await client.query(query)).rows;
    } catch (cause) {
      if (isEnd(cause)) throw end(cause);
      throw refusedStatement(cause);
    }
  };
  const query: Query = ({ name, text }, values = []) => ask({ name, text, values: [...values] });

  return {
    query: (statement, values) => inTurn(() => query(statement, values)),
    checkDurable: () =>
      inTurn(async () => {
        const [answer] = await ask({ text: "SELECT current_setting('fsync') AS fsync" });
        if (answer?.["fsync"] === "on") return;
        const details = { setting: "fsync" };
        throw new StorePostgresError("store-postgres.not-durable", "the server does not wait for its disk", details);
      }),
    transact: (begin, work) =>
      inTurn(async () => {
        try {
          await ask({ text: begin });
          const result = await work(query);
          await ask({ text: "COMMIT" });
          return result;
        } catch (cause) {
          if (ended === undefined) await ask({ text: "ROLLBACK" }).catch(end);
          throw cause;
        }
      }),
    close: () => inTurn(() => client.end()),
  };
}

/** The driver's own complaint about a malformed string quotes it. */
function makeClient(connectionString: string): pg.Client {
  try {
    return new pg.Client({ connectionString, keepAlive: true, connectionTimeoutMillis: CONNECT_MS });
  } catch {
    throw new StorePostgresError("store-postgres.bad-connection-string", "the connection string cannot be read", {});
  }
}

/** A failure that the server did not answer with, or its goodbye (57P01..57P05, class 08, 25P03). */
function isEnd(cause: unknown): boolean {
  const { sqlState } = foreignOf(cause);
  return sqlState === null || /^(57P0|08|25P03)/.test(sqlState);
}

function refusedStatement(cause: unknown): StorePostgresError {
  const details = foreignOf(cause);
  if (details.sqlState === "55P03")
    return new StorePostgresError("store-postgres.busy", "other sessions held the store for too long", details);
  return new StorePostgresError("store-postgres.query-failed", "the database refused a statement", details);
}

/** Runs `open`, and ends the session when it fails. */
export async function openOn<T>(session: Session, open: () => Promise<T>): Promise<T> {
  try {
    return await open();
  } catch (cause) {
    await session.close().catch(() => {});
    if (!isStorePostgresError(cause) || cause.code !== "store-postgres.query-failed") throw cause;
    throw new StorePostgresError("store-postgres.open-failed", "the store cannot be opened", cause.details);
  }
}
