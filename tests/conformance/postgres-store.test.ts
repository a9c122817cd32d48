/** What is particular to the PostgreSQL stores: sessions that end, schemas that are not ours, folders that were begun. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inspect } from "node:util";
import { digestBytes } from "@canonic/contracts";
import {
  AUTHORITY_VERSION,
  LOG_VERSION,
  openPostgresAuthority,
  openPostgresReader,
  openPostgresStore,
} from "@canonic/store-postgres";
import { afterAll, describe, expect, test } from "vitest";
import { dropSchemas, freshSchema, onServer, postgresUrl } from "./postgres.ts";

const scratch = mkdtempSync(join(tmpdir(), "canonic-postgres-"));
const opened: { close(): Promise<void> }[] = [];
afterAll(async () => {
  for (const store of opened) await store.close().catch(() => {});
  rmSync(scratch, { recursive: true, force: true });
  await dropSchemas();
});

const PASSWORD = "hunter2-Zq8";
/** The server trusts loopback, so any password opens; it must not come back out. */
const connectionString = (postgresUrl ?? "").replace(/^(\w+:\/\/[^:@/]+)@/, `$1:${PASSWORD}@`);
const keep = <T extends { close(): Promise<void> }>(store: T): T => {
  opened.push(store);
  return store;
};
const coded = (code: string) => expect.objectContaining({ name: "StorePostgresError", code });
const leaf = (index: number) => ({
  index,
  run: "run_a",
  seq: index,
  hash: Buffer.alloc(32, index),
  bytes: Buffer.from(`leaf ${index}`),
});
const batch = (index: number) => ({ expectedSize: index, leaves: [leaf(index)], payloads: [], nodes: [] });
const at = "2026-01-31T12:00:00.000Z";
const token = digestBytes("a token");
const revoked = {
  type: "TOKEN_REVOKED",
  subject: token,
  data: { token, by: "ana", reason: "lost", occurredAt: at },
} as const;
const sessionsOn = (schema: string) =>
  onServer("SELECT pid FROM pg_stat_activity WHERE query LIKE '%' || $1 || '%' AND pid <> pg_backend_pid()", [schema]);
const endSessionsOn = async (schema: string): Promise<number> => {
  const sessions = await sessionsOn(schema);
  for (const { pid } of sessions) await onServer("SELECT pg_terminate_backend($1, 5000)", [pid]);
  return sessions.length;
};

describe.skipIf(postgresUrl === undefined)("a session that the server ended", () => {
  test("ends the writer: nothing is written, nothing is opened again, nothing of the string is said (O1, E1)", async () => {
    const schema = freshSchema();
    const store = keep(await openPostgresStore({ connectionString, schema }));
    await store.append(batch(0));
    expect(await store.size()).toBe(1);

    expect(await endSessionsOn(schema)).toBe(1);
    const errors = await Promise.all(
      [() => store.append(batch(1)), () => store.size(), () => store.swapCheckpoint(undefined, Buffer.from("x"))].map(
        (call) =>
          call().then(
            () => "done",
            (cause: unknown) => cause,
          ),
      ),
    );

    expect(errors).toEqual(Array(3).fill(coded("store-postgres.lock-lost")));
    expect(inspect(errors, { depth: 20, showHidden: true })).not.toContain(PASSWORD);
    expect(await sessionsOn(schema)).toEqual([]);
    expect(await keep(await openPostgresStore({ connectionString, schema })).size()).toBe(1);
  });

  test("ends readers and the authority store for good (N2, H3)", async () => {
    const schema = freshSchema();
    await keep(await openPostgresStore({ connectionString, schema })).close();
    const reader = keep(await openPostgresReader({ connectionString, schema }));
    const authority = keep(await openPostgresAuthority({ connectionString, schema }));
    expect(await Promise.all([reader.size(), authority.endOf(token)])).toEqual([0, null]);

    expect(await endSessionsOn(schema)).toBe(2);

    await expect(reader.size()).rejects.toThrow(coded("store-postgres.connection-lost"));
    await expect(authority.revoke(token, at, revoked)).rejects.toThrow(coded("store-postgres.connection-lost"));
    await expect(authority.endOf(token)).rejects.toThrow(coded("store-postgres.connection-lost"));
  });
});

describe.skipIf(postgresUrl === undefined)("opening", () => {
  test("lets one writer in and any reader beside it, who sees each group (O1)", async () => {
    const schema = freshSchema();
    const writer = keep(await openPostgresStore({ connectionString, schema }));
    const reader = keep(await openPostgresReader({ connectionString, schema }));

    await expect(openPostgresStore({ connectionString, schema })).rejects.toThrow(coded("store-postgres.locked"));
    await writer.append(batch(0));

    expect((await reader.readLeaves(0, 10)).map(({ bytes }) => Buffer.from(bytes).toString())).toEqual(["leaf 0"]);
    await writer.close();
    expect(await keep(await openPostgresStore({ connectionString, schema })).size()).toBe(1);
  });

  test("of many at once makes one store (D1)", async () => {
    const schema = freshSchema();
    const stores = await Promise.all(
      Array.from({ length: 8 }, () => openPostgresAuthority({ connectionString, schema })),
    );
    const answers = await Promise.all(stores.map((store) => keep(store).revoke(token, at, revoked)));

    expect(answers.filter((isFirst) => isFirst).length).toBe(1);
    expect(await stores[0]?.outbox(0, 10)).toEqual([revoked]);
  });

  test("refuses to read where there is no log", async () => {
    await expect(openPostgresReader({ connectionString, schema: freshSchema() })).rejects.toThrow(
      coded("store-postgres.not-found"),
    );
  });

  test.each([
    ["log", "log_state", LOG_VERSION, openPostgresStore],
    ["authority store", "authority_state", AUTHORITY_VERSION, openPostgresAuthority],
  ] as const)(
    "refuses a newer %s, and another application's, and touches neither (D2)",
    async (_what, table, version, open) => {
      const schema = freshSchema();
      await (await open({ connectionString, schema })).close();
      await onServer(`UPDATE ${schema}.${table} SET version = version + 1`);

      await expect(open({ connectionString, schema })).rejects.toMatchObject({
        code: "store-postgres.newer-schema",
        details: { found: version + 1, supported: version },
      });
      await onServer(`UPDATE ${schema}.${table} SET application = 'another'`);
      await expect(open({ connectionString, schema })).rejects.toThrow(coded("store-postgres.not-a-store"));
      await onServer(`DROP TABLE ${schema}.${table} CASCADE; CREATE TABLE ${schema}.${table} (x text)`);
      await expect(open({ connectionString, schema })).rejects.toThrow(coded("store-postgres.not-a-store"));
      expect(await onServer(`SELECT * FROM ${schema}.${table}`)).toEqual([]);
    },
  );

  test("brings a log of version 1 up to this one for its writer, and reads it as it is for a reader (D4)", async () => {
    const schema = freshSchema();
    const first = await openPostgresStore({ connectionString, schema });
    await first.append(batch(0));
    await first.close();
    await onServer(`ALTER TABLE ${schema}.log_leaves DROP COLUMN mark; UPDATE ${schema}.log_state SET version = 1`);

    const reader = keep(await openPostgresReader({ connectionString, schema }));
    expect([await reader.size(), await reader.mark(1), (await reader.readLeaves(0, 9)).length]).toEqual([
      1,
      undefined,
      1,
    ]);
    const mark = Buffer.alloc(32, 7);
    const writer = keep(await openPostgresStore({ connectionString, schema }));
    await writer.append({ ...batch(1), mark });

    expect([await writer.mark(1), await writer.mark(2), await writer.size()]).toEqual([undefined, mark, 2]);
    expect(await onServer(`SELECT version FROM ${schema}.log_state`)).toEqual([{ version: LOG_VERSION }]);
  });

  test("finds a log that was begun with a checkpoint's folder, and is gone (O2)", async () => {
    const schema = freshSchema();
    const options = { connectionString, schema, checkpointDirectory: mkdtempSync(join(scratch, "checkpoint-")) };
    const writer = await openPostgresStore(options);
    await writer.append(batch(0));
    await writer.close();
    await onServer(`DROP SCHEMA ${schema} CASCADE`);

    await expect(openPostgresStore(options)).rejects.toThrow(coded("store-postgres.log-missing"));
    await expect(openPostgresReader(options)).rejects.toThrow(coded("store-postgres.log-missing"));
    expect(await onServer("SELECT 1 FROM pg_namespace WHERE nspname = $1", [schema])).toEqual([]);
  });

  test("asks for no right to create where everything is there, whatever the search path says (N3, D3)", async () => {
    const schema = freshSchema();
    const role = `${schema}_role`;
    await (await openPostgresStore({ connectionString, schema })).close();
    await onServer(
      `CREATE ROLE ${role} LOGIN; ALTER ROLE ${role} SET search_path = nowhere; GRANT USAGE ON SCHEMA ${schema} TO ${role};
       GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA ${schema} TO ${role}`,
    );
    try {
      const limited = new URL(connectionString);
      limited.username = role;
      const store = await openPostgresStore({ connectionString: limited.href, schema });
      await store.append(batch(0));
      expect(await store.size()).toBe(1);
      await store.close();
    } finally {
      await onServer(`DROP OWNED BY ${role}; DROP ROLE ${role}`);
    }
  });
});

describe.skipIf(postgresUrl === undefined)("writing", () => {
  test("leaves nothing of a group whose last part fails, and none of its values in the error (T1)", async () => {
    const schema = freshSchema();
    const store = keep(await openPostgresStore({ connectionString, schema }));
    await store.append(batch(0));
    const twice = {
      ...batch(1),
      leaves: [leaf(1), { ...leaf(2), seq: 0 }],
      payloads: [{ digest: token, bytes: Buffer.from("p") }],
    };

    const error: unknown = await store.append(twice).catch((cause: unknown) => cause);

    expect(error).toMatchObject({ code: "store-postgres.query-failed", details: { sqlState: "23505", system: null } });
    expect(inspect(error, { depth: 20, showHidden: true })).not.toContain("run_a");
    expect([await store.size(), await store.payload(token)]).toEqual([1, undefined]);
    await store.append(batch(1));
    expect(await store.size()).toBe(2);
  });

  test("holds nothing when the question throws, and passes on what it threw (A4)", async () => {
    const store = keep(await openPostgresAuthority({ connectionString, schema: freshSchema() }));
    const request = { id: "run/task", at, need: 7, tokens: [{ token, since: at }] };
    const thrown = new RangeError("asked");

    await expect(
      store.reserve(request, () => {
        throw thrown;
      }),
    ).rejects.toBe(thrown);

    expect((await store.reserve({ ...request, id: "other" }, () => true)).counts[0]?.invocationsReserved).toBe(0);
  });

  test("says so when another session holds the store for too long (H1)", async () => {
    const schema = freshSchema();
    const store = keep(await openPostgresAuthority({ connectionString, schema }));
    const held = onServer(`BEGIN; SELECT FROM ${schema}.authority_state FOR UPDATE; SELECT pg_sleep(7); COMMIT`);

    await expect
      .poll(
        () =>
          onServer("SELECT 1 FROM pg_stat_activity WHERE wait_event = 'PgSleep' AND query LIKE $1", [`%${schema}%`]),
        {
          timeout: 5000,
        },
      )
      .toHaveLength(1);
    await expect(store.revoke(token, at, revoked)).rejects.toThrow(coded("store-postgres.busy"));
    await held;
    expect(await store.revoke(token, at, revoked)).toBe(true);
  });
});
