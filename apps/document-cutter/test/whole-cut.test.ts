import { readFileSync } from "node:fs";
import { afterEach, describe, expect, test } from "vitest";
import { readUnits } from "../src/document/read-units.ts";
import { connect as connectDryRun } from "../src/dryrun-operations.ts";
import { CutRun } from "./cut-run.ts";
import { contentOf, type Dialect, DOCUMENT, hasPostgres, openPlace, type Place } from "./databases.ts";

const postgres = await hasPostgres();
const places: Place[] = [];
const place = async (dialect: Dialect): Promise<Place> => {
  const opened = await openPlace(dialect);
  places.push(opened);
  return opened;
};
afterEach(async () => {
  for (const opened of places.splice(0)) await opened.close();
});

const dialects: readonly (readonly [Dialect])[] = [["sqlite"], ["postgres"]];

describe.each(dialects)("on %s", (dialect) => {
  test.skipIf(dialect === "postgres" && !postgres)(
    "eleven phases enact every unit of the document, byte for byte",
    async () => {
      const at = await place(dialect);
      const bytes = readFileSync(at.path);

      const run = await CutRun.ofDocument(at.operations, DOCUMENT, bytes, at.dialect).through();

      const units = readUnits(bytes).units;
      const rows = await at.sql("SELECT address, body, status, review_decision FROM units ORDER BY position");
      expect(rows.map((row) => ({ ...row }))).toEqual(
        units.map(({ address, body }) => ({
          address,
          body,
          status: "enacted",
          review_decision: "decision 7 of the board",
        })),
      );
      expect(run.outputs.at(-1)).toMatchObject({ adapter: dialect, enacted: units.length, state: "closeout_reported" });
    },
  );

  test.skipIf(dialect === "postgres" && !postgres)("a revert brings back the rows that were there before", async () => {
    const at = await place(dialect);
    await CutRun.ofDocument(at.operations, DOCUMENT, readFileSync(at.path), at.dialect).through();
    const before = await contentOf(at);
    const second = at.write(`${readFileSync(at.path, "utf8").replace("version: 2", "version: 3")}\nOne more.\n`);
    const run = "run_00000000000000000002";
    const cut = await CutRun.ofDocument(at.operations, DOCUMENT, second, at.dialect, run).through();
    expect(await contentOf(at)).not.toEqual(before);

    await CutRun.ofRevert(at.operations, cut, "run_00000000000000000003").through();

    expect(await contentOf(at)).toEqual(before);
  });
});

test("a dry run goes through all eleven phases, each in a process of its own, and leaves no file", async () => {
  const at = await place("sqlite");
  const bytes = readFileSync(at.path);
  const operations = connectDryRun(at.resources);

  const run = await CutRun.ofDocument(operations, DOCUMENT, bytes, "simulator").through();

  expect(run.outputs.at(-1)).toMatchObject({ adapter: "simulator", state: "closeout_reported" });
  expect(() => readFileSync(at.url(""))).toThrow(/ENOENT/);
});
