/**
 * The whole command killed with SIGKILL, again and again, at the boundaries of its phases and inside their transactions:
 * in the end every unit is there once, with one manifest and one verification, and the bundle is VALID.
 */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { readRun } from "@canonic/audit";
import type { RunEvent, RunId } from "@canonic/contracts";
import { readUnits } from "@canonic/document-cutter";
import { openSqliteReader } from "@canonic/store-sqlite";
import pg from "pg";
import { afterEach, expect, test } from "vitest";
import { type Started, temporaryFolder } from "../main-job/command-line.ts";
import { Desk, type Dialect, DOCUMENT, hasPostgres } from "./cutter-command.ts";
import { HOLD_VARIABLE, holdAt, isHeld, letGo, RESULTS } from "./hold.ts";

const postgres = await hasPostgres();
/** By default one database is killed at its boundaries and the other inside its transactions: each start is a second. */
const isAll = process.env["CANONIC_CUTTER_KILLS"] === "all";
const dialects: readonly (readonly [Dialect])[] = postgres && isAll ? [["sqlite"], ["postgres"]] : [["sqlite"]];
const desks: Desk[] = [];
/** Where each desk's commands are told to stand still. */
const held = new Map<Desk, string>();
afterEach(async () => {
  for (const desk of desks.splice(0)) await desk.close();
});

const PHASES = [
  "source-pin",
  "mark",
  "cutplan",
  "pre-write-backup",
  "grant-probe",
  "cut-leg-a",
  "structural-verify",
  "leg-b-record",
  "write-verify",
  "lifecycle-enact",
  "closeout",
];

test.each(dialects)("on %s a run that is killed behind each of its eleven phases ends whole", async (dialect) => {
  const desk = await heldDesk(dialect);
  const killed: string[] = [];
  for (const index of PHASES.keys()) {
    // The last phase completes with its run: what comes next is the writing of results.
    const next = PHASES[index + 1];
    await killAt(desk, next === undefined ? RESULTS : `before cutter.${next}`, index + 1);
    killed.push((await completedIn(desk)).at(-1) ?? "nothing");
  }

  expect(killed).toEqual(PHASES);
  await expectFinished(desk);
});

test.runIf(isAll).each(dialects)(
  "on %s a run that is killed between what each phase does and its record ends whole",
  async (dialect) => {
    const desk = await heldDesk(dialect);
    const killed: string[] = [];
    for (const [index, phase] of PHASES.entries()) {
      await killAt(desk, `after cutter.${phase}`, index);
      killed.push((await completedIn(desk)).at(-1) ?? "nothing");
    }

    expect(killed).toEqual(["nothing", ...PHASES.slice(0, -1)]);
    await expectFinished(desk);
  },
);

async function heldDesk(dialect: Dialect): Promise<Desk> {
  const folder = temporaryFolder();
  const desk = await Desk.open(dialect, { [HOLD_VARIABLE]: folder }, "held");
  held.set(desk, folder);
  desks.push(desk);
  await desk.arm();
  return desk;
}

/** Goes on with the desk's run, through a gate where it waits at one, until it stands at a place with so many phases on disk. */
async function killAt(desk: Desk, place: string, completed: number): Promise<void> {
  const folder = held.get(desk) ?? "";
  holdAt(folder, place);
  const isThere = async () => isHeld(folder) && (await completedIn(desk)).length === completed;
  const start = async () => desk.start([...(await nextCommand(desk)), ...desk.database()]);
  let started = await start();
  let isKilled = await killedWhen(started, isThere, 10);
  if (!isKilled && (await started.ended).code === 3) {
    started = await start();
    isKilled = await killedWhen(started, isThere, 10);
  }
  expect(isKilled ? "killed" : `${place}: ${JSON.stringify(await started.ended)}`).toBe("killed");
  letGo(folder);
}

/** What a person types next: the cut, or the run's resume, with an approval where it waits for one. */
async function nextCommand(desk: Desk): Promise<readonly string[]> {
  const events = await eventsIn(desk);
  const [first, last] = [events[0], events.at(-1)];
  if (first === undefined) return ["cut", DOCUMENT, "--live"];
  if (last?.type !== "APPROVAL_REQUESTED") return ["resume", first.subject];
  return ["resume", first.subject, "--approval", await desk.approve(first.subject, last.data.gate)];
}

async function expectFinished(desk: Desk): Promise<void> {
  const run = (await eventsIn(desk))[0]?.subject ?? "";
  expect(await desk.resume(run, 0)).toMatchObject({ status: "completed" });
  await expectWhole(desk, run);
}

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

/** The phases of the desk's one run that have completed, as the log on disk says it. */
async function completedIn(desk: Desk): Promise<readonly string[]> {
  const events = await eventsIn(desk);
  const operations = new Map(
    events.flatMap((event) => (event.type === "ROUTING_DECISION" ? [[event.subject, event.data.operation]] : [])),
  );
  return events
    .filter(({ type }) => type === "EXECUTION_COMPLETED")
    .map(({ subject }) => String(operations.get(subject)).replace("cutter.", ""));
}

/** The events of the desk's one run that are on disk; none while there is no run. */
async function eventsIn(desk: Desk): Promise<readonly RunEvent[]> {
  const directory = join(desk.folder, "store");
  if (!existsSync(join(directory, "log.sqlite"))) return [];
  const reader = openSqliteReader({ directory });
  try {
    // Beside the runs stand the chains of authority and of the log itself.
    const first = (await reader.runs()).find(({ run }) => run.startsWith("run_"));
    return first === undefined ? [] : (await readRun(reader, first.run as RunId)).events;
  } finally {
    reader.close();
  }
}
