/**
 * The statements about a run of a log, signed: what its journal enters.
 *
 * Ed25519 signs without chance, so the same run and key give the same entries: entering them again adds nothing.
 *
 * @module
 */
import { type Digest, digestBytes } from "@canonic/contracts";
import { addCertificates, addEnvironments } from "../add-certificates.ts";
import { openContext } from "../export-bundle.ts";
import type { ExportOptions, ExportPart } from "../export-context.ts";
import { addLogEvents } from "../export-log-events.ts";
import { addArtifacts, addNamedByEvents, addOutputs } from "../export-record.ts";
import type { NoteSigner } from "../keys.ts";
import { assertSealed, readStatements, type StatementDraft } from "../statement-chain.ts";
import { statementsAbout } from "./about-run.ts";
import { preAuthEncoding } from "./dsse.ts";
import { readStatementEntry, writeStatementEntry } from "./entry.ts";

/** A run of a log that can be exported. */
export type StatedRun = Pick<ExportOptions, "storage" | "identity" | "run">;

/** What certificates are made of, as a bundle has it; then the certificates. */
const PARTS: readonly ExportPart[] = [
  addLogEvents,
  addArtifacts,
  addNamedByEvents,
  addOutputs,
  addEnvironments,
  addCertificates,
];

/**
 * Makes and signs all statements about a sealed run, in order.
 *
 * @param attestor - Signs for the log's keeper what the record says; a key that signs nothing else.
 * @throws {AuditError} `audit.run-not-sealed`, and as `exportBundle`.
 */
export async function signStatements(run: StatedRun, attestor: NoteSigner): Promise<readonly StatementDraft[]> {
  return (await signedBytesOf(run)).map((bytes) => {
    const digest = digestBytes(bytes);
    const entry = writeStatementEntry({ digest, signature: attestor.sign(bytes), publicKey: attestor.publicKey });
    return { entry, payloads: [{ digest, bytes }] };
  });
}

/**
 * How many statements about a sealed run its log does not have, whoever would sign them.
 *
 * @throws {AuditError} `audit.run-not-sealed`, and as `exportBundle`.
 */
export async function countUnstated(run: StatedRun): Promise<number> {
  const wanted = new Set<Digest>((await signedBytesOf(run)).map((bytes) => digestBytes(bytes)));
  for (const { bytes } of await readStatements(run.storage, run.run)) wanted.delete(readStatementEntry(bytes).digest);
  return wanted.size;
}

/** Of each statement, what a signature of it is made over. */
async function signedBytesOf(run: StatedRun): Promise<readonly Uint8Array[]> {
  await assertSealed(run.storage, run.run);
  const context = await openContext({ ...run, directory: "" });
  for (const part of PARTS) await part(context);
  return statementsAbout(context).map(({ payload }) => preAuthEncoding(payload));
}
