/**
 * closeout: every earlier phase has left what it must leave; the run gets its summary and its line in the run index.
 *
 * @module
 */
import { type Digest, digestJson } from "@canonic/contracts";
import { type Connection, countOf, EXECUTOR } from "../database/connection.ts";
import { once } from "../database/receipts.ts";
import { demand } from "../stop.ts";
import { type Cut, checkPins } from "./cut.ts";
import { openPinned, type PhaseContext, type World, writerOf } from "./world.ts";

/** One pin of each phase whose trace is not in {@link Cut}: without it, that phase has not passed. */
export type CloseoutInput = Cut & {
  readonly regionDigest: Digest;
  readonly backup: string;
  readonly matrixDigest: Digest;
  readonly rowsDigest: Digest;
  readonly envelopeId: string;
  readonly verificationId: string;
  readonly enacted: number;
  readonly reviewDecision: string;
};

export async function closeout(input: CloseoutInput, context: PhaseContext, world: World) {
  checkPins(input);
  demand(input.enacted === input.count, "cutter.phase-missing", "lifecycle_enact");
  const writer = writerOf(context);
  const { rows: _rows, ...named } = input;
  const summaryDigest = digestJson({ ...named, run: writer.run });
  const { changeSet, count, document, version } = input;
  return openPinned(world, EXECUTOR, input, (connection) =>
    once(connection, writer, async () => {
      await checkTrail(connection, input, world);
      await connection.rows(
        `INSERT INTO run_index (run, document, version, change_set, units, state, summary)
         VALUES ($1, $2, $3, $4, $5, 'closeout_reported', $6)`,
        [writer.run, document, version, changeSet, count, summaryDigest],
      );
      return { adapter: world.adapter, changeSet, enacted: count, state: "closeout_reported", summaryDigest };
    }),
  );
}

/** What each writing phase left, asked of the database itself. */
async function checkTrail(connection: Connection, input: CloseoutInput, world: World): Promise<void> {
  const { changeSet, count, document, version } = input;
  const traces: readonly (readonly [phase: string, sql: string, values: readonly string[], wanted: number])[] = [
    [
      "cut_leg_a",
      "SELECT count(*) AS count FROM sources WHERE change_set = $1 AND document = $2 AND version = $3",
      [changeSet, document, version],
      1,
    ],
    [
      "leg_b_record",
      "SELECT count(*) AS count FROM manifests WHERE change_set = $1 AND envelope_id = $2",
      [changeSet, input.envelopeId],
      1,
    ],
    [
      "write_verify",
      "SELECT count(*) AS count FROM verifications WHERE change_set = $1 AND verification_id = $2",
      [changeSet, input.verificationId],
      1,
    ],
    [
      "lifecycle_enact",
      "SELECT count(*) AS count FROM units WHERE change_set = $1 AND status = 'enacted' AND review_decision = $2",
      [changeSet, input.reviewDecision],
      count,
    ],
    [
      "lifecycle_enact",
      "SELECT count(*) AS count FROM lifecycle_log WHERE change_set = $1 AND to_status = 'enacted'",
      [changeSet],
      count,
    ],
  ];
  for (const [phase, sql, values, wanted] of traces) {
    demand((await countOf(connection, sql, values)) === wanted, "cutter.phase-missing", phase);
  }
  const wanted = world.adapter === "simulator" ? "dry-run-marker" : "encrypted-dump";
  demand(input.backup === wanted, "cutter.phase-missing", "pre_write_backup");
}
