/**
 * The whole command killed with SIGKILL, again and again, at the boundaries of its phases and inside their transactions:
 * in the end every unit is there once, with one manifest and one verification, and the bundle is VALID.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { readUnits } from "@canonic/document-cutter";
import pg from "pg";
import { afterEach, expect, test } from "vitest";
import type { Started } from "../main-job/command-line.ts";
import { Desk, type Dialect, hasPostgres } from "./cutter-command.ts";

const postgres = await hasPostgres();
/** By default one database is killed at its boundaries and the other inside its transactions: each start is a second. */
const isAll = process.env["CANONIC_CUTTER_KILLS"] === "all";
const dialects: readonly (readonly [Dialect])[] = postgres && isAll ? [["sqlite"], ["postgres"]] : [["sqlite"]];
const desks: Desk[] = [];
afterEach(async () => {
  for (const desk of desks.splice(0)) await desk.close();
});

test.each(dialects)(
  "on %s a run that is killed after each of its phases ends as if nobody had touched it",
  async (dialect) => {
    const desk = await Desk.open(dialect);
    desks.push(desk);
    await desk.arm();
    const kills: number[] = [];
    const goOn = async (args: readonly string[]): Promise<void> => {
      const from = completedIn(desk);
      const started = desk.start([...args, ...desk.database()]);
      if (await killedWhen(started, () => completedIn(desk) > from, 4)) kills.push(completedIn(desk));
    };

    await goOn(["cut", "declaration.md", "--live"]);
    while (completedIn(desk) < 5) await goOn(["cut", "declaration.md", "--live"]);
    const run = await desk.cut();
    await goOn(["resume", run, "--approval", await desk.approve(run, "SG_1")]);
    while (completedIn(desk) < 9) await goOn(["resume", run]);
    await desk.resume(run, 3);
    await goOn(["resume", run, "--approval", await desk.approve(run, "SG_2")]);
    const done = await desk.resume(run, 0);

    expect(kills.length).toBeGreaterThanOrEqual(5);
    expect(done).toMatchObject({ status: "completed" });
    await expectWhole(desk, run);
  },
  300_000,
);

/** What each writing phase is about to write when another session holds the table: the rest of its transaction is open. */
const HELD: readonly (readonly [table: string, gate: string | null])[] = [
  ["units", "SG_1"],
  ["manifests", null],
  ["verifications", null],
  ["units", "SG_2"],
  ["run_index", null],
];

test.skipIf(!postgres)(
  "on postgres a run that is killed inside each of its transactions leaves nothing of them, and goes on",
  async () => {
    const desk = await Desk.open("postgres");
    desks.push(desk);
    await desk.arm();
    const run = await desk.cut();

    for (const [table, gate] of HELD) {
      if (gate === "SG_2") await desk.resume(run, 3);
      const approval = gate === null ? [] : ["--approval", await desk.approve(run, gate)];
      const holder = new pg.Client({ connectionString: desk.database()[1] as string });
      holder.on("error", () => undefined);
      await holder.connect();
      await holder.query(`BEGIN; LOCK TABLE cutter.${table} IN SHARE MODE`);
      const before = await desk.everything();
      const started = desk.start(["resume", run, ...approval, ...desk.database()]);
      const waiting = `SELECT 1 FROM pg_stat_activity WHERE application_name = 'canonic-cutter'
        AND datname = current_database() AND wait_event_type = 'Lock'`;
      const isKilled = await killedWhen(started, async () => (await desk.sql(waiting)).length > 0, 50);
      expect(isKilled ? "killed" : JSON.stringify(await started.ended)).toBe("killed");
      await holder.query("ROLLBACK");
      await holder.end();
      await untilAlone(desk);
      expect(trailOf(await desk.everything(), table)).toEqual(trailOf(before, table));
    }

    expect(await desk.resume(run, 0)).toMatchObject({ status: "completed" });
    await expectWhole(desk, run);
  },
  300_000,
);

/** Of the phase whose table was held, nothing may be there; phases before it may have gone through. */
function trailOf(everything: Record<string, unknown>, table: string): unknown {
  return everything[table];
}

async function expectWhole(desk: Desk, run: string): Promise<void> {
  const { units } = readUnits(readFileSync(desk.document));
  const rows = await desk.sql("SELECT address, status FROM units ORDER BY position");
  expect(rows).toEqual(units.map(({ address }) => ({ address, status: "enacted" })));
  expect(await desk.everything()).toMatchObject({
    manifests: 1,
    verifications: 1,
    lifecycle_log: units.length,
    run_index: 1,
  });
  const bundle = join(desk.folder, "canonic-out", run, "bundle");
  const verified = await desk.run(["verify", bundle, "--trust", join(desk.folder, "store", "trust.json")]);
  expect(verified.stdout.trim().split("\n")[0]).toBe("VALID");
}

/** Kills the process as soon as something holds; false when it ended before. */
async function killedWhen(
  { child, ended }: Started,
  holds: () => boolean | Promise<boolean>,
  everyMs: number,
): Promise<boolean> {
  let isOver = false;
  void ended.then(() => {
    isOver = true;
  });
  while (!isOver) {
    if (await holds()) {
      child.kill("SIGKILL");
      return (await ended).signal === "SIGKILL";
    }
    // Looking costs time that the command needs: as seldom as a phase may still be caught.
    await new Promise((resolve) => setTimeout(resolve, everyMs));
  }
  return false;
}

/** Until the server has noticed that the killed session is gone. */
async function untilAlone(desk: Desk): Promise<void> {
  const others = `SELECT 1 FROM pg_stat_activity WHERE application_name = 'canonic-cutter' AND datname = current_database()`;
  while ((await desk.sql(others)).length > 0) await new Promise((resolve) => setTimeout(resolve, 20));
}

/** How many tasks of the desk's one run have completed, as the log on disk says it. */
function completedIn(desk: Desk): number {
  let database: DatabaseSync | undefined;
  try {
    database = new DatabaseSync(join(desk.folder, "store", "log.sqlite"), { readOnly: true, timeout: 5000 });
    const segments = database.prepare("SELECT frames FROM segments").all();
    const text = segments.map(({ frames }) => Buffer.from(frames as Uint8Array).toString("latin1")).join("");
    return text.split('"type":"EXECUTION_COMPLETED"').length - 1;
  } catch {
    return 0;
  } finally {
    database?.close();
  }
}
