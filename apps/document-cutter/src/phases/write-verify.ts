/**
 * write_verify: a second principal, with its own session and its own key, verifies once what the first has written.
 *
 * Invariants:
 *   V1. The verifier reads the database and the manifest, not what the executor says: rows are digested again.
 *   V2. One change set is verified once; only the same effect, entered again, gives the same answer.
 *
 * @module
 */
import { canonicalJson, type Digest, digestBytes, parseCanonicalJson } from "@canonic/contracts";
import { type Connection, countOf, VERIFIER } from "../database/connection.ts";
import { once } from "../database/receipts.ts";
import { isSignedBy, keyIdOf, type SigningKey } from "../keys.ts";
import { demand } from "../stop.ts";
import { type Cut, checkPins, readChangeSet, toPlannedRow, unitsOf, uuidOf, writerDigestOf } from "./cut.ts";
import { envelopeOf } from "./leg-b-record.ts";
import { openPinned, type PhaseContext, type World, writerOf } from "./world.ts";

export type VerifyInput = Cut & { readonly envelopeId: string; readonly executorKeyId: Digest };

export async function writeVerify(input: VerifyInput, context: PhaseContext, world: World) {
  checkPins(input);
  await unitsOf(input, world);
  const { changeSet } = input;
  const key = world.keyOf(VERIFIER);
  demand(key.keyId !== input.executorKeyId, "cutter.same-principal", "one key");
  return openPinned(world, VERIFIER, input, (connection) =>
    once(connection, writerOf(context), async () => {
      const verified = "SELECT count(*) AS count FROM verifications WHERE change_set = $1";
      demand((await countOf(connection, verified, [changeSet])) === 0, "cutter.already-verified");
      await checkManifest(connection, input, key);
      await checkRows(connection, input);
      return record(connection, input, key, world);
    }),
  );
}

async function checkManifest(connection: Connection, input: VerifyInput, key: SigningKey): Promise<void> {
  const found = (await connection.rows("SELECT * FROM manifests WHERE change_set = $1", [input.changeSet]))[0];
  demand(found !== undefined, "cutter.manifest-differs", "no manifest");
  const [publicKey, keyId] = [String(found["public_key"]), String(found["key_id"])];
  demand(found["principal"] !== connection.principal, "cutter.same-principal", "one session user");
  demand(keyId !== key.keyId && keyIdOf(publicKey) !== key.keyId, "cutter.same-principal", "one key");
  demand(keyIdOf(publicKey) === keyId && keyId === input.executorKeyId, "cutter.manifest-differs", "key");
  const expected = envelopeOf(input);
  demand(found["envelope"] === canonicalJson(expected), "cutter.manifest-differs", "envelope");
  demand(found["envelope_id"] === input.envelopeId, "cutter.manifest-differs", "envelopeId");
  const envelope = parseCanonicalJson(String(found["envelope"]));
  demand(isSignedBy(publicKey, envelope, String(found["signature"])), "cutter.manifest-differs", "signature");
}

async function checkRows(connection: Connection, { changeSet, count, writerDigest }: Cut): Promise<void> {
  const rows = await readChangeSet(connection, changeSet);
  demand(rows.length === count, "cutter.count-differs", `${rows.length} of ${count}`);
  demand(
    rows.every(({ status }) => status === "draft"),
    "cutter.status-differs",
  );
  const bodies = rows.every((row) => digestBytes(String(row["body"])) === row["content_digest"]);
  demand(bodies && writerDigestOf(rows.map(toPlannedRow)) === writerDigest, "cutter.manifest-differs", "rows");
}

async function record(
  connection: Connection,
  { changeSet, envelopeId, writerDigest }: VerifyInput,
  key: SigningKey,
  world: World,
) {
  const verificationId = uuidOf({ changeSet, role: "verification" });
  const signatureId = uuidOf({ changeSet, role: "verifier-signature" });
  const statement = { schema: "canonic-cutter/verification/v1", changeSet, envelopeId, verificationId, writerDigest };
  await connection.rows(
    `INSERT INTO verifications
     (change_set, verification_id, signature_id, statement, key_id, public_key, signature, principal)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
    [
      changeSet,
      verificationId,
      signatureId,
      canonicalJson(statement),
      key.keyId,
      key.publicKey,
      key.sign(statement),
      connection.principal,
    ],
  );
  const { principal } = connection;
  return { adapter: world.adapter, changeSet, principal, signatureId, verificationId, verifierKeyId: key.keyId };
}
