import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { type Digest, digestBytes } from "@canonic/contracts";
import { afterAll, afterEach, describe, expect, test } from "vitest";
import { openSqliteReader, openSqliteStore, SCHEMA_VERSION, type SqliteStore, StoreSqliteError } from "../src/index.ts";

const scratch = mkdtempSync(join(tmpdir(), "canonic-store-"));
const opened: { close(): void }[] = [];
afterEach(() => {
  for (const store of opened.splice(0)) {
    try {
      store.close();
    } catch {
      // The test closed it.
    }
  }
});
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

const fresh = () => mkdtempSync(join(scratch, "log-"));
const coded = (code: string) => expect.objectContaining({ name: "StoreSqliteError", code });
const store = (directory: string): SqliteStore => {
  const made = openSqliteStore({ directory });
  opened.push(made);
  return made;
};
const leaf = (index: number, run = "run_a", seq = index) => ({
  index,
  run,
  seq,
  hash: Buffer.alloc(32, index),
  bytes: Buffer.from(`leaf ${index}`),
});
const batch = (expectedSize: number, count = 1) => ({
  expectedSize,
  leaves: Array.from({ length: count }, (_, offset) => leaf(expectedSize + offset)),
  payloads: [],
  nodes: [],
});

describe("one writer", () => {
  test("is enough: a second one in this process is refused, and let in when the first closes", () => {
    const directory = fresh();
    const first = store(directory);

    expect(() => openSqliteStore({ directory })).toThrow(coded("store-sqlite.locked"));
    first.close();

    expect(store(directory).size()).toBe(0);
  });

  test("is enough across processes", () => {
    const directory = fresh();
    store(directory);
    const script = `import { openSqliteStore } from ${JSON.stringify(new URL("../src/index.ts", import.meta.url).href)};
      try { openSqliteStore({ directory: ${JSON.stringify(directory)} }); console.log("opened"); } catch (error) { console.log(error.code); }`;

    const answer = execFileSync(
      process.execPath,
      ["--conditions=@canonic/source", "--input-type=module", "-e", script],
      { cwd: new URL("..", import.meta.url) },
    );

    expect(answer.toString().trim()).toBe("store-sqlite.locked");
  });

  test("does not keep readers out, and they see each commit", () => {
    const directory = fresh();
    const writer = store(directory);
    writer.append(batch(0, 3));
    const reader = openSqliteReader({ directory });
    opened.push(reader);

    const before = reader.size();
    writer.append({ ...batch(3, 2), leaves: [leaf(3, "run_new", 0), leaf(4, "run_new", 1)] });

    expect([before, reader.size()]).toEqual([3, 5]);
    expect(reader.readRun("run_new", 0, 10).map(({ index }) => index)).toEqual([3, 4]);
    expect(reader.readLeaves(0, 10).map(({ index }) => index)).toEqual([0, 1, 2, 3, 4]);
  });
});

describe("opening", () => {
  test("refuses a directory whose log is missing while its checkpoint is there (O2)", () => {
    const directory = fresh();
    const first = store(directory);
    first.append(batch(0));
    first.swapCheckpoint(undefined, Buffer.from("checkpoint"));
    first.close();
    for (const name of ["log.sqlite", "log.sqlite-wal", "log.sqlite-shm"])
      rmSync(join(directory, name), { force: true });

    expect(() => openSqliteStore({ directory })).toThrow(coded("store-sqlite.log-missing"));
    expect(() => openSqliteReader({ directory })).toThrow(coded("store-sqlite.log-missing"));
    expect(() => statSync(join(directory, "log.sqlite"))).toThrow();
  });

  test.each([
    ["log and checkpoint deleted", ["log.sqlite", "log.sqlite-wal", "log.sqlite-shm", "checkpoint"]],
    ["log emptied, checkpoint deleted", ["log.sqlite-wal", "log.sqlite-shm", "checkpoint"]],
  ])("refuses a directory in which a log was begun: %s (O2)", (_title, gone) => {
    const directory = fresh();
    const first = store(directory);
    first.append(batch(0));
    first.swapCheckpoint(undefined, Buffer.from("checkpoint"));
    first.close();
    for (const name of gone) rmSync(join(directory, name), { force: true });
    if (!gone.includes("log.sqlite")) writeFileSync(join(directory, "log.sqlite"), "");

    expect(() => openSqliteStore({ directory })).toThrow(coded("store-sqlite.log-missing"));
    expect(() => openSqliteReader({ directory })).toThrow(coded("store-sqlite.log-missing"));
  });

  test("brings a log of version 1 up to this one for its writer, and reads it as it is for a reader (D3)", () => {
    const directory = fresh();
    const first = store(directory);
    first.append(batch(0, 3));
    first.close();
    const made = new DatabaseSync(join(directory, "log.sqlite"));
    made.exec("ALTER TABLE segments DROP COLUMN mark; PRAGMA user_version = 1");
    made.close();

    const reader = openSqliteReader({ directory });
    opened.push(reader);
    expect([reader.size(), reader.mark(3), reader.readLeaves(0, 10).length]).toEqual([3, undefined, 3]);
    reader.close();
    const mark = Buffer.alloc(32, 7);
    const writer = store(directory);
    writer.append({ ...batch(3, 2), mark });

    expect([writer.mark(3), writer.mark(5)]).toEqual([undefined, new Uint8Array(mark)]);
    expect(writer.readLeaves(0, 10).map(({ index }) => index)).toEqual([0, 1, 2, 3, 4]);
    writer.close();
    const after = new DatabaseSync(join(directory, "log.sqlite"));
    expect(after.prepare("PRAGMA user_version").get()).toEqual({ user_version: SCHEMA_VERSION });
    after.close();
  });

  test("refuses to read where there is no log", () => {
    expect(() => openSqliteReader({ directory: fresh() })).toThrow(coded("store-sqlite.not-found"));
  });

  test("a database that a crash left without a table is no log to a reader, and a new one to a writer", () => {
    const directory = fresh();
    writeFileSync(join(directory, "log.sqlite"), "");

    expect(() => openSqliteReader({ directory })).toThrow(coded("store-sqlite.not-found"));
    store(directory).append(batch(0));
    const reader = openSqliteReader({ directory });
    opened.push(reader);
    expect(reader.size()).toBe(1);
  });

  test.each([
    ["a file that is no database", (path: string) => writeFileSync(path, "x".repeat(5000)), "store-sqlite.not-a-store"],
    [
      "another application's database",
      (path: string) => new DatabaseSync(path).exec("CREATE TABLE t (x)"),
      "store-sqlite.not-a-store",
    ],
  ])("refuses %s, and does not touch it (D2)", (_title, make, code) => {
    const directory = fresh();
    const path = join(directory, "log.sqlite");
    make(path);
    const before = readFileSync(path);

    expect(() => openSqliteStore({ directory })).toThrow(coded(code));
    expect(() => openSqliteReader({ directory })).toThrow(coded(code));
    expect(readFileSync(path).equals(before)).toBe(true);
  });

  test("refuses a newer schema (D2)", () => {
    const directory = fresh();
    store(directory).close();
    const database = new DatabaseSync(join(directory, "log.sqlite"));
    database.exec(`PRAGMA user_version = ${SCHEMA_VERSION + 1}`);
    database.close();

    expect(() => openSqliteStore({ directory })).toThrow(
      expect.objectContaining({
        code: "store-sqlite.newer-schema",
        details: { found: SCHEMA_VERSION + 1, supported: SCHEMA_VERSION },
      }),
    );
    expect(() => openSqliteReader({ directory })).toThrow(coded("store-sqlite.newer-schema"));
  });

  test("gives the lock back when it fails (O3)", () => {
    const directory = fresh();
    writeFileSync(join(directory, "log.sqlite"), "x".repeat(5000));
    expect(() => openSqliteStore({ directory })).toThrow(coded("store-sqlite.not-a-store"));

    rmSync(join(directory, "log.sqlite"));

    expect(store(directory).size()).toBe(0);
  });

  test("waits for the disk at each commit, with a write-ahead log (D1)", () => {
    const directory = fresh();
    store(directory).append(batch(0));

    const database = new DatabaseSync(join(directory, "log.sqlite"), { readOnly: true });

    expect(database.prepare("PRAGMA journal_mode").get()).toEqual({ journal_mode: "wal" });
    database.close();
  });
});

describe("failing", () => {
  test("writes nothing of a group whose last part fails (T1)", () => {
    const directory = fresh();
    const writer = store(directory);
    writer.append(batch(0, 2));
    const poisoned = {
      ...batch(2, 2),
      nodes: [{ level: 8, index: 0, hash: null as unknown as Uint8Array }],
      payloads: [{ digest: digestBytes("p"), bytes: Buffer.from("p") }],
    };

    expect(() => writer.append(poisoned)).toThrow(coded("store-sqlite.write-failed"));

    expect(writer.size()).toBe(2);
    expect(writer.payload(digestBytes("p"))).toBeUndefined();
    writer.append(batch(2, 2));
    expect(writer.readLeaves(0, 10).length).toBe(4);
  });

  test("says nothing in foreign words", () => {
    const directory = fresh();
    const writer = store(directory);
    writer.close();

    expect(() => writer.size()).toThrow(coded("store-sqlite.read-failed"));
    try {
      writer.append(batch(0));
      expect.unreachable();
    } catch (error) {
      expect(error).toBeInstanceOf(StoreSqliteError);
      expect((error as StoreSqliteError).message).toBe("the log cannot be written");
    }
  });

  test("reads the leaves in front of a torn frame, and none behind it", () => {
    const directory = fresh();
    const writer = store(directory);
    writer.append(batch(0, 5));
    writer.append(batch(5, 5));
    writer.close();
    const database = new DatabaseSync(join(directory, "log.sqlite"));
    database.exec("UPDATE segments SET frames = substr(frames, 1, 120) WHERE first = 0");
    database.close();

    const again = store(directory);

    expect(again.readLeaves(0, 100).map(({ index }) => index)).toEqual([0, 1]);
    expect(again.readLeaves(2, 100)).toEqual([]);
    expect(again.readLeaves(5, 100).length).toBe(5);
    expect(again.size()).toBe(10);
    const tail = again.tail(2);
    again.repair(digestBytes(tail) as Digest, { ...batch(2), leaves: [leaf(2, "log", 0)] });
    expect(again.readLeaves(0, 100).map(({ run }) => run)).toEqual(["run_a", "run_a", "log"]);
    expect(again.quarantined(digestBytes(tail))?.length).toBe(tail.length);
  });

  test("reports a database that was cut short", () => {
    const directory = fresh();
    const writer = store(directory);
    for (let index = 0; index < 50; index += 1) writer.append(batch(index));
    writer.close();
    truncateSync(join(directory, "log.sqlite"), 4096 * 2);

    expect(() => store(directory).readLeaves(0, 100)).toThrow(expect.objectContaining({ name: "StoreSqliteError" }));
  });
});

describe("a payload that is removed", () => {
  const secret = Buffer.from("the name of a person".repeat(2000));
  const digest = digestBytes(secret);
  const filled = (directory: string) => {
    const writer = store(directory);
    for (let index = 0; index < 20; index += 1)
      writer.append({ ...batch(index), payloads: index === 7 ? [{ digest, bytes: secret }] : [] });
    return writer;
  };
  const isInAnyFile = (directory: string) =>
    readdirSync(directory).some((name) => readFileSync(join(directory, name)).includes("the name of a person"));

  test("is in no file of the log any more", () => {
    const directory = fresh();
    const writer = filled(directory);
    expect(isInAnyFile(directory)).toBe(true);

    writer.removePayload(digest);

    expect(isInAnyFile(directory)).toBe(false);
    expect(writer.size()).toBe(20);
  });

  test("goes with the next writer when a reader held on to it", () => {
    const directory = fresh();
    const writer = filled(directory);
    const reader = new DatabaseSync(join(directory, "log.sqlite"), { readOnly: true });
    reader.exec("BEGIN");
    expect(reader.prepare("SELECT count(*) AS count FROM payloads").get()).toEqual({ count: 1 });

    writer.removePayload(digest);

    expect(writer.payload(digest)).toBeUndefined();
    reader.close();
    writer.close();
    store(directory).removePayload(digest);
    expect(isInAnyFile(directory)).toBe(false);
  });
});
