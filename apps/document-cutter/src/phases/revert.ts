/**
 * The compensation of a cut, in three phases: look, take back (after SG_R), look again.
 *
 * Invariants:
 *   R1. What is taken back is exactly one change set; the document's rows have afterwards the digest that they had before.
 *   R2. The trail stays: a revert adds to it and takes nothing from it.
 *
 * @module
 */
import { type Connection, countOf, EXECUTOR } from "../database/connection.ts";
import { once } from "../database/receipts.ts";
import { demand } from "../stop.ts";
import type { Compensation } from "./before-writing.ts";
import { changeSetOf, stateDigestOf } from "./cut.ts";
import { approvalOf, openPinned, type PhaseContext, type World, writerOf } from "./world.ts";

type RevertInput = { readonly compensation: Compensation };

const UNITS = "SELECT count(*) AS count FROM units WHERE change_set = $1";
const REVERTS = "SELECT count(*) AS count FROM reverts WHERE change_set = $1";
const REVERTED = "SELECT count(*) AS count FROM lifecycle_log WHERE change_set = $1 AND to_status = 'reverted'";

/** revert_probe: the change set is there, whole, not reverted, and the newest of its document. */
export async function revertProbe({ compensation }: RevertInput, _context: PhaseContext, world: World) {
  const { changeSet, count } = compensation;
  await openPinned(world, EXECUTOR, compensation, (connection) => checkRevertible(connection, compensation));
  return { adapter: world.adapter, changeSet, units: count };
}

/** revert_apply: deletes the units and the source of the change set, in one transaction. */
export async function revertApply({ compensation }: RevertInput, context: PhaseContext, world: World) {
  const { approval } = approvalOf(context, "SG_R");
  const writer = writerOf(context);
  const { changeSet, count } = compensation;
  return openPinned(world, EXECUTOR, compensation, (connection) =>
    once(connection, writer, async () => {
      await checkRevertible(connection, compensation);
      const add = "INSERT INTO reverts (change_set, run, approval) VALUES ($1, $2, $3)";
      await connection.rows(add, [changeSet, writer.run, approval]);
      const gone = await connection.rows("DELETE FROM units WHERE change_set = $1 RETURNING address", [changeSet]);
      demand(gone.length === count, "cutter.count-differs", `${gone.length} of ${count}`);
      await connection.rows("DELETE FROM sources WHERE change_set = $1", [changeSet]);
      return { adapter: world.adapter, changeSet, reverted: gone.length };
    }),
  );
}

/** revert_verify: the document's rows are what they were, and the log has a line for each unit that went. */
export async function revertVerify({ compensation }: RevertInput, _context: PhaseContext, world: World) {
  const { changeSet, count, document, stateBefore } = compensation;
  const state = await openPinned(world, EXECUTOR, compensation, async (connection) => {
    demand((await countOf(connection, REVERTS, [changeSet])) === 1, "cutter.phase-missing", "revert_apply");
    demand((await countOf(connection, UNITS, [changeSet])) === 0, "cutter.count-differs");
    demand((await countOf(connection, REVERTED, [changeSet])) === count, "cutter.count-differs", "lifecycle rows");
    return stateDigestOf(connection, document, "");
  });
  demand(state === stateBefore, "cutter.state-differs");
  return { adapter: world.adapter, changeSet, state };
}

async function checkRevertible(connection: Connection, compensation: Compensation): Promise<void> {
  const { changeSet, count, document, run, stateBefore, writerDigest } = compensation;
  demand(changeSet === changeSetOf(run, writerDigest), "cutter.pin-differs", "changeSet");
  demand((await countOf(connection, REVERTS, [changeSet])) === 0, "cutter.already-reverted");
  const units = await countOf(connection, UNITS, [changeSet]);
  demand(units === count, "cutter.count-differs", `${units} of ${count}`);
  const others = await stateDigestOf(connection, document, changeSet);
  demand(others === stateBefore, "cutter.state-differs");
}
