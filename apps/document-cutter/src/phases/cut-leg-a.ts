/**
 * cut_leg_a: writes the units as drafts, all in one transaction or none.
 *
 * @module
 */
import { canonicalJson } from "@canonic/contracts";
import { type Connection, countOf, EXECUTOR } from "../database/connection.ts";
import { once } from "../database/receipts.ts";
import type { Unit } from "../document/unit.ts";
import { demand } from "../stop.ts";
import { type Cut, checkPins, UNIT_COLUMNS, unitsOf } from "./cut.ts";
import { approvalOf, openPinned, type PhaseContext, type World, writerOf } from "./world.ts";

export async function cutLegA(cut: Cut, context: PhaseContext, world: World) {
  const approval = approvalOf(context, "SG_1");
  const writer = writerOf(context);
  checkPins(cut);
  demand(cut.run === writer.run, "cutter.pin-differs", "run");
  const bodies = bodiesOf(cut, await unitsOf(cut, world));
  return openPinned(world, EXECUTOR, cut, (connection) =>
    once(connection, writer, async () => {
      await writeDrafts(connection, cut, bodies, { run: writer.run, approval: approval.approval });
      await checkDrafts(connection, cut);
      return { adapter: world.adapter, changeSet: cut.changeSet, count: cut.count, status: "draft" };
    }),
  );
}

/** The bodies by address, from the document as it is now; every one must be what its row says. */
function bodiesOf({ rows }: Cut, units: readonly Unit[]): ReadonlyMap<string, string> {
  const found = new Map(units.map((unit) => [unit.address, unit]));
  for (const { address, contentDigest } of rows) {
    demand(found.get(address)?.contentDigest === contentDigest, "cutter.drift", address);
  }
  demand(found.size === rows.length, "cutter.count-differs", `${found.size} units, ${rows.length} rows`);
  return new Map(units.map(({ address, body }) => [address, body]));
}

async function writeDrafts(
  connection: Connection,
  cut: Cut,
  bodies: ReadonlyMap<string, string>,
  from: { readonly run: string; readonly approval: string },
): Promise<void> {
  const { document, version, sourceDigest, writerDigest, changeSet, count } = cut;
  const found = await connection.rows("SELECT change_set FROM sources WHERE document = $1 AND version = $2", [
    document,
    version,
  ]);
  demand(found.length === 0, "cutter.already-cut");
  await connection.rows(
    `INSERT INTO change_sets (id, run, document, version, source_digest, writer_digest, units, approval)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
    [changeSet, from.run, document, version, sourceDigest, writerDigest, count, from.approval],
  );
  const addSource = "INSERT INTO sources (document, version, digest, change_set) VALUES ($1, $2, $3, $4)";
  await connection.rows(addSource, [document, version, sourceDigest, changeSet]);
  const addUnit = `INSERT INTO units (document, version, ${UNIT_COLUMNS})
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, 'draft')`;
  for (const row of cut.rows) {
    await connection.rows(addUnit, [
      document,
      version,
      row.address,
      row.order,
      row.kind,
      row.sectionType,
      canonicalJson(row.titlePath),
      bodies.get(row.address) as string,
      row.contentDigest,
      row.anchor.start,
      row.anchor.end,
      row.idempotencyKey,
      changeSet,
    ]);
  }
}

/** Counted in the database, not taken from what was sent. */
async function checkDrafts(connection: Connection, { changeSet, count }: Cut): Promise<void> {
  const all = await countOf(connection, "SELECT count(*) AS count FROM units WHERE change_set = $1", [changeSet]);
  demand(all === count, "cutter.count-differs", `${all} of ${count}`);
  const drafts = "SELECT count(*) AS count FROM units WHERE change_set = $1 AND status = 'draft'";
  demand((await countOf(connection, drafts, [changeSet])) === count, "cutter.status-differs");
}
