/**
 * lifecycle_enact: all drafts of a change set become enacted at once, under a review decision.
 *
 * @module
 */
import { type Connection, countOf, EXECUTOR } from "../database/connection.ts";
import { once } from "../database/receipts.ts";
import { demand } from "../stop.ts";
import { type Cut, checkPins, unitsOf } from "./cut.ts";
import { approvalOf, openPinned, type PhaseContext, type World, writerOf } from "./world.ts";

export type EnactInput = Cut & { readonly verificationId: string };

export async function lifecycleEnact(input: EnactInput, context: PhaseContext, world: World) {
  const { reviewDecision } = approvalOf(context, "SG_2");
  demand(reviewDecision !== null, "cutter.approval-missing", "review decision");
  checkPins(input);
  await unitsOf(input, world);
  const { changeSet, count } = input;
  return openPinned(world, EXECUTOR, input, (connection) =>
    once(connection, writerOf(context), async () => {
      await checkReady(connection, input, world);
      const enacted = await connection.rows(
        "UPDATE units SET status = 'enacted', review_decision = $2 WHERE change_set = $1 AND status = 'draft' RETURNING address",
        [changeSet, reviewDecision],
      );
      demand(enacted.length === count, "cutter.count-differs", `${enacted.length} enacted of ${count}`);
      const logged = await countOf(connection, ENACTMENTS, [changeSet, reviewDecision]);
      demand(logged === count, "cutter.count-differs", `${logged} lifecycle rows of ${count}`);
      return { adapter: world.adapter, changeSet, enacted: count, lifecycleRows: logged, reviewDecision };
    }),
  );
}

const ENACTMENTS = `SELECT count(*) AS count FROM lifecycle_log
  WHERE change_set = $1 AND from_status = 'draft' AND to_status = 'enacted' AND review_decision = $2`;

async function checkReady(connection: Connection, { changeSet, verificationId, count }: EnactInput, world: World) {
  const deltas = await world.triggerDeltas(connection);
  demand(deltas.length === 0, "cutter.triggers-disabled", ...deltas);
  const verified = "SELECT count(*) AS count FROM verifications WHERE change_set = $1 AND verification_id = $2";
  demand(
    (await countOf(connection, verified, [changeSet, verificationId])) === 1,
    "cutter.phase-missing",
    "write_verify",
  );
  const already = "SELECT count(*) AS count FROM units WHERE change_set = $1 AND status = 'enacted'";
  demand((await countOf(connection, already, [changeSet])) === 0, "cutter.already-enacted");
  const all = "SELECT count(*) AS count FROM units WHERE change_set = $1";
  demand((await countOf(connection, all, [changeSet])) === count, "cutter.count-differs");
}
