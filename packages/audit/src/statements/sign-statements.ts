/**
 * The statements about a run of a log, signed: what its journal enters.
 *
 * Ed25519 signs without chance, so the same run, certificates and key give the same entries: entering them again adds nothing.
 *
 * @module
 */
import { type Digest, digestBytes, Plan, parseCanonicalJson, type RunId } from "@canonic/contracts";
import { AuditError } from "../errors.ts";
import type { NoteSigner } from "../keys.ts";
import { readRun } from "../runs.ts";
import type { StatementDraft } from "../statement-chain.ts";
import type { LogReader } from "../storage.ts";
import { preAuthEncoding } from "./dsse.ts";
import { writeStatementEntry } from "./entry.ts";
import { type StatedCertificate, StatedEvents } from "./record.ts";
import { statementsOf } from "./statements-of.ts";

export interface SignRequest {
  readonly reader: LogReader;
  /** Of the log. */
  readonly origin: string;
  readonly run: RunId;
  /** Signs for the log's keeper what the record says; a key that signs nothing else. */
  readonly attestor: NoteSigner;
  readonly certificates: readonly StatedCertificate[];
}

/**
 * Makes and signs all statements about a sealed run, in order; none about one that is not sealed.
 *
 * @throws {AuditError} `audit.run-unknown`, `audit.log-damaged`, `audit.payload-missing` without the run's plan.
 */
export async function signStatements(request: SignRequest): Promise<readonly StatementDraft[]> {
  const { reader, origin, run, attestor, certificates } = request;
  const { events, chain } = await readRun(reader, run);
  const stated = new StatedEvents();
  for (const event of events) stated.next(event);
  const plan = await planOf(reader, chain.plan as Digest);
  const record = stated.record({ origin, run, plan, certificates });
  return (record === undefined ? [] : statementsOf(record)).map(({ payload }) => draftOf(payload, attestor));
}

async function planOf(reader: LogReader, digest: Digest): Promise<Plan> {
  const bytes = await reader.payload(digest);
  if (bytes !== undefined && digestBytes(bytes) === digest) return Plan.parse(parseCanonicalJson(bytes));
  throw new AuditError("audit.payload-missing", `the log has no payload \`${digest}\``, { digest });
}

function draftOf(payload: Uint8Array, attestor: NoteSigner): StatementDraft {
  const bytes = preAuthEncoding(payload);
  const digest = digestBytes(bytes);
  const entry = writeStatementEntry({ digest, signature: attestor.sign(bytes), publicKey: attestor.publicKey });
  return { entry, payloads: [{ digest, bytes }] };
}
