/**
 * Real processes, killed inside the transactions of the writing phases and right after them: the same phase entered again
 * leaves every unit once, one manifest, one verification.
 */
import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, expect, test } from "vitest";
import { readUnits } from "../src/document/read-units.ts";
import { CUT_PHASES } from "../src/plan-cut.ts";
import { APPROVALS, CutRun, RUN } from "./cut-run.ts";
import { type Dialect, DOCUMENT, hasPostgres, openPlace, type Place } from "./databases.ts";
import type { Kill } from "./killed-phase.ts";

const postgres = await hasPostgres();
let at: Place;
afterEach(() => at.close());

/** Statements of each transaction: after the fence, in the middle, before the receipt, after it, and after the commit. */
const MOMENTS: readonly (readonly [Kill["phase"], Kill["at"]])[] = [
  ...([1, 2, 5, 10, 17, 19, 20, "committed"] as const).map((moment) => ["cut-leg-a", moment] as const),
  ...([1, 3, 5, 6, "committed"] as const).map((moment) => ["leg-b-record", moment] as const),
  ...([1, 4, 6, "committed"] as const).map((moment) => ["write-verify", moment] as const),
  ...([1, 6, 7, 8, 9, "committed"] as const).map((moment) => ["lifecycle-enact", moment] as const),
  ...([1, 4, 8, 9, "committed"] as const).map((moment) => ["closeout", moment] as const),
];
const dialects: readonly Dialect[] = postgres ? ["sqlite", "postgres"] : ["sqlite"];
const TABLES = ["units", "sources", "manifests", "verifications", "lifecycle_log", "run_index", "receipts"];
const stateOf = async () => {
  const rows: Record<string, readonly unknown[]> = {};
  for (const table of TABLES) rows[table] = (await at.sql(`SELECT * FROM ${table}`)).map((row) => ({ ...row }));
  return rows;
};

test.each(dialects.flatMap((dialect) => MOMENTS.map((moment) => [dialect, ...moment] as const)))(
  "on %s, %s killed at %s leaves all or nothing, and goes on to the same end",
  async (dialect, phase, moment) => {
    at = await openPlace(dialect);
    const bytes = readFileSync(at.path);
    const earlier = CUT_PHASES[CUT_PHASES.indexOf(phase) - 1] as string;
    const run = await CutRun.ofDocument(at.operations, DOCUMENT, bytes, at.dialect).through(earlier);
    const before = await stateOf();

    expect(killed(run, phase, moment)).toBe("SIGKILL");

    if (moment === "committed") expect(await stateOf()).not.toEqual(before);
    else expect(await stateOf()).toEqual(before);
    await run.through();
    const { units, manifests, verifications, run_index, lifecycle_log, receipts } = await stateOf();
    const expected = readUnits(bytes).units;
    expect(units?.map((row) => (row as { address: string }).address).sort()).toEqual(
      expected.map(({ address }) => address).sort(),
    );
    expect(lifecycle_log).toHaveLength(expected.length);
    expect([manifests, verifications, run_index].map((rows) => rows?.length)).toEqual([1, 1, 1]);
    expect(receipts).toHaveLength(5);
    expect(run.outputs.at(-1)).toMatchObject({ state: "closeout_reported", enacted: expected.length });
  },
);

/** The signal that the process ended by. */
function killed(run: CutRun, phase: Kill["phase"], moment: Kill["at"]): string | null {
  const task = run.plan.tasks[CUT_PHASES.indexOf(phase)]?.id as string;
  const approval = CUT_PHASES.indexOf(phase) < CUT_PHASES.indexOf("lifecycle-enact") ? APPROVALS[0] : APPROVALS[1];
  const kill: Kill = {
    phase,
    input: run.inputOf(phase),
    context: {
      idempotencyKey: `${RUN}/${task}`,
      fence: 1,
      approval: approval?.[1] as NonNullable<Kill["context"]["approval"]>,
    },
    resources: at.resources,
    at: moment,
  };
  const file = join(at.folder, "kill.json");
  writeFileSync(file, JSON.stringify(kill));
  const script = fileURLToPath(new URL("./killed-phase.ts", import.meta.url));
  const ended = spawnSync(process.execPath, ["--conditions=@canonic/source", script, file], { encoding: "utf8" });
  if (ended.signal === null) throw new Error(`the process was not killed: ${ended.stderr}`);
  return ended.signal;
}
