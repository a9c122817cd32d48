/**
 * Events per second into the SQLite store with group commit, beside a bare `node:sqlite` loop that writes rows of the same size in
 * groups of the same size; and where the time of an event goes: canonical bytes, hashing, tree, commit.
 *
 * The bare loop and the journal alternate, and the medians are compared: on a busy machine only the ratio says something.
 *
 * @module
 */
import { hash } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { fileURLToPath } from "node:url";
import { createKeyPair, Frontier, type LogStorage, openJournal, signerFromPem } from "@canonic/audit";
import { canonicalBytes, type Digest, digestBytes, type EventDraft, RunEvent, type RunId } from "@canonic/contracts";
import { openSqliteStore } from "@canonic/store-sqlite";

const EVENTS = 40_000;
const GROUP = 512;
const ROUNDS = 5;
const AIM_RATIO = 0.5;

const digest = digestBytes("some input");
const clock = { now: () => "2026-01-31T12:00:00.000Z" };
const ORIGIN = "bench.test/log";
const signer = signerFromPem(ORIGIN, createKeyPair().privateKeyPem);

/** One line of the result; `aim` is null where none was set. */
export interface BenchRow {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  readonly aim: number | null;
}

/** The five events of a task that a plan of no-op operations journals. */
function taskEvents(task: number): EventDraft[] {
  const subject = `task_${task.toString(16).padStart(20, "0")}`;
  const allow = { decision: "allow" as const, reasons: [] };
  const [operation, version] = ["bench.no-op", "1.0.0"] as const;
  return [
    {
      type: "ROUTING_DECISION",
      subject,
      data: { payloadType: "bench", operation, version, contract: digest, snapshot: digest, ...allow },
    },
    {
      type: "AUTHORIZATION_SCOPE_CHECK",
      subject,
      data: { domain: "bench", method: "no-op", token: digest, policySet: digest, policies: ["default"], ...allow },
    },
    {
      type: "RESOURCE_LIMIT_CHECK",
      subject,
      data: {
        token: digest,
        limits: [
          { limit: "invocations", used: task, reserved: 1, need: 1, max: 100_000 },
          { limit: "tokens-per-response", used: 0, reserved: 0, need: 0, max: 0 },
          { limit: "tokens-total", used: 0, reserved: 0, need: 0, max: 0 },
          { limit: "frequency", used: task, reserved: 0, need: 1, max: 100_000 },
        ],
        ...allow,
      },
    },
    { type: "EXECUTION_STARTED", subject, data: { effect: "pure", input: digest, attempt: 1, idempotencyKey: null } },
    { type: "EXECUTION_COMPLETED", subject, data: { output: digest, sizeBytes: 2, tokens: 0, contract: "satisfied" } },
  ] as EventDraft[];
}

const drafts = Array.from({ length: EVENTS / 5 }, (_, task) => taskEvents(task)).flat();

/** What the same events look like as leaves, for the loops that only do a part of the work. */
const events = drafts.map(
  (draft, seq) => ({ run: "run_00000000000000000000", seq, prev: digest, at: clock.now(), ...draft }) as RunEvent,
);
const leaves = events.map((event) => canonicalBytes(event));
const leafBytes = leaves.reduce((sum, leaf) => sum + leaf.length, 0) / leaves.length;

export async function run(): Promise<{ readonly name: string; readonly rows: readonly BenchRow[] }> {
  const folder = mkdtempSync(join(tmpdir(), "canonic-bench-"));
  try {
    const bare: number[] = [];
    const journal: number[] = [];
    const commit: number[] = [];
    for (let round = 0; round <= ROUNDS; round += 1) {
      const seconds = bareLoop(join(folder, `bare-${round}.sqlite`));
      const whole = await journalLoop(join(folder, `log-${round}`));
      if (round === 0) continue;
      bare.push(EVENTS / seconds);
      journal.push(EVENTS / whole.seconds);
      commit.push(whole.commitSeconds);
    }
    const [bareRate, rate] = [median(bare), median(journal)];
    const part = (name: string, value: number): BenchRow => ({ name, value, unit: "µs/event", aim: null });
    return {
      name: "journal: events into the store with group commit",
      rows: [
        { name: "events through journal and store", value: rate, unit: "events/s", aim: 65_000 },
        {
          name: `bare rows of ${Math.round(leafBytes)} bytes, ${GROUP} per commit`,
          value: bareRate,
          unit: "rows/s",
          aim: null,
        },
        { name: "ratio to the bare loop", value: rate / bareRate, unit: "x", aim: AIM_RATIO },
        part("all of an event", 1e6 / rate),
        part(
          "  schema check",
          perEvent(() => events.forEach((event) => void RunEvent.safeParse(event))),
        ),
        part(
          "  canonical bytes",
          perEvent(() => events.forEach((event) => void canonicalBytes(event))),
        ),
        part(
          "  hashing",
          perEvent(() => leaves.forEach((leaf) => void hash("sha256", leaf, "buffer"))),
        ),
        part("  tree", perEvent(growTree)),
        part("  commit", (median(commit) / EVENTS) * 1e6),
      ],
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Seconds for rows of the leaves' size: one prepared insert per row, one durable transaction per group. */
function bareLoop(path: string): number {
  const database = new DatabaseSync(path);
  database.exec(
    "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; CREATE TABLE rows (id INTEGER PRIMARY KEY, bytes BLOB NOT NULL)",
  );
  const insert = database.prepare("INSERT INTO rows (id, bytes) VALUES (?, ?)");
  const startedMs = performance.now();
  for (let from = 0; from < leaves.length; from += GROUP) {
    database.exec("BEGIN");
    for (let index = from; index < Math.min(from + GROUP, leaves.length); index += 1)
      insert.run(index, leaves[index] as Uint8Array);
    database.exec("COMMIT");
  }
  const seconds = (performance.now() - startedMs) / 1000;
  database.close();
  return seconds;
}

/** Seconds for the same events through journal and store, and how many of them the store took. */
async function journalLoop(directory: string): Promise<{ seconds: number; commitSeconds: number }> {
  const store = openSqliteStore({ directory });
  let commitMs = 0;
  const storage: LogStorage = {
    ...store,
    append: (batch) => {
      const startedMs = performance.now();
      store.append(batch);
      commitMs += performance.now() - startedMs;
    },
  };
  const journal = await openJournal({ storage, clock, identity: { origin: ORIGIN, signer } });
  const { run, number } = journal.begin(digest);
  journal.append(run, planFrozen(run, number));
  const startedMs = performance.now();
  for (const draft of drafts) journal.append(run, draft);
  await journal.durable();
  const seconds = (performance.now() - startedMs) / 1000;
  await journal.close();
  return { seconds, commitSeconds: commitMs / 1000 };
}

function planFrozen(run: RunId, number: number): EventDraft {
  const data = {
    number,
    plan: digest as Digest,
    registry: digest,
    tasks: EVENTS / 5,
    mode: "live",
    semantics: 1,
    engine: "bench",
    fence: 1,
  } as const;
  return { type: "PLAN_FROZEN", subject: run, data };
}

function growTree(): void {
  const frontier = new Frontier();
  const leaf = Buffer.alloc(32, 7);
  for (let index = 0; index < EVENTS; index += 1) frontier.append(leaf);
}

/** The best of three, in microseconds: a part is what it costs when nothing is in its way. */
function perEvent(work: () => void): number {
  const times = [0, 1, 2].map(() => {
    const startedMs = performance.now();
    work();
    return performance.now() - startedMs;
  });
  return (Math.min(...times) / EVENTS) * 1000;
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { name, rows } = await run();
  console.log(name);
  for (const row of rows) {
    const aim = row.aim === null ? "" : `  (aim ${row.aim})`;
    const value = row.value >= 1000 ? String(Math.round(row.value)) : row.value.toFixed(2);
    console.log(`  ${row.name.padEnd(44)} ${value.padStart(9)} ${row.unit}${aim}`);
  }
}
