/**
 * What can be done to a live store, and what the next command and `fsck` say of it: the attack table of the store.
 *
 * A writer looks at what it builds on: the checkpoint, the tree's nodes under it, and every leaf behind it. What lies deep in
 * the signed part is looked at by `fsck`, and by whoever exports it.
 *
 * @module
 */
import { mkdirSync, renameSync, rmSync, symlinkSync, truncateSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import { createKeyPair, leafHash } from "@canonic/audit";
import { canonicalJson, digestBytes, runIdOf } from "@canonic/contracts";
import { openSqliteStore } from "@canonic/store-sqlite";
import type { History, Struck } from "./struck-store.ts";

export type StoreAttack = {
  readonly name: string;
  /** What it gives back is called when the commands have ended. */
  readonly how: (store: Struck, history: History) => unknown;
  /** The code with which the next `canonic run` refuses; null: it goes on, and `fsck` must say why it should not have. */
  readonly run: string | null;
  /** The code with which `fsck` refuses or one of its findings; null: it sees nothing. */
  readonly fsck: string | null;
};

const FRAME_HEAD = 44;
const BYTES_AT = 12;

/** The first segment's frames with the first leaf's text altered, as long as before; hashed again if asked. */
function retold(store: Struck, isHashed: boolean): void {
  const [segment] = store.segments();
  if (segment === undefined) throw new Error("the log has no segment");
  const { first, frames } = segment;
  const size = frames.readUInt32BE(0);
  const bytes = frames.subarray(FRAME_HEAD, FRAME_HEAD + size);
  const at = bytes.indexOf("2026");
  bytes[at + 3] = (bytes[at + 3] ?? 0) ^ 1;
  if (isHashed) frames.set(leafHash(bytes), BYTES_AT);
  store.putSegment(first, frames);
}

/** The group of leaves that holds one of the first run, far from its start and from what an opener looks at. */
function deepSegment(store: Struck): ReturnType<Struck["segments"]>[number] {
  const found = store.segments().find(({ first, count }) => first <= 100 && 100 < first + count);
  if (found === undefined) throw new Error("the log has no hundred signed leaves");
  return found;
}

function flipFile(store: Struck, name: string, at: number): void {
  const bytes = store.read(name);
  bytes[at] = (bytes[at] ?? 0) ^ 0xff;
  store.write(name, bytes);
}

/** A run's first event behind the last checkpoint, chained and hashed as the keeper would, by somebody without a key. */
function appendRun(store: Struck, { runs }: History): void {
  const storage = openSqliteStore({ directory: store.path(".") });
  const [plan, number] = [digestBytes("a plan that nobody made"), runs.length + 1];
  const run = runIdOf(plan, number);
  const data = { number, plan, registry: plan, tasks: 1, mode: "live", semantics: 1, engine: "local", fence: 1 };
  const event = { at: "2026-01-31T12:00:00.000Z", data, prev: plan, run, seq: 0, subject: run, type: "PLAN_FROZEN" };
  const bytes = Buffer.from(canonicalJson(event));
  const index = storage.size();
  const leaf = { index, run, seq: 0, hash: leafHash(bytes), bytes };
  const payloads = [{ digest: plan, bytes: Buffer.from("a plan that nobody made") }];
  storage.append({ expectedSize: index, leaves: [leaf], payloads, nodes: [] });
  storage.close();
}

const checkpointText = (store: Struck): string => store.read("checkpoint").toString();

export const storeAttacks: readonly StoreAttack[] = [
  {
    name: "a leaf appended behind the checkpoint by somebody without a key",
    how: appendRun,
    run: "audit.tail-unmarked",
    fsck: "tail-unmarked",
  },
  {
    name: "the log rolled back to an older copy",
    how: (store, { first }) => store.take(first, "log.sqlite"),
    run: "audit.log-behind-checkpoint",
    fsck: "log-behind-checkpoint",
  },
  {
    name: "the log replaced by an empty file",
    how: (store) => truncateSync(store.path("log.sqlite"), 0),
    run: "store-sqlite.log-missing",
    fsck: "store-sqlite.log-missing",
  },
  {
    name: "the log deleted",
    how: (store) => rmSync(store.path("log.sqlite")),
    run: "store-sqlite.log-missing",
    fsck: "store-sqlite.log-missing",
  },
  {
    name: "the log and its checkpoint deleted, its mark left",
    how: (store) => {
      rmSync(store.path("log.sqlite"));
      rmSync(store.path("checkpoint"));
    },
    run: "store-sqlite.log-missing",
    fsck: "orchestrator.store-missing",
  },
  {
    name: "all but the first page of the log cut off",
    how: (store) => truncateSync(store.path("log.sqlite"), 16_384),
    run: "store-sqlite.open-failed",
    fsck: "store-sqlite.open-failed",
  },
  {
    name: "a page of the log overwritten",
    how: (store) => {
      const bytes = store.read("log.sqlite");
      bytes.fill(0xff, 16_384, 16_384 + 2000);
      store.write("log.sqlite", bytes);
    },
    run: "store-sqlite.read-failed",
    fsck: "store-unreadable",
  },
  {
    name: "the log replaced by text",
    how: (store) => store.write("log.sqlite", "not a database at all, but as long as a header would be ".repeat(20)),
    run: "store-sqlite.not-a-store",
    fsck: "store-sqlite.not-a-store",
  },
  {
    name: "the log replaced by a folder",
    how: (store) => {
      rmSync(store.path("log.sqlite"));
      mkdirSync(store.path("log.sqlite"));
    },
    run: "store-sqlite.open-failed",
    fsck: "store-sqlite.open-failed",
  },
  {
    name: "the log of another store",
    how: (store, { foreign }) => store.take(foreign, "log.sqlite"),
    run: "audit.log-behind-checkpoint",
    fsck: "log-behind-checkpoint",
  },
  {
    name: "the log and the checkpoint of another store",
    how: (store, { foreign }) => store.take(foreign, "log.sqlite", "checkpoint"),
    run: "audit.note-invalid",
    fsck: "checkpoint-invalid",
  },
  {
    name: "another application's database",
    how: (store) => store.pragma("log.sqlite", "PRAGMA application_id = 1"),
    run: "store-sqlite.not-a-store",
    fsck: "store-sqlite.not-a-store",
  },
  {
    name: "a schema of tomorrow",
    how: (store) => store.pragma("log.sqlite", "PRAGMA user_version = 99"),
    run: "store-sqlite.newer-schema",
    fsck: "store-sqlite.newer-schema",
  },
  {
    name: "the checkpoint deleted",
    how: (store) => rmSync(store.path("checkpoint")),
    run: "audit.checkpoint-missing",
    fsck: "checkpoint-missing",
  },
  {
    name: "the checkpoint of another log",
    how: (store, { foreign }) => store.take(foreign, "checkpoint"),
    run: "audit.note-invalid",
    fsck: "checkpoint-invalid",
  },
  {
    name: "the checkpoint without its last newline",
    how: (store) => store.write("checkpoint", checkpointText(store).slice(0, -1)),
    run: "audit.note-invalid",
    fsck: "checkpoint-invalid",
  },
  {
    name: "the checkpoint with the line ends of another system",
    how: (store) => store.write("checkpoint", checkpointText(store).replaceAll("\n", "\r\n")),
    run: "audit.note-invalid",
    fsck: "checkpoint-invalid",
  },
  {
    name: "the checkpoint with a larger size",
    how: (store) => store.write("checkpoint", checkpointText(store).replace(/\n(\d+)\n/, "\n9$1\n")),
    run: "audit.note-invalid",
    fsck: "checkpoint-invalid",
  },
  {
    name: "the checkpoint with one bit of its signature changed",
    how: (store) => flipFile(store, "checkpoint", store.read("checkpoint").length - 20),
    run: "audit.note-invalid",
    fsck: "checkpoint-invalid",
  },
  {
    name: "the checkpoint replaced by a folder",
    how: (store) => {
      rmSync(store.path("checkpoint"));
      mkdirSync(store.path("checkpoint"));
    },
    run: "store-sqlite.read-failed",
    fsck: "store-unreadable",
  },
  {
    name: "the log's key replaced",
    how: (store) => store.write("keys/log.pem", createKeyPair().privateKeyPem),
    run: "audit.note-invalid",
    fsck: "checkpoint-invalid",
  },
  {
    name: "the log's key deleted",
    how: (store) => rmSync(store.path("keys/log.pem")),
    run: "orchestrator.keys-invalid",
    fsck: "orchestrator.keys-invalid",
  },
  {
    name: "the log's key replaced by text",
    how: (store) => store.write("keys/log.pem", "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"),
    run: "orchestrator.keys-invalid",
    fsck: "orchestrator.keys-invalid",
  },
  {
    name: "one key in two offices of the trust file",
    how: (store) => {
      const trust = JSON.parse(store.read("trust.json").toString());
      trust.approvers.push({ name: "mallory", publicKey: trust.issuers[0].publicKey });
      store.write("trust.json", `${canonicalJson(trust)}\n`);
    },
    run: "audit.trust-invalid",
    fsck: "audit.trust-invalid",
  },
  {
    name: "a trust file with a field that nobody knows",
    how: (store) => {
      const trust = { ...JSON.parse(store.read("trust.json").toString()), everybody: true };
      store.write("trust.json", `${canonicalJson(trust)}\n`);
    },
    run: "audit.trust-invalid",
    fsck: "audit.trust-invalid",
  },
  {
    name: "an event's text altered",
    how: (store) => retold(store, false),
    run: null,
    fsck: "leaf-damaged",
  },
  {
    name: "an event's text altered and its hash made anew",
    how: (store) => retold(store, true),
    run: null,
    fsck: "checkpoint-mismatch",
  },
  {
    name: "an event's text altered, its hash and the tree's nodes made anew",
    how: (store) => {
      retold(store, true);
      const [segment] = store.segments();
      const hash = segment?.frames.subarray(BYTES_AT, FRAME_HEAD) ?? Buffer.alloc(0);
      store.sql("log.sqlite", "UPDATE nodes SET hash = ? WHERE level = 8 AND position = 0", hash);
    },
    run: "audit.checkpoint-mismatch",
    fsck: "checkpoint-mismatch",
  },
  {
    name: "the last leaves deleted",
    how: (store) => {
      const first = store.segments().at(-1)?.first ?? -1;
      store.sql("log.sqlite", "DELETE FROM segments WHERE first >= ?", first);
    },
    run: "audit.log-behind-checkpoint",
    fsck: "log-behind-checkpoint",
  },
  {
    name: "leaves deleted from the middle",
    how: (store) => store.sql("log.sqlite", "DELETE FROM segments WHERE first = ?", deepSegment(store).first),
    run: null,
    fsck: "frame-damaged",
  },
  {
    name: "the first leaves deleted",
    how: (store) => store.sql("log.sqlite", "DELETE FROM segments WHERE first = 0"),
    run: null,
    fsck: "frame-damaged",
  },
  {
    name: "two groups of leaves swapped",
    how: (store) => {
      const [one, two] = store.segments();
      if (one === undefined || two === undefined) throw new Error("the log has no two segments");
      store.putSegment(one.first, two.frames);
      store.putSegment(two.first, one.frames);
    },
    run: null,
    fsck: "chain-broken",
  },
  {
    name: "a group of leaves cut short",
    how: (store) => {
      const { first, frames } = deepSegment(store);
      store.putSegment(first, frames.subarray(0, -7));
    },
    run: null,
    fsck: "frame-damaged",
  },
  {
    name: "a frame that says that it is longer",
    how: (store) => {
      const [segment] = store.segments();
      segment?.frames.writeUInt32BE(0xffff_ffff, 0);
      store.putSegment(0, segment?.frames ?? Buffer.alloc(0));
    },
    run: null,
    fsck: "frame-damaged",
  },
  {
    name: "a frame that names another run",
    how: (store) => {
      const { first, frames } = deepSegment(store);
      frames.writeUInt32BE(frames.readUInt32BE(4) === 1 ? 2 : 1, 4);
      store.putSegment(first, frames);
    },
    run: null,
    fsck: "leaf-damaged",
  },
  {
    name: "the index of runs shifted",
    how: (store, { runs }) => store.sql("log.sqlite", "UPDATE runs SET first = first + 1 WHERE run = ?", runs[0] ?? ""),
    run: null,
    fsck: "run-index",
  },
  {
    name: "the index of the last run shifted",
    how: (store, { runs }) =>
      store.sql("log.sqlite", "UPDATE runs SET first = first + 1 WHERE run = ?", runs.at(-1) ?? ""),
    run: "audit.log-damaged",
    fsck: "run-index",
  },
  {
    name: "a run in the index that never was",
    how: (store) => store.sql("log.sqlite", "INSERT INTO runs (run, first) VALUES ('run_ffffffffffffffffffff', 1)"),
    run: "audit.log-damaged",
    fsck: "run-index",
  },
  {
    name: "the places of a run's leaves deleted",
    how: (store, { runs }) =>
      store.sql(
        "log.sqlite",
        "DELETE FROM run_segments WHERE run = (SELECT key FROM runs WHERE run = ?)",
        runs[0] ?? "",
      ),
    run: null,
    fsck: "run-index",
  },
  {
    name: "a payload altered",
    how: (store, { runs }) =>
      store.sql(
        "log.sqlite",
        "UPDATE payloads SET bytes = CAST('{}' AS BLOB) WHERE digest = ?",
        store.outputOf(runs[0] ?? ""),
      ),
    run: null,
    fsck: "payload-damaged",
  },
  {
    name: "a payload deleted",
    how: (store, { runs }) =>
      store.sql("log.sqlite", "DELETE FROM payloads WHERE digest = ?", store.outputOf(runs[0] ?? "")),
    run: null,
    fsck: "payload-missing",
  },
  {
    name: "a payload under a digest that is not its own",
    how: (store) => store.sql("log.sqlite", "INSERT INTO payloads VALUES (?, CAST('{}' AS BLOB))", Buffer.alloc(32, 7)),
    run: null,
    fsck: "payload-damaged",
  },
  {
    name: "a node of the tree altered",
    how: (store) =>
      store.sql("log.sqlite", "UPDATE nodes SET hash = ? WHERE level = 8 AND position = 0", Buffer.alloc(32, 1)),
    run: "audit.checkpoint-mismatch",
    fsck: "node-wrong",
  },
  {
    name: "a node of the tree deleted",
    how: (store) => store.sql("log.sqlite", "DELETE FROM nodes WHERE level = 8 AND position = 0"),
    run: "audit.log-damaged",
    fsck: "node-missing",
  },
  {
    name: "a node of a tree that never was",
    how: (store) => store.sql("log.sqlite", "INSERT INTO nodes VALUES (8, 9, ?)", Buffer.alloc(32, 1)),
    run: null,
    fsck: "node-alien",
  },
  {
    name: "the store of authority deleted",
    how: (store) => rmSync(store.path("authority.sqlite")),
    run: "store-sqlite.authority-missing",
    fsck: null,
  },
  {
    name: "the store of authority deleted with its mark",
    how: (store) => {
      rmSync(store.path("authority.sqlite"));
      rmSync(store.path("authority.begun"));
    },
    run: "orchestrator.authority-behind",
    fsck: null,
  },
  {
    name: "the store of authority rolled back to before a revocation",
    how: (store, { first }) => store.take(first, "authority.sqlite"),
    run: "orchestrator.authority-behind",
    fsck: null,
  },
  {
    name: "the last row of the outbox deleted",
    how: (store) =>
      store.sql("authority.sqlite", "DELETE FROM outbox WHERE position = (SELECT max(position) FROM outbox)"),
    run: "orchestrator.authority-behind",
    fsck: null,
  },
  {
    name: "the store of authority replaced by the log",
    how: (store) =>
      store.take(store.cwd, "authority.sqlite") ?? store.write("authority.sqlite", store.read("log.sqlite")),
    run: "store-sqlite.not-a-store",
    fsck: null,
  },
  {
    name: "the write-ahead log cut",
    how: (store, { first }) => {
      const pages = store.writeAhead(first);
      store.write("log.sqlite-wal", pages.subarray(0, pages.length / 2));
    },
    run: "audit.log-behind-checkpoint",
    fsck: "log-behind-checkpoint",
  },
  {
    name: "a bit of the write-ahead log changed",
    how: (store, { first }) => {
      const pages = store.writeAhead(first);
      pages[pages.length - 100] = (pages[pages.length - 100] ?? 0) ^ 1;
      store.write("log.sqlite-wal", pages);
    },
    run: "audit.log-behind-checkpoint",
    fsck: "log-behind-checkpoint",
  },
  {
    name: "a second writer",
    how: (store) => {
      const lock = new DatabaseSync(store.path("writer.lock"));
      lock.exec("BEGIN EXCLUSIVE");
      return () => lock.close();
    },
    run: "store-sqlite.locked",
    fsck: null,
  },
  {
    name: "the store replaced by a link to nowhere",
    how: (store) => {
      renameSync(store.path("."), `${store.cwd}/elsewhere`);
      symlinkSync(`${store.cwd}/nowhere`, store.path("."));
    },
    run: "store-sqlite.open-failed",
    fsck: "orchestrator.store-missing",
  },
];
