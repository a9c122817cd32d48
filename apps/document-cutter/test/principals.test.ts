/**
 * Two principals for real: what each may not do is refused by the database, and what the catalogue grants is compared
 * right by right.
 */
import { chmodSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import pg from "pg";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { openPostgres, preparePostgres } from "../src/database/postgres.ts";
import { deltasOf, expectedGrants, RIGHTS } from "../src/database/rights.ts";
import { openSqlite, toConnection } from "../src/database/sqlite.ts";
import { createLiveWorld } from "../src/live-world.ts";
import { LiveResources, parseResources } from "../src/resources.ts";
import { CutRun, stopOf } from "./cut-run.ts";
import { contentOf, DOCUMENT, hasPostgres, openPlace, type Place } from "./databases.ts";

const postgres = await hasPostgres();
let at: Place;
afterEach(() => at.close());
const cutThrough = (phase: string) =>
  CutRun.ofDocument(at.operations, DOCUMENT, readFileSync(at.path), at.dialect).through(phase);
const grantDeltas = () => createLiveWorld(parseResources(LiveResources, at.resources)).grantDeltas();

/** What each principal may never do, whatever the state. */
const FORBIDDEN: readonly (readonly ["cutter_exec" | "cutter_verify" | "cutter_app", string])[] = [
  ["cutter_verify", "UPDATE units SET status = 'enacted', review_decision = 'x'"],
  ["cutter_verify", "DELETE FROM units"],
  ["cutter_verify", "INSERT INTO units SELECT * FROM units"],
  ["cutter_verify", "DELETE FROM sources"],
  ["cutter_verify", "INSERT INTO manifests SELECT * FROM manifests"],
  ["cutter_verify", "INSERT INTO reverts VALUES ('x', 'y', 'z')"],
  ["cutter_exec", "INSERT INTO verifications SELECT id, '', '', '', '', '', '', '' FROM change_sets"],
  ["cutter_exec", "UPDATE verifications SET signature = ''"],
  ["cutter_exec", "INSERT INTO lifecycle_log VALUES ('a', 'b', 'c', 'd', 'e')"],
  ["cutter_exec", "DELETE FROM lifecycle_log"],
  ["cutter_exec", "UPDATE units SET body = ''"],
  ["cutter_exec", "UPDATE manifests SET envelope = ''"],
  ["cutter_exec", "DELETE FROM receipts"],
  ["cutter_exec", "DROP TABLE units"],
  ["cutter_exec", "DELETE FROM units"],
];

describe("on sqlite", () => {
  beforeEach(async () => {
    at = await openPlace("sqlite");
  });

  test.skipIf(DatabaseSync.prototype.setAuthorizer === undefined).each(FORBIDDEN)(
    "%s cannot `%s`",
    async (who, sql) => {
      await cutThrough("leg-b-record");
      const before = await contentOf(at);
      const database = openSqlite(at.url(""));
      const connection = toConnection(database, who as "cutter_exec" | "cutter_verify");

      expect(await stopOf(connection.rows(sql))).toBe("cutter.database-failed");
      await connection.close();
      database.close();
      expect(await contentOf(at)).toEqual(before);
    },
  );

  test("files that others can read, and one key for two principals, are grant deltas", async () => {
    await cutThrough("pre-write-backup");
    expect(await grantDeltas()).toEqual([]);
    const keys = join(at.folder, "store", "keys");
    const [executor, verifier] = [join(keys, "cutter-executor.pem"), join(keys, "cutter-verifier.pem")];
    writeFileSync(verifier, readFileSync(executor));
    chmodSync(verifier, 0o604);
    chmodSync(at.url(""), 0o644);

    expect(await grantDeltas()).toEqual([
      "unexpected: PUBLIC units.sqlite FILE",
      "unexpected: PUBLIC cutter-verifier.pem FILE",
      "unexpected: cutter_verify key cutter_exec",
    ]);
    const run = await cutThrough("pre-write-backup");
    expect(await stopOf(run.call("grant-probe"))).toBe("cutter.grant-delta");
  });
});

describe.skipIf(!postgres)("on postgres", () => {
  beforeEach(async () => {
    at = await openPlace("postgres");
  });

  test.each([...FORBIDDEN, ["cutter_app", "SELECT * FROM units"] as const])("%s cannot `%s`", async (who, sql) => {
    await cutThrough("leg-b-record");
    const before = await contentOf(at);
    const client = new pg.Client({ connectionString: at.url(who), options: "-c search_path=cutter" });
    client.on("error", () => undefined);

    await expect(client.connect().then(() => client.query(sql))).rejects.toMatchObject({
      code: expect.stringMatching(/^(42501|28000|P0001)$/),
    });
    await client.end().catch(() => undefined);
    expect(await contentOf(at)).toEqual(before);
  });

  test("a session of one role cannot become the other, and no session is taken for what it is not", async () => {
    const client = new pg.Client({ connectionString: at.url("cutter_verify") });
    await client.connect();
    await expect(client.query("SET ROLE cutter_exec")).rejects.toMatchObject({ code: "42501" });
    await expect(client.query("SET SESSION AUTHORIZATION cutter_exec")).rejects.toMatchObject({ code: "42501" });
    await client.end();

    expect(await stopOf(openPostgres(at.url("cutter_verify"), "cutter_exec"))).toBe("cutter.database-failed");
    expect(await stopOf(openPostgres(at.url(""), "cutter_exec"))).toBe("cutter.database-failed");
  });

  test("a principal cannot sign as the other", async () => {
    await cutThrough("leg-b-record");
    const client = new pg.Client({ connectionString: at.url("cutter_verify"), options: "-c search_path=cutter" });
    await client.connect();
    const forged = "INSERT INTO receipts VALUES ('key', 'cutter_exec', '{}')";
    await expect(client.query(forged)).rejects.toMatchObject({ code: "P0001" });
    await client.end();
  });

  test("every right that is too many, missing, or somebody else's is listed, and preparing again repairs it", async () => {
    expect(await grantDeltas()).toEqual([]);
    for (const statement of [
      "GRANT DELETE ON units TO cutter_verify",
      "GRANT SELECT ON units TO PUBLIC",
      "GRANT UPDATE (body) ON units TO cutter_app",
      "REVOKE SELECT ON manifests FROM cutter_verify",
      "GRANT USAGE ON SCHEMA cutter TO PUBLIC",
      "GRANT EXECUTE ON FUNCTION keep_units() TO PUBLIC",
    ])
      await at.sql(statement);

    expect(await grantDeltas()).toEqual([
      "missing: cutter_verify manifests SELECT",
      "unexpected: PUBLIC keep_units EXECUTE",
      "unexpected: PUBLIC schema USAGE",
      "unexpected: PUBLIC units SELECT",
      "unexpected: cutter_app units UPDATE(body)",
      "unexpected: cutter_verify units DELETE",
    ]);
    const run = await cutThrough("pre-write-backup");
    expect(await stopOf(run.call("grant-probe"))).toBe("cutter.grant-delta");
    await preparePostgres(at.url(""));
    expect(await grantDeltas()).toEqual([]);
    await run.through();
  });
});

test("the expected matrix names every principal, and a difference in either direction shows", async () => {
  at = await openPlace("sqlite");
  expect(Object.keys(RIGHTS)).toEqual(["cutter_exec", "cutter_verify", "cutter_app", "PUBLIC"]);
  expect(expectedGrants().length).toBeGreaterThan(30);
  expect(expectedGrants().filter((line) => line.startsWith("PUBLIC"))).toEqual([]);
  expect(deltasOf(["a", "b"], ["b", "c"])).toEqual(["missing: a", "unexpected: c"]);
});
