/**
 * The statements of a run into its bundle: all of them, or none.
 *
 * A log that is only read cannot enter what it does not have; then nothing is said, which is no fault of the run.
 *
 * @module
 */
import { CERTIFICATES } from "../bundle-layout.ts";
import type { ExportContext } from "../export-context.ts";
import { findStatements } from "./logged-statement.ts";
import { StatedEvents } from "./record.ts";
import { writeSigstoreBundle } from "./sigstore-bundle.ts";
import { statedCertificates } from "./stated-certificates.ts";
import { statementsOf } from "./statements-of.ts";

/** After certificates and checkpoint. */
export async function addStatements(context: ExportContext): Promise<void> {
  const { checkpoint, note, options, plan } = context;
  const { identity, run, storage } = options;
  const stated = new StatedEvents();
  for (const event of context.record.events) stated.next(event);
  const certificates = statedCertificates(context.files.get(CERTIFICATES));
  const record = stated.record({ origin: identity.origin, run, plan, certificates });
  if (record === undefined) return;
  const statements = statementsOf(record);
  const tree = { note, size: checkpoint.size, keys: [identity.signer, ...(identity.trusted ?? [])] };
  const logged = await findStatements(storage, run, statements, tree);
  for (const [at, statement] of (logged ?? []).entries()) {
    const path = statements[at]?.path;
    if (path !== undefined) context.add(path, writeSigstoreBundle(statement));
  }
}
