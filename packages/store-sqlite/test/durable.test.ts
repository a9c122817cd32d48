/** The connection of the authority store waits for its disk exactly when it is asked to. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterAll, expect, test } from "vitest";
import { durableOn, transactionsOn } from "../src/transaction.ts";

const scratch = mkdtempSync(join(tmpdir(), "canonic-durable-"));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

function connection() {
  const database = new DatabaseSync(join(mkdtempSync(join(scratch, "db-")), "one.sqlite"));
  database.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; CREATE TABLE rows (id INTEGER PRIMARY KEY)");
  const level = () => database.prepare("PRAGMA synchronous").get()?.["synchronous"];
  const transact = transactionsOn(database, "rows");
  return { database, level, transact, durably: durableOn(database, transact) };
}

test("a durable transaction is FULL from before it begins to its end, and none else is (T4)", () => {
  const { level, transact, durably } = connection();
  const seen: unknown[] = [level()];

  durably(() => seen.push(level()));
  seen.push(level());
  transact(() => seen.push(level()));
  expect(() =>
    durably(() => {
      seen.push(level());
      throw new RangeError("asked");
    }),
  ).toThrow(RangeError);
  seen.push(level());

  expect(seen).toEqual([1, 2, 1, 1, 2, 1]);
});

test("a durable transaction does not begin where the level was not raised (T4)", () => {
  const { database, transact } = connection();
  const prepare = (sql: string) => database.prepare(sql);
  const deaf = { isOpen: true, exec: () => {}, prepare } as unknown as DatabaseSync;

  expect(() => durableOn(deaf, transact)(() => database.exec("INSERT INTO rows VALUES (1)"))).toThrow(
    "does not wait for its disk",
  );

  expect(database.prepare("SELECT count(*) AS count FROM rows").get()).toEqual({ count: 0 });
});
