/**
 * leg_b_record: the manifest of a change set, signed by the executor, recorded once.
 *
 * @module
 */
import { canonicalJson, type JsonObject } from "@canonic/contracts";
import { countOf, EXECUTOR } from "../database/connection.ts";
import { once } from "../database/receipts.ts";
import { demand } from "../stop.ts";
import { type Cut, checkPins, unitsOf, uuidOf } from "./cut.ts";
import { openPinned, type PhaseContext, type World, writerOf } from "./world.ts";

/** What the executor signs: what was written, under which names. */
export function envelopeOf({ changeSet, count, document, sourceDigest, version, writerDigest }: Cut): JsonObject {
  const envelopeId = uuidOf({ changeSet, role: "manifest-envelope" });
  return {
    schema: "canonic-cutter/manifest/v1",
    changeSet,
    count,
    document,
    envelopeId,
    sourceDigest,
    version,
    writerDigest,
  };
}

export async function legBRecord(cut: Cut, context: PhaseContext, world: World) {
  checkPins(cut);
  await unitsOf(cut, world);
  const { changeSet } = cut;
  const envelope = envelopeOf(cut);
  const envelopeId = String(envelope["envelopeId"]);
  const signatureId = uuidOf({ changeSet, role: "executor-signature" });
  const key = world.keyOf(EXECUTOR);
  return openPinned(world, EXECUTOR, cut, (connection) =>
    once(connection, writerOf(context), async () => {
      const recorded = "SELECT count(*) AS count FROM manifests WHERE change_set = $1";
      demand((await countOf(connection, recorded, [changeSet])) === 0, "cutter.already-recorded");
      const written = "SELECT count(*) AS count FROM units WHERE change_set = $1 AND status = 'draft'";
      demand((await countOf(connection, written, [changeSet])) === cut.count, "cutter.count-differs");
      await connection.rows(
        `INSERT INTO manifests
         (change_set, envelope_id, signature_id, envelope, key_id, public_key, signature, principal)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
        [
          changeSet,
          envelopeId,
          signatureId,
          canonicalJson(envelope),
          key.keyId,
          key.publicKey,
          key.sign(envelope),
          connection.principal,
        ],
      );
      return { adapter: world.adapter, changeSet, envelopeId, executorKeyId: key.keyId, signatureId };
    }),
  );
}
